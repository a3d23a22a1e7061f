"""Commits that fall between the reading of a generation and the keeping of a page."""

import contextlib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction

from cms.models import SiteSettings
from cms.page_cache.generation import FileGeneration
from cms.page_cache.watching import Watch, watch
from cms.wsgi import usual_charsets_only
from tests.cms.page_cache.conftest import Committed
from tests.cms.page_cache.visitors import Environ, Process


def rename(name: str) -> None:
    """Change something that every page shows."""
    settings = SiteSettings.load()
    settings.site_name = name
    settings.save()


@pytest.fixture
def during(first: Process) -> list[Any]:
    """Acts that happen after Django rendered a page and before it is kept, each once."""
    acts: list[Any] = []

    def application(environ: Environ, start_response: Any) -> Iterable[bytes]:
        response = usual_charsets_only(environ, start_response)
        if acts:
            acts.pop()()
        return response

    first.application = application
    return acts


def test_what_was_rendered_before_a_commit_is_not_kept_after_it(
    first: Process, during: list[Any], committed: Committed
) -> None:
    def commit() -> None:
        with committed():
            rename("New")

    during.append(commit)
    assert "New" not in first.get().text
    assert len(first.store) == 0
    assert "New" in first.get().text


def test_what_was_kept_between_a_commit_and_its_telling_is_not_served(
    first: Process, second: Process, editing: FileGeneration
) -> None:
    first.get()
    rename("New")
    assert "New" not in first.get().text, "nobody was told yet"
    second.get()
    editing.advance()
    for process in (first, second):
        assert "New" in process.get().text


def test_a_rollback_tells_nobody(
    first: Process, editing: FileGeneration, committed: Committed
) -> None:
    first.get()
    generation = editing.current()
    with committed(), contextlib.suppress(RuntimeError), transaction.atomic():
        rename("Never")
        raise RuntimeError
    assert editing.current() == generation
    assert "Never" not in first.get().text
    assert first.asked_django == ["/"]


def test_a_savepoint_that_is_kept_is_told_with_the_whole(
    editing: FileGeneration, committed: Committed
) -> None:
    generation = editing.current()
    with committed():
        with transaction.atomic():
            rename("New")
            with contextlib.suppress(RuntimeError), transaction.atomic():
                rename("Never")
                raise RuntimeError
        assert editing.current() == generation, "told before the commit"
    assert editing.current() != generation


def test_many_changes_of_one_commit_are_told_once(
    editing: FileGeneration, committed: Committed, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = []
    monkeypatch.setattr(editing, "advance", lambda: told.append(1))
    with committed():
        for name in "abc":
            rename(name)
    assert told == [1]
    with committed():
        rename("d")
    assert told == [1, 1]


class Autocommit:
    """As much of a connection as a statement outside any transaction needs."""

    alias = "default"
    execute_wrappers: list[Any] = []


def test_without_a_transaction_it_is_told_after_the_statement(
    generation_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    events: list[str] = []
    generation = FileGeneration(generation_file)
    monkeypatch.setattr(generation, "advance", lambda: events.append("told"))
    monkeypatch.setattr(
        "cms.page_cache.watching.transaction.on_commit",
        lambda tell, using, robust: tell(),
    )
    wrapper = Watch(Autocommit(), generation)  # type: ignore[arg-type]
    wrapper(lambda *_: events.append("written"), 'DELETE FROM "cms_topic"', (), False, {})
    assert events == ["written", "told"]


def test_who_commits_by_hand_is_told_at_once_and_again_at_the_end(
    generation_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[int] = []
    generation = FileGeneration(generation_file)
    monkeypatch.setattr(generation, "advance", lambda: told.append(1))

    def refuse(*_args: Any, **_kwargs: Any) -> None:
        raise transaction.TransactionManagementError

    monkeypatch.setattr("cms.page_cache.watching.transaction.on_commit", refuse)
    wrapper = Watch(Autocommit(), generation)  # type: ignore[arg-type]
    wrapper(lambda *_: None, 'DELETE FROM "cms_topic"', (), False, {})
    wrapper.tell()
    assert told == [1, 1]


def test_a_failing_statement_tells_nothing(editing: FileGeneration) -> None:
    def fail(*_args: Any) -> None:
        raise RuntimeError

    wrapper = watch(connection, generation=editing)
    with pytest.raises(RuntimeError):
        wrapper(fail, 'DELETE FROM "cms_topic"', (), False, {})
    generation = editing.current()
    wrapper.tell()
    assert editing.current() == generation


def test_what_another_s_failing_callback_kept_back_is_told_at_the_request_s_end(
    first: Process, editing: FileGeneration
) -> None:
    from cms.page_cache.watching import _tell_the_rest

    first.get()
    rename("New")
    _tell_the_rest()
    assert "New" in first.get().text


def test_a_connection_is_watched_once(editing: FileGeneration) -> None:
    before = list(connection.execute_wrappers)
    watch(connection, generation=editing)
    assert connection.execute_wrappers == before


def test_each_process_begins_with_a_new_generation(
    editing: FileGeneration, monkeypatch: pytest.MonkeyPatch
) -> None:
    from cms.page_cache import watching

    monkeypatch.setattr(watching, "site_generation", lambda: editing)
    monkeypatch.setattr(watching.connection_created, "connect", lambda *_a, **_k: None)
    monkeypatch.setattr(watching.request_finished, "connect", lambda *_a, **_k: None)
    before = editing.current()
    watching.watch_every_connection()
    assert editing.current() != before


def test_wagtail_s_own_memory_of_site_addresses_does_not_outlive_a_generation(
    first: Process, committed: Committed, monkeypatch: pytest.MonkeyPatch
) -> None:
    from wagtail.models import Site

    first.get()
    # The process that changes the site clears only its own memory: here it is another's.
    with committed(), monkeypatch.context() as patched:
        patched.setattr(Site, "clear_site_root_paths_cache", staticmethod(lambda: None))
        site = Site.objects.get()
        site.hostname, site.port = "example.test", 443
        site.save()
    assert '"https://example.test/"' in first.get().text
