"""A person is forgotten, here and at the mail service, and only a keyed hash stays."""

from typing import Any

from django.core import mail
from django.core.management import call_command

from funnel.addresses import address_hash
from funnel.choices import LeadStage
from funnel.mailing.base import UnreachableError
from funnel.models import (
    Consent,
    ErasurePermit,
    Lead,
    MemberRecord,
    OptIn,
    OutboxEntry,
    PrivateLink,
    Suppression,
    SyncAttempt,
)
from funnel.services.erasure import request_erasure

ABOUT_A_LEAD = (Lead, OptIn, Consent, SyncAttempt, OutboxEntry, PrivateLink, MemberRecord)


def test_everything_goes_and_a_hash_stays(visitor: Any, mail_service: Any) -> None:
    lead = visitor.become_confirmed(first_name="Ada", cycle="resentment")
    other = visitor.become_confirmed("grace@mail.test")
    visitor.opt_in("ada@mail.test")
    request_erasure(lead_id=lead.pk, now=visitor.clock())
    mail.outbox.clear()
    visitor.work()

    assert list(mail_service.members) == ["grace@mail.test"]
    assert mail.outbox == []
    for model in ABOUT_A_LEAD:
        owners = set(model.objects.values_list("pk" if model is Lead else "lead", flat=True))
        assert owners == {other.pk}
    assert Suppression.objects.get().address_hash == address_hash("ada@mail.test")
    assert "ada@" not in str(list(Suppression.objects.values()))
    assert not ErasurePermit.objects.exists()


def test_nothing_is_erased_here_before_it_is_erased_there(visitor: Any, mail_service: Any) -> None:
    lead = visitor.become_confirmed()
    request_erasure(lead_id=lead.pk, now=visitor.clock())
    mail_service.failures.append(UnreachableError("no answer"))
    visitor.work()
    assert Lead.objects.filter(pk=lead.pk).exists()
    visitor.move(minutes=1)
    visitor.work()
    assert not Lead.objects.exists()
    assert not mail_service.members


def test_who_was_erased_may_start_as_new(visitor: Any, mail_service: Any) -> None:
    lead = visitor.become_confirmed(first_name="Ada")
    request_erasure(lead_id=lead.pk, now=visitor.clock())
    visitor.work()
    visitor.move(days=1)
    fresh = visitor.become_confirmed()
    assert (fresh.pk != lead.pk, fresh.stage, fresh.first_name) == (
        True,
        LeadStage.CONFIRMED,
        "",
    )
    assert "ada@mail.test" in mail_service.members


def test_the_command_asks_for_the_address(visitor: Any, monkeypatch: Any) -> None:
    visitor.become_confirmed()
    monkeypatch.setattr("builtins.input", lambda _: " ADA@mail.test ")
    call_command("erase_lead")
    visitor.work()
    assert not Lead.objects.exists()
