"""Pages and pictures for tests; a page made here is published unless told otherwise."""

from datetime import UTC, date, datetime
from typing import Any

import factory
import wagtail_factories
from wagtail.models import Page

from cms.models import (
    ArticleIndexPage,
    ArticlePage,
    CyclePage,
    SiteImage,
    StandardPage,
    Topic,
)
from home.models import HomePage, StarterContent
from home.services.sites import prepare_site
from home.services.starter_content import Starter
from home.services.starter_pages import CYCLES

SITE_URL = "http://localhost:8000"
SELDOM_VISITED = (
    "page:videos",
    "page:contact",
    "page:safety",
    *(f"page:cycle {code}" for code in CYCLES),
    "menu",
    "signposts",
)


class SiteImageFactory(wagtail_factories.ImageFactory):
    """A small picture with a credit and a description."""

    class Meta:
        model = SiteImage

    title = factory.Sequence(lambda n: f"Picture {n}")
    description = "Two chairs at a window"
    credit = "Photo by Ada Sample"
    file = factory.django.ImageField(width=64, height=48, color="#775544")


class TopicFactory(factory.django.DjangoModelFactory[Topic]):
    """A topic."""

    class Meta:
        model = Topic

    name = factory.Sequence(lambda n: f"Topic {n}")
    slug = factory.Sequence(lambda n: f"topic-{n}")


class ArticlePageFactory(wagtail_factories.PageFactory):
    """An article; needs a `parent`."""

    class Meta:
        model = ArticlePage

    title = factory.Sequence(lambda n: f"Article {n}")
    introduction = "What one person can do."
    published_on = date(2026, 3, 2)
    first_published_at = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


class CyclePageFactory(wagtail_factories.PageFactory):
    """A page about a cycle; needs a `parent`, and a `cycle` if it is to have one."""

    class Meta:
        model = CyclePage

    title = factory.Sequence(lambda n: f"An experience {n}")


class StandardPageFactory(wagtail_factories.PageFactory):
    """A plain page; needs a `parent`."""

    class Meta:
        model = StandardPage

    title = factory.Sequence(lambda n: f"Page {n}")


def make_site(now: datetime, *, whole: bool = False, **kwargs: Any) -> HomePage:
    """Make the pages that every site has, as `manage.py prepare_site` does.

    Publishing a page takes its time, so that only a `whole` site gets those that few tests visit.
    """
    if not whole:
        StarterContent.objects.bulk_create(
            [StarterContent(key=key, given_at=now) for key in SELDOM_VISITED], ignore_conflicts=True
        )
    return prepare_site(starter=Starter(now=now), site_url=SITE_URL, **kwargs)


def article_list() -> ArticleIndexPage:
    """Return the site's list of articles."""
    page: ArticleIndexPage = ArticleIndexPage.objects.get()
    return page


def root() -> Page:
    """Return the root of the page tree."""
    page: Page = Page.get_first_root_node()
    return page
