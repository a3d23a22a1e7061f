"""A person leaves, or takes back one part of what they agreed to."""

from datetime import datetime

from django.db import transaction

from funnel.addresses import address_hash
from funnel.choices import ConsentStep, LeadStage, LinkPurpose, OutboxKind, SuppressionReason
from funnel.models import Consent, Lead, OutboxEntry, PrivateLink, Suppression
from funnel.queries.suppressions import newest_suppression

from .conflicts import retried_on_conflict
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
        if not lead.shares_cycle:
            return
        Consent.objects.create(
            lead=lead,
            step=ConsentStep.WITHDRAWN,
            at=now,
            covers_videos=False,
            covers_letters=False,
            covers_sharing_cycle=True,
        )
        lead.shares_cycle = False
        lead.save(update_fields=["shares_cycle"])
        enqueue_member(lead=lead, now=now)
