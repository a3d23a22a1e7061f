"""A person leaves, or takes back one part of what they agreed to."""

from datetime import datetime, timedelta

from django.db import transaction

from funnel.addresses import address_hash
from funnel.choices import (
    ConsentStep,
    CycleSource,
    LeadStage,
    LinkPurpose,
    OutboxKind,
    SuppressionReason,
)
from funnel.models import (
    AssessmentResult,
    Consent,
    CycleStatement,
    ErasurePermit,
    Lead,
    OptIn,
    OutboxEntry,
    PrivateLink,
    Suppression,
)
from funnel.queries.suppressions import newest_suppression

from .conflicts import retried_on_conflict
from .cycles import note_cycle
from .locks import locked_lead
from .outbox import enqueue_member

_STAGE_AFTER = {
    SuppressionReason.UNSUBSCRIBED: LeadStage.UNSUBSCRIBED,
    SuppressionReason.BOUNCED: LeadStage.BOUNCED,
    SuppressionReason.COMPLAINED: LeadStage.COMPLAINED,
}


@retried_on_conflict
def suppress_lead(*, lead_id: int, reason: SuppressionReason, source: str, now: datetime) -> None:
    """Record that nothing unasked may go to this lead any more, and tell the mail service.

    `now` is when the person acted. Asking twice is the same as asking once, unless a form was sent
    in between: then the second time is what keeps an open link from bringing the person back.
    """
    with transaction.atomic():
        lead = locked_lead(lead_id)
        stage = _STAGE_AFTER[reason]
        if lead.stage == stage and not _has_opted_in_since(lead):
            return
        Suppression.objects.create(
            address_hash=address_hash(lead.address_key), reason=reason, source=source, at=now
        )
        if reason == SuppressionReason.UNSUBSCRIBED:
            Consent.objects.create(
                lead=lead,
                step=ConsentStep.WITHDRAWN,
                at=now,
                covers_videos=True,
                covers_letters=True,
                covers_sharing_cycle=True,
            )
        lead.stage = stage
        lead.receives_letters = False
        lead.shares_cycle = False
        lead.save(update_fields=["stage", "receives_letters", "shares_cycle"])
        PrivateLink.objects.filter(
            lead=lead, purpose=LinkPurpose.CONFIRM, used_at=None, expires_at__gt=now
        ).update(expires_at=now)
        if OutboxEntry.objects.filter(lead=lead, kind=OutboxKind.MEMBER).exists():
            enqueue_member(lead=lead, now=now)


def _has_opted_in_since(lead: Lead) -> bool:
    newest = newest_suppression(lead=lead)
    return newest is None or lead.opt_ins.filter(submitted_at__gte=newest.at).exists()


def leave(*, lead_id: int, now: datetime) -> None:
    """One press on a mail's link: nothing unasked goes out from now on."""
    suppress_lead(
        lead_id=lead_id,
        reason=SuppressionReason.UNSUBSCRIBED,
        source="the link in a mail",
        now=now,
    )


@retried_on_conflict
def stop_sharing_cycle(*, lead_id: int, now: datetime) -> None:
    """Take back that the mail service may know the cycle; everything else stays agreed."""
    with transaction.atomic():
        lead = locked_lead(lead_id)
        if lead.shares_cycle:
            _take_back(lead, letters=False, now=now)


@retried_on_conflict
def stop_letters(*, lead_id: int, now: datetime) -> None:
    """Take back the letters alone; the videos stay open, and the mail service is told to stop."""
    with transaction.atomic():
        lead = locked_lead(lead_id)
        if lead.receives_letters:
            _take_back(lead, letters=True, now=now)


def _take_back(lead: Lead, *, letters: bool, now: datetime) -> None:
    """Withdraw the sharing of the cycle, and the letters with it where they are meant."""
    Consent.objects.create(
        lead=lead,
        step=ConsentStep.WITHDRAWN,
        at=now,
        covers_videos=False,
        covers_letters=letters,
        covers_sharing_cycle=True,
    )
    lead.receives_letters = lead.receives_letters and not letters
    lead.shares_cycle = False
    lead.save(update_fields=["receives_letters", "shares_cycle"])
    enqueue_member(lead=lead, now=now)


def pause(*, lead_id: int, duration: timedelta, now: datetime) -> None:
    """Let nothing unasked go out from here for a while; no duration ends a pause."""
    Lead.objects.filter(pk=lead_id).update(paused_until=now + duration if duration else None)


@retried_on_conflict
def forget_answers(*, lead_id: int, now: datetime) -> None:
    """Remove every answer a person gave about herself, here and at the mail service.

    Who presses this expects them gone, so they go from the append-only tables as well, under the
    permit of an erasure: cycles, the questionnaire's results, the choice on each form, and which
    words were shown for it. What stays is the date of this wish, which also keeps an older form,
    confirmed later, from bringing an answer back.
    """
    with transaction.atomic():
        lead = locked_lead(lead_id)
        permit = ErasurePermit.objects.create(lead=lead)
        for model in (CycleStatement, AssessmentResult):
            rows = model.objects.filter(lead=lead)
            rows._raw_delete(rows.db)
        OptIn.objects.filter(lead=lead).update(stated_cycle=None, call_to_action_variant=None)
        permit.delete()
        note_cycle(lead=lead, cycle=None, source=CycleSource.CHANGED, now=now)
