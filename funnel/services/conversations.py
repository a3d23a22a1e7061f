"""Somebody would like to talk: the request comes in, is confirmed, and is worked through."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from funnel.addresses import Address
from funnel.choices import CallRequestState, ContactWay, LinkPurpose, OutboxKind
from funnel.models import CallRequest, Lead, PrivateLink
from funnel.queries.conversations import request_behind

from .conflicts import retried_on_conflict
from .leads import lead_for
from .links import LinkProblemError, read_link
from .locks import locked_lead
from .outbox import enqueue_mail


@dataclass(frozen=True, kw_only=True)
class CallWishes:
    """What a person wrote on the form, cleaned."""

    name: str = ""
    topic: str = ""
    times_that_suit: str = ""
    contact_way: str = ContactWay.EMAIL
    phone: str = ""
    may_leave_voicemail: bool = False
    shares_story: bool = False


@retried_on_conflict
def record_call_request(*, address: Address, wishes: CallWishes, now: datetime) -> CallRequest:
    """Write the request, its lead and the mail that asks to confirm it: all of them or none.

    The same statements run for every address. Nothing about a lead that exists changes, and nobody
    is told, before the mail's link is used.
    """
    with transaction.atomic():
        lead = lead_for(address, now=now)
        request = CallRequest.objects.create(
            lead=lead,
            name=wishes.name,
            topic=wishes.topic,
            times_that_suit=wishes.times_that_suit,
            contact_way=wishes.contact_way,
            phone=wishes.phone,
            may_leave_voicemail=wishes.may_leave_voicemail,
            shares_story=wishes.shares_story,
            requested_at=now,
        )
        enqueue_mail(
            kind=OutboxKind.CALL_CONFIRM_MAIL,
            lead=lead,
            opt_in=None,
            call_request=request,
            now=now,
        )
    return request


@retried_on_conflict
def confirm_call_request(*, token: str, now: datetime) -> CallRequest:
    """Confirm the request behind a mail's link, and tell the coach; a second press changes nothing.

    Raises `LinkProblemError` for a link that is unknown or expired, or whose request was taken
    back meanwhile.
    """
    with transaction.atomic():
        link = read_link(purpose=LinkPurpose.CALL, token=token, now=now)
        lead = locked_lead(link.lead_id)
        request = request_behind(link)
        if request is None:
            raise LinkProblemError
        PrivateLink.objects.filter(pk=link.pk, used_at=None).update(used_at=now)
        if request.confirmed_at is None:
            request.confirmed_at = now
            request.save(update_fields=["confirmed_at"])
            enqueue_mail(
                kind=OutboxKind.CALL_REQUEST_MAIL,
                lead=lead,
                opt_in=None,
                call_request=request,
                now=now,
            )
    return request


def move_call_request(*, request_id: int, state: CallRequestState, now: datetime) -> bool:
    """Note how far the coach has come with a confirmed request; return whether that was news."""
    confirmed = CallRequest.objects.filter(pk=request_id, confirmed_at__isnull=False)
    return bool(confirmed.exclude(state=state).update(state=state, state_changed_at=now))


def keep_note(*, request_id: int, note: str) -> None:
    """Keep what the coach wrote about a request for herself."""
    CallRequest.objects.filter(pk=request_id, confirmed_at__isnull=False).update(note=note)


@retried_on_conflict
def take_back_call_request(*, lead_id: int, request_id: int) -> None:
    """Remove a request whose sender has thought again, with the mails that wait about it."""
    with transaction.atomic():
        locked_lead(lead_id)
        CallRequest.objects.filter(pk=request_id, lead_id=lead_id).delete()


def stop_showing_story(*, lead: Lead) -> None:
    """Let the coach see neither cycle nor videos any more, whatever the requests said."""
    CallRequest.objects.filter(lead=lead, shares_story=True).update(shares_story=False)
