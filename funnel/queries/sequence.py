"""What is known of the mails that follow the first one."""

from datetime import datetime

from funnel.choices import LeadStage, OutboxKind, OutboxState, SequenceMailKind, SequenceOwner
from funnel.models import FunnelSettings, Lead, OutboxEntry, SequenceMail

from .suppressions import standing_block

OUTBOX_KINDS = {
    SequenceMailKind.NEXT_VIDEO: OutboxKind.NEXT_VIDEO_MAIL,
    SequenceMailKind.NUDGE: OutboxKind.NUDGE_MAIL,
    SequenceMailKind.INVITATION: OutboxKind.INVITATION_MAIL,
}
FOLLOWING = tuple(OUTBOX_KINDS.values())
# Why the invitation, which comes last, is left out where the series has come to its end.
TURNED_OFF = "This mail is turned off."
LEFT_OFF = "This person has stopped before the last video."


def sequence_mails() -> dict[str, SequenceMail]:
    """Return the coach's words for each mail that follows, by its kind."""
    return {mail.kind: mail for mail in SequenceMail.objects.all()}


def stop_reason(*, lead: Lead, now: datetime) -> str:
    """Say why no mail may follow to this person any more; empty where one may.

    A pause is none: it only puts off.
    """
    if lead.stage != LeadStage.CONFIRMED:
        return "This person has left since."
    if lead.outbox_entries.filter(kind=OutboxKind.ERASURE).exists():
        return "This person is about to be erased."
    if standing_block(lead=lead, now=now):
        return "Mail to this person bounced or was complained about."
    if lead.wants_one_mail:
        return "This person asked for a single mail."
    if lead.call_requests.filter(confirmed_at__isnull=False).exists():
        return "This person has asked for a conversation."
    if FunnelSettings.load().sequence_owner != SequenceOwner.HERE:
        return "Mailchimp sends the mails that follow."
    return ""


def has_ended(*, lead: Lead) -> bool:
    """Whether our mails to this person have come to their end, rather than been stopped."""
    last = OutboxEntry.objects.filter(lead=lead, kind=OutboxKind.INVITATION_MAIL)
    return (
        last.filter(state=OutboxState.DELIVERED).exists()
        or last.filter(state=OutboxState.NOT_NEEDED, advice__in=(TURNED_OFF, LEFT_OFF)).exists()
    )
