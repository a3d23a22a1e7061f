"""The mails about a request for a call and about one’s own data, decided as they are sent."""

from datetime import datetime

from django.db import transaction
from django.urls import reverse

from funnel.choices import LinkPurpose, SenderChoice
from funnel.conf import site_url
from funnel.mailing.base import Receipt
from funnel.models import FunnelSettings, Lead, OutboxEntry
from funnel.queries.suppressions import standing_block

from .erasure import remove_rows
from .links import create_link
from .locks import locked_lead
from .mail import Message, send_message
from .members import Nothing

CALL_SUBJECT = "A request for a call"
BLOCKED = Nothing("Mail to this person bounced or was complained about.")


def send_call_confirm_mail(*, entry: OutboxEntry, now: datetime) -> Receipt | Nothing:
    """Send the link that confirms a request for a call; it says nothing of what was written."""
    lead, request = entry.lead, entry.call_request
    if request is None:
        return Nothing("The request that this mail is about was taken back.")
    if request.confirmed_at is not None:
        return Nothing("The request is confirmed already.")
    if standing_block(lead=lead, now=now):
        return BLOCKED
    _, token = create_link(purpose=LinkPurpose.CALL, lead=lead, opt_in=None, now=now)
    return send_message(
        Message(
            lead=lead,
            template="funnel/mail/call_confirm",
            context={"confirm_url": site_url() + reverse("funnel:confirm_call", args=[token])},
            entry=entry,
            now=now,
        )
    )


def send_call_request_mail(*, entry: OutboxEntry, now: datetime) -> Receipt | Nothing:
    """Tell the coach of a confirmed request: a link to it, and nothing about the person."""
    request = entry.call_request
    if request is None:
        return Nothing("The request was taken back.")
    address = FunnelSettings.load().coach_address
    if not address:
        return Nothing(
            "The funnel settings name no address for requests; it waits in the list of requests."
        )
    path = reverse("funnel_call_requests:see", args=[request.pk])
    return send_message(
        Message(
            lead=entry.lead,
            to=address,
            sender_choice=SenderChoice.COACH,
            template="funnel/mail/call_request",
            context={"request_url": site_url() + path},
            subject=CALL_SUBJECT,
            neutral_subject=CALL_SUBJECT,
            entry=entry,
            now=now,
        )
    )


def send_my_data_mail(*, entry: OutboxEntry, now: datetime) -> Receipt | Nothing:
    """Send the fresh link; where nothing is kept about an address, it is forgotten again."""
    lead = entry.lead
    if standing_block(lead=lead, now=now):
        return BLOCKED
    if _forget_unknown(lead):
        return Nothing("Nothing is kept about this address.")
    _, token = create_link(purpose=LinkPurpose.MY_DATA, lead=lead, opt_in=None, now=now)
    return send_message(
        Message(
            lead=lead,
            template="funnel/mail/my_data",
            context={"my_data_url": site_url() + reverse("funnel:open_my_data", args=[token])},
            entry=entry,
            now=now,
        )
    )


def _forget_unknown(lead: Lead) -> bool:
    """Remove a lead that only the question itself has made, and say whether it was one."""
    with transaction.atomic():
        locked = locked_lead(lead.pk)
        is_known = (
            locked.opt_ins.exists() or locked.call_requests.exists() or locked.consents.exists()
        )
        if not is_known:
            remove_rows(lead=locked)
    return not is_known
