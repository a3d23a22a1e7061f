"""Forgetting a person: at the mail service first, then here, in one transaction."""

from datetime import datetime

from django.db import transaction

from funnel.addresses import address_hash, parse_address
from funnel.choices import OutboxKind, OutboxState, SuppressionReason
from funnel.mailing.base import MailingBackend, ServiceError
from funnel.models import (
    AssessmentResult,
    CallRequest,
    Consent,
    CycleStatement,
    ErasurePermit,
    Lead,
    MemberRecord,
    OptIn,
    OutboxEntry,
    PrivateLink,
    SeriesRun,
    Suppression,
    SyncAttempt,
    VideoProgress,
)

from .conflicts import retried_on_conflict
from .locks import locked_lead
from .members import Nothing, address_at_service
from .outbox import enqueue_mail

_ROWS_OF_A_LEAD = (
    MemberRecord,
    PrivateLink,
    OutboxEntry,
    CallRequest,
    VideoProgress,
    SeriesRun,
    SyncAttempt,
    CycleStatement,
    AssessmentResult,
    Consent,
    OptIn,
)


@retried_on_conflict
def request_erasure(*, lead_id: int, now: datetime) -> None:
    """Ask that everything about this lead be erased; nothing else goes out to it from here on.

    The address is free at once: whoever opts in with it while the erasure waits is a new lead, and
    is not erased with the old one.
    """
    with transaction.atomic():
        lead = locked_lead(lead_id)
        waiting = OutboxEntry.objects.filter(lead=lead).exclude(kind=OutboxKind.ERASURE)
        waiting.exclude(state=OutboxState.IN_FLIGHT).delete()
        PrivateLink.objects.filter(lead=lead).delete()
        lead.address_key = f"erasing {lead.pk}"
        lead.save(update_fields=["address_key"])
        enqueue_mail(kind=OutboxKind.ERASURE, lead=lead, opt_in=None, now=now)


def erase_lead(*, lead_id: int, backend: MailingBackend, now: datetime) -> Nothing:
    """Erase a lead where it was sent to, then every row about it here.

    The address is needed for the mail service, so it goes last. What stays is a keyed hash, which
    no later import may bring back; a person who opts in again starts as new. The call can be
    repeated at any point.
    """
    lead = Lead.objects.get(pk=lead_id)
    under_way = OutboxEntry.objects.filter(
        lead=lead, state=OutboxState.IN_FLIGHT, lease_until__gt=now
    )
    if under_way.exclude(kind=OutboxKind.ERASURE).exists():
        raise ServiceError("A delivery about this person is under way; the erasure comes after it.")
    if MemberRecord.objects.filter(lead=lead).exists():
        backend.erase(address=address_at_service(lead))
    with transaction.atomic():
        locked_lead(lead_id)
        remove_rows(lead=lead)
        Suppression.objects.create(
            address_hash=address_hash(parse_address(lead.address).key),
            reason=SuppressionReason.ERASED,
            source="an erasure",
            at=now,
        )
    return Nothing("Everything about this person is erased.")


def remove_rows(*, lead: Lead) -> None:
    """Remove a lead and every row about it, in the caller’s transaction, which has it locked."""
    permit = ErasurePermit.objects.create(lead=lead)
    for model in _ROWS_OF_A_LEAD:
        rows = model.objects.filter(lead_id=lead.pk)
        rows._raw_delete(rows.db)
    Lead.objects.filter(pk=lead.pk).delete()
    permit.delete()
