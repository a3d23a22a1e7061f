"""What every test may use."""

from datetime import UTC, datetime
from typing import Any

import pytest

from funnel.mailing.backends.locmem import LocmemService, service


@pytest.fixture
def now() -> datetime:
    """A fixed moment; tests never wait for one."""
    return datetime(2026, 5, 4, 21, 30, tzinfo=UTC)


@pytest.fixture(autouse=True)
def mail_service() -> LocmemService:
    """The mail service in memory, empty as each test begins."""
    service.reset()
    return service


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Keep tests together that share something expensive."""
    from tests.scheduling import ByPlace

    return ByPlace(config, log)
