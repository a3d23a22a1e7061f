"""Claim, deliver, settle: killed workers, newer wishes, and backing off."""

from datetime import timedelta
from random import Random
from typing import Any

import pytest
from django.core import mail
from hypothesis import given
from hypothesis import strategies as st

from funnel.choices import AttemptOutcome, OutboxKind, OutboxState
from funnel.mailing import mailing_backend
from funnel.mailing.backends.locmem import LocmemBackend
from funnel.mailing.base import (
    MailingError,
    RefusedError,
    ServiceError,
    ThrottledError,
    UnreachableError,
)
from funnel.models import Lead, OutboxEntry, SyncAttempt
from funnel.services import delivery
from funnel.services.delivery import LEASE, backoff, claim_due, deliver_due
from funnel.services.leaving import leave
from funnel.services.outbox import enqueue_member


def test_a_claim_is_exclusive(visitor: Any) -> None:
    visitor.opt_in()
    assert len(claim_due(now=visitor.clock(), limit=10)) == 1
    assert claim_due(now=visitor.clock(), limit=10) == []


def test_a_dead_workers_entry_is_taken_over_after_its_lease(visitor: Any) -> None:
    visitor.opt_in()
    claim_due(now=visitor.clock(), limit=10)
    visitor.move(seconds=LEASE.total_seconds() - 1)
    assert visitor.work() == 0
    visitor.move(seconds=2)
    assert visitor.work() == 1
    assert len(mail.outbox) == 1


def test_a_worker_that_comes_back_late_settles_nothing(visitor: Any) -> None:
    visitor.opt_in()
    [stale] = claim_due(now=visitor.clock(), limit=10)
    visitor.move(seconds=LEASE.total_seconds() + 1)
    [fresh] = claim_due(now=visitor.clock(), limit=10)
    delivery._settle_failure(stale, error=RefusedError("late"), now=visitor.clock(), rng=Random(1))
    entry = OutboxEntry.objects.get()
    assert (entry.state, entry.token) == (OutboxState.IN_FLIGHT, fresh.token)
    assert not SyncAttempt.objects.exists()


def test_a_wish_during_a_delivery_is_delivered_after_it(
    visitor: Any, mail_service: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    lead = visitor.become_confirmed()
    original = LocmemBackend.update
    left = []

    def leave_meanwhile(self: LocmemBackend, **arguments: Any) -> Any:
        if not left:
            left.append(True)
            leave(lead_id=lead.pk, now=visitor.clock())
        return original(self, **arguments)

    monkeypatch.setattr(LocmemBackend, "update", leave_meanwhile)
    enqueue_member(lead=lead, now=visitor.clock())
    visitor.work()
    assert mail_service.members["ada@mail.test"].status == "unsubscribed"
    assert OutboxEntry.objects.get(kind=OutboxKind.MEMBER).state == OutboxState.DELIVERED


def test_a_worker_that_stops_gives_back_what_it_has_not_begun(visitor: Any) -> None:
    for number in range(3):
        visitor.opt_in(f"reader.{number}@mail.test")
    answers = iter([False, True, True])
    deliver_due(clock=visitor.clock, backend=mailing_backend(), is_stopping=lambda: next(answers))
    assert len(mail.outbox) == 1
    assert visitor.work() == 2
    assert len(mail.outbox) == 3


def test_a_temporary_error_is_tried_again_and_leaves_a_trace(
    visitor: Any, mail_service: Any
) -> None:
    visitor.opt_in()
    visitor.work()
    visitor.confirm()
    mail_service.failures += [ServiceError("a problem there", status=500, title="Oh")] * 3
    for _ in range(5):
        visitor.work()
        visitor.move(hours=1)
    assert "ada@mail.test" in mail_service.members
    outcomes = list(
        SyncAttempt.objects.filter(kind=OutboxKind.MEMBER)
        .order_by("pk")
        .values_list("outcome", "status")
    )
    assert outcomes == [(AttemptOutcome.RETRY, 500), (AttemptOutcome.DELIVERED, 200)]


def test_a_refusal_waits_for_a_person_with_advice(visitor: Any, mail_service: Any) -> None:
    visitor.opt_in()
    visitor.work()
    visitor.confirm()
    mail_service.failures.append(RefusedError("Check the address.", status=400, title="Fake"))
    visitor.work()
    entry = OutboxEntry.objects.get(kind=OutboxKind.MEMBER)
    assert (entry.state, entry.advice) == (OutboxState.NEEDS_ATTENTION, "Check the address.")
    visitor.move(days=30)
    visitor.work()
    entry.refresh_from_db()
    assert entry.state == OutboxState.NEEDS_ATTENTION
    assert not mail_service.members


def test_an_unforeseen_error_loses_nothing(
    visitor: Any, mail_service: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    visitor.opt_in()

    def explode(**_: Any) -> None:
        raise ZeroDivisionError

    with monkeypatch.context() as patch:
        patch.setitem(delivery.MAIL_WRITERS, OutboxKind.OPT_IN_MAIL, explode)
        visitor.work()
    assert OutboxEntry.objects.get().state == OutboxState.PENDING
    visitor.move(hours=1)
    visitor.work()
    assert len(mail.outbox) == 1


def test_a_retry_makes_way_for_a_newer_mail(visitor: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two waiting mails of a kind to one person would be one too many."""
    visitor.opt_in()
    [claim] = claim_due(now=visitor.clock(), limit=1)
    visitor.opt_in()
    delivery._settle_failure(claim, error=ServiceError("no"), now=visitor.clock(), rng=Random(1))
    states = OutboxEntry.objects.order_by("pk").values_list("state", flat=True)
    assert list(states) == [OutboxState.NOT_NEEDED, OutboxState.PENDING]


def test_a_limit_is_kept_and_the_oldest_go_first(visitor: Any) -> None:
    for number in range(5):
        visitor.opt_in(f"reader.{number}@mail.test")
        visitor.move(seconds=1)
    deliver_due(clock=visitor.clock, backend=mailing_backend(), limit=3)
    assert [message.to[0] for message in mail.outbox] == [
        f"reader.{number}@mail.test" for number in range(3)
    ]


def test_somebody_elses_repeated_opt_ins_do_not_flood_a_mailbox(visitor: Any) -> None:
    for _ in range(20):
        visitor.opt_in()
        visitor.work()
        visitor.move(minutes=10)
    assert len(mail.outbox) == 3
    assert Lead.objects.count() == 1


errors = st.sampled_from([ServiceError("a"), ThrottledError("b"), UnreachableError("c")])


@given(errors, st.integers(1, 10_000), st.randoms(use_true_random=False))
def test_backing_off_has_a_cap(error: MailingError, attempts: int, rng: Random) -> None:
    wait = backoff(error=error, attempts=attempts, rng=rng)
    assert timedelta(0) < wait <= timedelta(hours=1, seconds=1)
    if isinstance(error, UnreachableError):
        assert wait <= timedelta(seconds=16)
