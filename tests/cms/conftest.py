"""A site with its first pages."""

from datetime import datetime

import pytest
from django.urls import get_resolver

from cms.models import ArticleIndexPage
from home.models import HomePage
from tests.factories.pages import article_list, make_site


@pytest.fixture(autouse=True, scope="session")
def snippets_are_known() -> None:
    """Wagtail gets to know snippets while it builds its addresses; blocks choose from them."""
    assert get_resolver().url_patterns


@pytest.fixture
def home(db: None, now: datetime) -> HomePage:
    """The home page of a site that has just been prepared."""
    return make_site(now)


@pytest.fixture
def articles(home: HomePage) -> ArticleIndexPage:
    """Its list of articles."""
    return article_list()
