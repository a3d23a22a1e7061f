"""A sandbox, and our backend that talks to it through the official SDK."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from funnel.mailing.backends.mailchimp import MailchimpBackend
from funnel.mailing.base import Member
from funnel.sandbox.server import API_KEY, Sandbox, running_sandbox

CONFIRMED = datetime(2026, 5, 4, 21, 30, 59, 123456, tzinfo=UTC)


@pytest.fixture
def member() -> Callable[..., Member]:
    """Make a member; what a test does not say is Ada's."""

    def make(address: str = "Ada@mail.test", **facts: Any) -> Member:
        return Member(
            **{
                "address": address,
                "first_name": "Ada",
                "signed_up_at": CONFIRMED - timedelta(hours=1),
                "confirmed_at": CONFIRMED,
                "may_be_mailed": True,
                **facts,
            }
        )

    return make


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    """A Mailchimp of the test's own."""
    with running_sandbox() as running:
        yield running


@pytest.fixture
def backend(sandbox: Sandbox, settings: Any) -> MailchimpBackend:
    """Our backend, connected to the sandbox."""
    settings.FUNNEL = {
        **settings.FUNNEL,
        "MAILCHIMP_API_KEY": API_KEY,
        "MAILCHIMP_API_URL": sandbox.api_url,
    }
    return MailchimpBackend()
