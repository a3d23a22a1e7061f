"""One generation in every process, whatever becomes of the file or of Redis."""

import logging
from pathlib import Path
from typing import Any

import pytest

from cms.page_cache.generation import REDIS_KEY, FileGeneration, RedisGeneration
from tests.cms.page_cache.visitors import Clock, Process, ask, environ_of


def test_processes_see_each_other_s_changes(tmp_path: Path) -> None:
    one, other = (FileGeneration(tmp_path / "generation") for _ in range(2))
    before = one.current()
    assert before
    assert other.current() == before
    other.advance()
    assert one.current() == other.current() != before


def test_a_process_that_starts_finds_the_generation_of_the_others(tmp_path: Path) -> None:
    before = FileGeneration(tmp_path / "generation").current()
    assert FileGeneration(tmp_path / "generation").current() == before


def test_without_a_folder_there_is_no_generation_and_no_complaint(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    generation = FileGeneration(tmp_path / "missing" / "generation")
    generation.advance()
    assert generation.current() is None
    assert not caplog.records
    assert not (tmp_path / "missing").exists()


def test_a_file_that_cannot_be_written_is_said_and_nothing_is_cached(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "generation").mkdir()
    generation = FileGeneration(tmp_path / "generation")
    with caplog.at_level(logging.ERROR):
        generation.advance(is_a_change=False)
        assert not caplog.records, "a command that only starts has nothing to say"
        generation.advance()
    assert generation.current() is None
    assert "could not be told" in caplog.text


def test_a_deleted_file_is_noticed_before_anything_is_kept(tmp_path: Path) -> None:
    one = FileGeneration(tmp_path / "generation")
    before = one.current()
    assert one.is_shared()
    (tmp_path / "generation").unlink()
    assert not one.is_shared()
    other = FileGeneration(tmp_path / "generation")
    other.advance()
    assert one.current() == other.current() != before


def test_whoever_advances_does_so_in_the_file_that_is_there(tmp_path: Path) -> None:
    one, other = (FileGeneration(tmp_path / "generation") for _ in range(2))
    one.current()
    (tmp_path / "generation").unlink()
    other.current()
    one.advance()
    assert one.current() == other.current()


class FakeRedis:
    """A Redis that can go away."""

    def __init__(self) -> None:
        self.is_away = False
        self.refusals = 0
        self.values: dict[str, bytes] = {}
        self.calls = 0

    def _answer(self) -> None:
        self.calls += 1
        self.refusals -= 1
        if self.is_away or self.refusals >= 0:
            raise ConnectionError

    def get(self, name: str) -> bytes | None:
        self._answer()
        return self.values.get(name)

    def set(self, name: str, value: bytes, nx: bool = False) -> None:
        self._answer()
        if not (nx and name in self.values):
            self.values[name] = value


def test_machines_meet_in_redis() -> None:
    redis = FakeRedis()
    one, other = RedisGeneration(redis), RedisGeneration(redis)
    before = one.current()
    assert before
    assert before == other.current()
    one.advance()
    assert one.current() == other.current() != before
    redis.values.clear()
    assert one.current() not in (None, before)


def test_while_redis_is_away_nothing_is_cached_and_nobody_waits() -> None:
    redis, clock = FakeRedis(), Clock()
    generation = RedisGeneration(redis, clock=clock)
    generation.current()
    redis.is_away = True
    assert generation.current() is None
    calls = redis.calls
    assert generation.current() is None
    assert redis.calls == calls
    redis.is_away = False
    clock.seconds += 2
    assert generation.current() is not None


def test_a_change_while_redis_was_away_is_told_when_it_is_back(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("cms.page_cache.generation.REDIS_REST_SECONDS", 0.0)
    redis, clock = FakeRedis(), Clock()
    generation = RedisGeneration(redis, clock=clock)
    before = generation.current()
    redis.is_away = True
    monkeypatch.setattr(RedisGeneration, "_keep_trying", lambda self: None)
    generation.advance()
    assert redis.values[REDIS_KEY] == before
    redis.is_away = False
    clock.seconds += 2
    assert generation.current() not in (None, before)
    assert redis.values[REDIS_KEY] != before


def test_a_process_that_is_never_asked_tells_it_by_itself(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("cms.page_cache.generation.REDIS_REST_SECONDS", 0.0)
    redis = FakeRedis()
    generation = RedisGeneration(redis)
    before = generation.current()
    redis.refusals = 3
    generation.advance()
    assert generation._teller is not None
    generation._teller.join(10)
    assert redis.values[REDIS_KEY] != before


def test_without_a_generation_the_site_still_answers() -> None:
    redis = FakeRedis()

    def application(_environ: Any, start_response: Any) -> list[bytes]:
        start_response("200 OK", [])
        return [b"page"]

    process = Process(RedisGeneration(redis), application)
    redis.is_away = True
    assert ask(process.cache, environ_of("/")).body == b"page"
    assert len(process.store) == 0
