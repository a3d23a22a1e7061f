"""What every test may use."""

from datetime import UTC, datetime

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
