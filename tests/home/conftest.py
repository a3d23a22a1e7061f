"""A site with its first pages."""

from datetime import datetime

import pytest

from cms.models import ArticleIndexPage
from home.models import HomePage
from tests.factories.pages import article_list, make_site


@pytest.fixture
def home(db: None, now: datetime) -> HomePage:
    """The home page of a site that has just been prepared."""
    return make_site(now, whole=True)


@pytest.fixture
def articles(home: HomePage) -> ArticleIndexPage:
    """Its list of articles."""
    return article_list()
