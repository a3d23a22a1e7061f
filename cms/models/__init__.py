"""The editorial core: articles, plain pages, pictures, topics and the site's own facts."""

from .articles import ArticleIndexPage, ArticlePage, Topic
from .images import SiteImage, SiteRendition
from .pages import StandardPage
from .settings import SiteSettings

__all__ = [
    "ArticleIndexPage",
    "ArticlePage",
    "SiteImage",
    "SiteRendition",
    "SiteSettings",
    "StandardPage",
    "Topic",
]
