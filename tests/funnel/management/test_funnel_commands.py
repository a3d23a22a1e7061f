"""The funnel's commands, as a person or a program calls them."""

import json
from io import StringIO
from typing import Any

from django.core import mail
from django.core.management import call_command

from funnel.mailing.backends.locmem import LocmemBackend
from funnel.mailing.base import Health
from funnel.models import OutboxEntry


def status(**options: Any) -> str:
    out = StringIO()
    call_command("funnel_status", stdout=out, **options)
    return out.getvalue()


def test_the_status_has_the_promised_names(visitor: Any) -> None:
    visitor.become_confirmed()
    visitor.opt_in("grace@mail.test")
    figures = json.loads(status(json=True))
    assert (figures["leads"], figures["confirmed"]) == (2, 1)
    assert set(figures["outbox"]) == {
        "pending",
        "planned",
        "in_flight",
        "delivered",
        "needs_attention",
        "oldest_due_seconds",
    }
    assert figures["outbox"]["pending"] == 1
    assert set(figures["mailchimp"]) == {"ok", "reason"}


def test_the_status_says_when_the_mail_service_is_away(visitor: Any, monkeypatch: Any) -> None:
    away = Health(ok=False, reason="Mailchimp did not answer. It will be tried again.")
    monkeypatch.setattr(LocmemBackend, "health", lambda self: away)
    assert json.loads(status(json=True))["mailchimp"] == {"ok": False, "reason": away.reason}
    assert away.reason in status()


def test_one_round_of_the_worker_delivers_what_is_due(visitor: Any) -> None:
    visitor.opt_in()
    call_command("funnel_worker", once=True)
    assert len(mail.outbox) == 1
    assert not OutboxEntry.objects.filter(state="pending").exists()
