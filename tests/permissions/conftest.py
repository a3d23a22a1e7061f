"""Who tries every address of the admin, and what they are told."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.contrib.auth.models import Group, User
from django.db import transaction
from django.test import Client
from django.urls import reverse

from cms.roles import ensure_roles
from funnel.models import FunnelSettings
from tests.permissions.samples import LEAD_ADDRESS, LEAD_NAME, Samples, make_samples

ROLES = ("anonymous", "editor", "coach", "coach not reading", "marketing", "admin")
GROUP_OF = {
    "editor": "Editors",
    "coach": "Coach",
    "coach not reading": "Coach",
    "marketing": "Marketing",
}
# Enough of a form for an empty StreamField, without which Wagtail answers a page's form with 500.
FORM = {"body-count": "0"}
CLOSED_TO = ("anonymous", "editor", "coach not reading")
DENIED_WORDS = "you do not have permission"


@pytest.fixture
def samples(db: None) -> Samples:
    """One object of every kind."""
    ensure_roles()
    return make_samples(User.objects.create_superuser("maker"))


@pytest.fixture
def caller(samples: Samples) -> Callable[[str], Callable[[str, str], str]]:
    """Return a function from a role to a function from (method, path) to the word for the answer.

    Each call is undone, so that no answer depends on an earlier one.
    """

    def as_role(role: str) -> Callable[[str, str], str]:
        client = Client(raise_request_exception=False)
        if role != "anonymous":
            user = User.objects.create_user(
                f"the-{role}", email="role@staff.test", is_superuser=role == "admin"
            )
            if role in GROUP_OF:
                user.groups.add(Group.objects.get(name=GROUP_OF[role]))
            if role == "coach not reading":
                settings = FunnelSettings.load()
                settings.coaches_read_leads = False
                settings.save()
            client.force_login(user)
        session = {name: morsel.value for name, morsel in client.cookies.items()}

        def call(method: str, path: str) -> str:
            for name, value in session.items():
                client.cookies[name] = value
            with _undone():
                response = client.get(path) if method == "get" else client.post(path, FORM)
                if role in CLOSED_TO and _tells_of_the_lead(response):
                    return "LEAK"
                return word_for(response)

        return call

    return as_role


@contextmanager
def _undone() -> Iterator[None]:
    """Open a savepoint that is always rolled back."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def _tells_of_the_lead(response: Any) -> bool:
    body = b"".join(response) if response.streaming else response.content
    told = body.decode(errors="replace") + str(list(response.items()))
    return LEAD_ADDRESS.lower() in told.lower() or LEAD_NAME in told


def word_for(response: Any) -> str:
    """Say in a word what an answer lets its caller do.

    Wagtail sends people it refuses to the admin's front page with a message, so a redirect is only
    known for what it is by the message.
    """
    status = response.status_code
    if status in (301, 302, 303):
        if response["Location"].startswith(reverse("wagtailadmin_login")):
            return "login"
        told = " ".join(str(message) for message in _messages(response))
        return "denied" if DENIED_WORDS in told else "redirect"
    return {200: "ok", 201: "ok", 202: "ok", 204: "ok", 403: "denied", 500: "error"}.get(
        status, str(status)
    )


def _messages(response: Any) -> Iterator[Any]:
    request = getattr(response, "wsgi_request", None)
    yield from getattr(getattr(request, "_messages", None), "_queued_messages", ())
