"""A site with two processes, and a third that edits."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, connection
from wagtail.models import Page, Site

from cms.models import ArticleIndexPage
from cms.page_cache.generation import FileGeneration
from cms.page_cache.watching import watch
from cms.wsgi import usual_charsets_only
from home.models import HomePage
from tests.cms.page_cache.visitors import Process, process_at


@pytest.fixture
def home(db: None) -> HomePage:
    """A home page and nothing else: these tests ask for many sites."""
    page = HomePage(title="Unstuck", slug="front", introduction="For one of two.")
    Page.get_first_root_node().add_child(instance=page)
    Site.objects.update(hostname="localhost", port=8000, root_page=page)
    cache.clear()
    return page


@pytest.fixture
def articles(home: HomePage) -> ArticleIndexPage:
    """Its list of articles."""
    page = ArticleIndexPage(title="Articles", slug="articles")
    home.add_child(instance=page)
    return page


Committed = Callable[[], AbstractContextManager[Any]]


@pytest.fixture(autouse=True)
def open_connection() -> Iterator[None]:
    """Keep requests from closing the connection that holds the test's transaction."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture
def generation_file(tmp_path: Path) -> Path:
    """Where the processes of this test's site meet."""
    return tmp_path / "generation"


@pytest.fixture
def editing(db: None, generation_file: Path) -> Iterator[FileGeneration]:
    """Watch this test's connection, as the process of the admin or of the worker does."""
    generation = FileGeneration(generation_file)
    wrapper = watch(connection, generation=generation)
    yield generation
    connection.execute_wrappers.remove(wrapper)


@pytest.fixture
def committed(editing: FileGeneration, django_capture_on_commit_callbacks: Any) -> Committed:
    """`with committed():` is a transaction that ends well."""
    return lambda: django_capture_on_commit_callbacks(execute=True)


@pytest.fixture
def first(articles: ArticleIndexPage, generation_file: Path) -> Process:
    """A web process."""
    cache.clear()
    return process_at(generation_file, usual_charsets_only)


@pytest.fixture
def second(articles: ArticleIndexPage, generation_file: Path) -> Process:
    """Another one."""
    return process_at(generation_file, usual_charsets_only)
