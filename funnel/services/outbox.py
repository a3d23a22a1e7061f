"""Putting something into the outbox. Taking it out again is `delivery`'s."""

from contextlib import suppress
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import F

from funnel.choices import OutboxKind, OutboxState
from funnel.models import CallRequest, Lead, OptIn, OutboxEntry


def enqueue_mail(
    *,
    kind: OutboxKind,
    lead: Lead,
    opt_in: OptIn | None,
    now: datetime,
    call_request: CallRequest | None = None,
) -> None:
    """Ask for a mail, in the caller's transaction. One that is still waiting serves for both.

    The same statements run whether one waits or not. Where a worker takes the waiting entry between
    the two, the next round inserts a new one.
    """
    waiting = OutboxEntry.objects.filter(kind=kind, lead=lead, state=OutboxState.PENDING)
    updated = 0
    while not updated:
        entry = OutboxEntry(
            kind=kind,
            lead=lead,
            opt_in=opt_in,
            call_request=call_request,
            created_at=now,
            due_at=now,
        )
        OutboxEntry.objects.bulk_create([entry], ignore_conflicts=True)
        updated = waiting.update(
            opt_in=opt_in, call_request=call_request, revision=F("revision") + 1
        )


def retry_parked(*, now: datetime) -> int:
    """Make everything due again that waits for a person; return how many entries that is.

    For the day on which its cause has been mended. A mail for which a newer one waits stays.
    """
    retried = 0
    for entry in OutboxEntry.objects.filter(state=OutboxState.NEEDS_ATTENTION):
        with suppress(IntegrityError), transaction.atomic():
            retried += OutboxEntry.objects.filter(
                pk=entry.pk, state=OutboxState.NEEDS_ATTENTION
            ).update(state=OutboxState.PENDING, due_at=now, attempts=0, settled_at=None)
    return retried


def enqueue_member(*, lead: Lead, now: datetime) -> None:
    """Ask that the mail service learns this lead's present state.

    A lead has one such entry for good. A wish during a delivery raises `revision`, so that the
    delivery, when it settles, leaves the entry due again.
    """
    entry, created = OutboxEntry.objects.get_or_create(
        kind=OutboxKind.MEMBER, lead=lead, defaults={"created_at": now, "due_at": now}
    )
    if not created:
        make_due_again(entry_id=entry.pk, now=now)


def make_due_again(*, entry_id: int, now: datetime) -> None:
    """Let a new wish fall on a member's entry: due now, or as soon as its delivery settles."""
    entry = OutboxEntry.objects.filter(pk=entry_id)
    entry.update(revision=F("revision") + 1)
    entry.exclude(state=OutboxState.IN_FLIGHT).update(
        state=OutboxState.PENDING, due_at=now, attempts=0, advice="", settled_at=None
    )
