"""What every test may use."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.auth.models import User
from django.core.cache import caches
from django.test import Client
from playwright.sync_api import Browser, expect

from cms.sign_in.progress import PROOF
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


@pytest.fixture(autouse=True, scope="session")
def both_steps_are_taken() -> Iterator[None]:
    """`force_login` stands for the whole of a sign-in: the person has a second step and took it.

    What holds sessions without one is on in every test; tests of it take the proof away again.
    """
    password_only = Client.force_login

    def force_login(self: Client, user: User, backend: str | None = None) -> None:
        password_only(self, user, backend)
        step, _ = Authenticator.objects.get_or_create(
            user=user, type=Authenticator.Type.TOTP, defaults={"data": {"secret": "A" * 32}}
        )
        session = self.session
        session[PROOF] = step.pk
        session.save()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Client, "force_login", force_login)
        yield


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
