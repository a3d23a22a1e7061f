"""The mails: what is written to whom, decided at the moment of sending."""

from datetime import datetime

from django.urls import reverse

from funnel.choices import (
    ConsentStep,
    LeadStage,
    LinkPurpose,
    OutboxKind,
    SenderChoice,
    SequenceMailKind,
)
from funnel.conf import site_url
from funnel.mailing.base import Receipt
from funnel.models import Lead, OptIn, OutboxEntry, SequenceMail
from funnel.queries.assessments import assesses_anew
from funnel.queries.cycles import is_only_assessed
from funnel.queries.sequence import OUTBOX_KINDS, sequence_mails
from funnel.queries.suppressions import newest_suppression, standing_block

from .links import create_link
from .mail import Message, send_message
from .members import Nothing
from .pacing import Later
from .sequence import Wish, decide

VIDEOS_SUBJECT = "Your link, to come back to"
# An offer is nothing that somebody has asked for, and its subject does not say so.
NEUTRAL_INVITATION_SUBJECT = "After the link you asked for"
_SEQUENCE_KINDS = {outbox: kind for kind, outbox in OUTBOX_KINDS.items()}


def send_opt_in_mail(*, entry: OutboxEntry, now: datetime) -> Receipt | Nothing:
    """Answer an opt-in with what the person may get now: a confirmation, the videos, or nothing.

    A confirmed person whose opt-in brings nothing new is simply sent the videos again.
    """
    lead, opt_in = entry.lead, entry.opt_in
    if opt_in is None:
        return Nothing("The opt-in that this mail answers is gone.")
    if _is_being_erased(lead):
        return Nothing("This person is about to be erased.")
    if standing_block(lead=lead, now=now):
        return Nothing("Mail to this person bounced or was complained about.")
    newest = newest_suppression(lead=lead)
    if newest is not None and newest.at >= opt_in.submitted_at:
        return Nothing("This person has left since.")
    if lead.stage == LeadStage.CONFIRMED and not _brings_news(lead, opt_in):
        return send_message(_videos_message(entry=entry, now=now))
    _, token = create_link(purpose=LinkPurpose.CONFIRM, lead=lead, opt_in=opt_in, now=now)
    confirm_url = site_url() + reverse("funnel:confirm", args=[token])
    return send_message(
        Message(
            lead=lead,
            template="funnel/mail/confirm",
            context={"confirm_url": confirm_url},
            sender_choice=_choice_for_answer(lead, opt_in),
            entry=entry,
            now=now,
        )
    )


def send_videos_mail(*, entry: OutboxEntry, now: datetime) -> Receipt | Nothing:
    """Send the link to the videos, so that they can be watched again on any device."""
    lead = entry.lead
    if lead.stage != LeadStage.CONFIRMED or standing_block(lead=lead, now=now):
        return Nothing("This person has left since.")
    if _is_being_erased(lead):
        return Nothing("This person is about to be erased.")
    return send_message(_videos_message(entry=entry, now=now))


def send_following_mail(*, entry: OutboxEntry, now: datetime) -> Receipt | Nothing | Later:
    """Send one of the mails that follow, if it still should go and the hour is right."""
    decision = decide(entry=entry, now=now)
    if not isinstance(decision, Wish):
        return decision
    mail = sequence_mails()[_SEQUENCE_KINDS[OutboxKind(entry.kind)]]
    if mail.kind == SequenceMailKind.INVITATION:
        url = invitation_url()
    else:
        _, token = create_link(
            purpose=LinkPurpose.VIDEOS, lead=entry.lead, opt_in=entry.opt_in, now=now
        )
        url = site_url() + reverse("funnel:open_videos", args=[token])
    return send_message(
        following_message(
            mail=mail,
            lead=entry.lead,
            url=url,
            leave_url=_leave_url(lead=entry.lead, now=now),
            entry=entry,
            now=now,
        )
    )


def following_message(
    *,
    mail: SequenceMail,
    lead: Lead,
    url: str,
    leave_url: str,
    entry: OutboxEntry | None = None,
    now: datetime | None = None,
) -> Message:
    """Return one of the mails that follow, in the coach's words, for sending or for a preview."""
    is_invitation = mail.kind == SequenceMailKind.INVITATION
    return Message(
        lead=lead,
        template="funnel/mail/follow",
        context={"mail": mail, "paragraphs": paragraphs_of(mail.body), "url": url},
        subject=mail.subject,
        **({"neutral_subject": NEUTRAL_INVITATION_SUBJECT} if is_invitation else {}),
        leave_url=leave_url,
        entry=entry,
        now=now,
    )


def paragraphs_of(text: str) -> list[str]:
    """Return what stands between empty lines, each on one line."""
    blocks = text.replace("\r\n", "\n").split("\n\n")
    return [" ".join(block.split()) for block in blocks if block.strip()]


def invitation_url() -> str:
    """Where an invitation to talk leads: to the page that asks for a call, which knows nobody."""
    return site_url() + reverse("funnel:call_request")


def _videos_message(*, entry: OutboxEntry, now: datetime) -> Message:
    lead, opt_in = entry.lead, entry.opt_in
    _, videos = create_link(purpose=LinkPurpose.VIDEOS, lead=lead, opt_in=opt_in, now=now)
    return Message(
        lead=lead,
        template="funnel/mail/videos",
        context={
            "videos_url": site_url() + reverse("funnel:open_videos", args=[videos]),
            "is_only_mail": lead.wants_one_mail,
        },
        subject=VIDEOS_SUBJECT,
        leave_url=_leave_url(lead=lead, now=now),
        sender_choice=_choice_for_answer(lead, opt_in) if opt_in else "",
        entry=entry,
        now=now,
    )


def _leave_url(*, lead: Lead, now: datetime) -> str:
    _, token = create_link(purpose=LinkPurpose.LEAVE, lead=lead, opt_in=None, now=now)
    return site_url() + reverse("funnel:leave", args=[token])


def _choice_for_answer(lead: Lead, opt_in: OptIn) -> str:
    """How the answer to an opt-in shows up: as the form said, or as quietly as the person once did.

    Anybody can type an address into a form; nobody is to make its owner's mails louder by that.
    """
    was_neutral = lead.confirmed_at is not None and lead.sender_choice == SenderChoice.NEUTRAL
    return SenderChoice.NEUTRAL if was_neutral else opt_in.sender_choice


def _is_being_erased(lead: Lead) -> bool:
    return lead.outbox_entries.filter(kind=OutboxKind.ERASURE).exists()


def _brings_news(lead: Lead, opt_in: OptIn) -> bool:
    """Whether confirming this opt-in would change what is known or agreed."""
    requested = opt_in.consents.get(step=ConsentStep.REQUESTED)
    return (
        (requested.covers_letters and not lead.receives_letters)
        or (requested.covers_sharing_cycle and not lead.shares_cycle)
        or (opt_in.stated_cycle is not None and opt_in.stated_cycle_id != lead.current_cycle_id)
        or (opt_in.stated_cycle is not None and is_only_assessed(lead))
        or assesses_anew(opt_in)
        or (opt_in.first_name not in ("", lead.first_name))
        or (
            opt_in.sender_choice == SenderChoice.NEUTRAL
            and lead.sender_choice != SenderChoice.NEUTRAL
        )
        or (opt_in.wants_one_mail and not lead.wants_one_mail)
    )
