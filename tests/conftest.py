"""What every test may use."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from django.core.cache import caches
from playwright.sync_api import Browser, expect

from funnel.mailing.backends.locmem import LocmemService, service
from tests.journeys.chromium import PATIENCE, running_chromium


@pytest.fixture
def now() -> datetime:
    """A fixed moment; tests never wait for one."""
    return datetime(2026, 5, 4, 21, 30, tzinfo=UTC)


@pytest.fixture(autouse=True)
def mail_service() -> LocmemService:
    """The mail service in memory, empty as each test begins."""
    service.reset()
    return service


@pytest.fixture(autouse=True)
def nothing_remembered() -> None:
    """Forget what the process keeps of a database that each test's end takes back."""
    for cache in caches.all(initialized_only=True):
        cache.clear()


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One Chromium for all tests of a process: Playwright bears no second one in its thread."""
    expect.set_options(timeout=PATIENCE)
    with running_chromium() as browser:
        yield browser


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Keep tests together that share something expensive."""
    from tests.scheduling import ByPlace

    return ByPlace(config, log)
