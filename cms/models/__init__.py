"""The editorial core: articles, plain pages, pictures, topics and the site's own facts."""

from .articles import ArticleIndexPage, ArticlePage, Topic
from .cycles import CyclePage
from .images import SiteImage, SiteRendition
from .pages import StandardPage
from .settings import SiteSettings
from .signposts import SupportPlace, SupportSignpost

__all__ = [
    "ArticleIndexPage",
    "ArticlePage",
    "CyclePage",
    "SiteImage",
    "SiteRendition",
    "SiteSettings",
    "StandardPage",
    "SupportPlace",
    "SupportSignpost",
    "Topic",
]
