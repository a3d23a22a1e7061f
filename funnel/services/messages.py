"""The mails: what is written to whom, decided at the moment of sending."""

from datetime import datetime

from django.urls import reverse

from funnel.choices import ConsentStep, LeadStage, LinkPurpose
from funnel.conf import site_url
from funnel.mailing.base import Receipt
from funnel.models import Lead, OptIn, OutboxEntry
from funnel.queries.suppressions import newest_suppression, standing_block

from .links import create_link
from .mail import Message, send_message
from .members import Nothing

VIDEOS_SUBJECT = "Your link, to come back to"


def send_opt_in_mail(*, entry: OutboxEntry, now: datetime) -> Receipt | Nothing:
    """Answer an opt-in with what the person may get now: a confirmation, the videos, or nothing.

    A confirmed person whose opt-in brings nothing new is simply sent the videos again.
    """
    lead, opt_in = entry.lead, entry.opt_in
    if opt_in is None:
        return Nothing("The opt-in that this mail answers is gone.")
    if standing_block(lead=lead):
        return Nothing("Mail to this person bounced or was complained about.")
    newest = newest_suppression(lead=lead)
    if newest is not None and newest.at >= opt_in.submitted_at:
        return Nothing("This person has left since.")
    if lead.stage == LeadStage.CONFIRMED and not _brings_news(lead, opt_in):
        return send_message(_videos_message(lead=lead, opt_in=opt_in, now=now))
    _, token = create_link(purpose=LinkPurpose.CONFIRM, lead=lead, opt_in=opt_in, now=now)
    confirm_url = site_url() + reverse("funnel:confirm", args=[token])
    return send_message(
        Message(lead=lead, template="funnel/mail/confirm", context={"confirm_url": confirm_url})
    )


def send_videos_mail(*, entry: OutboxEntry, now: datetime) -> Receipt | Nothing:
    """Send the link to the videos, so that they can be watched again on any device."""
    lead = entry.lead
    if lead.stage != LeadStage.CONFIRMED or standing_block(lead=lead):
        return Nothing("This person has left since.")
    return send_message(_videos_message(lead=lead, opt_in=entry.opt_in, now=now))


def _videos_message(*, lead: Lead, opt_in: OptIn | None, now: datetime) -> Message:
    _, videos = create_link(purpose=LinkPurpose.VIDEOS, lead=lead, opt_in=opt_in, now=now)
    _, leaving = create_link(purpose=LinkPurpose.LEAVE, lead=lead, opt_in=None, now=now)
    leave_url = site_url() + reverse("funnel:leave", args=[leaving])
    return Message(
        lead=lead,
        template="funnel/mail/videos",
        context={
            "videos_url": site_url() + reverse("funnel:open_videos", args=[videos]),
            "leave_url": leave_url,
        },
        subject=VIDEOS_SUBJECT,
        leave_url=leave_url,
    )


def _brings_news(lead: Lead, opt_in: OptIn) -> bool:
    """Whether confirming this opt-in would change what is known or agreed."""
    requested = opt_in.consents.get(step=ConsentStep.REQUESTED)
    return (
        (requested.covers_letters and not lead.receives_letters)
        or (requested.covers_sharing_cycle and not lead.shares_cycle)
        or (opt_in.stated_cycle is not None and opt_in.stated_cycle_id != lead.current_cycle_id)
        or (opt_in.first_name not in ("", lead.first_name))
    )
