"""What a person may do about what is kept: ask for it, change it, take parts of it back."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from funnel.addresses import Address
from funnel.choices import CycleSource, LinkPurpose, OutboxKind
from funnel.models import Lead, OutboxEntry, PrivateLink, StuckCycle

from .conflicts import retried_on_conflict
from .cycles import note_cycle
from .leads import lead_for
from .links import LIFETIMES, LinkProblemError, read_link, read_link_by_id
from .locks import locked_lead
from .outbox import enqueue_mail, enqueue_member


@dataclass(frozen=True, kw_only=True)
class Details:
    """What a person can change about herself."""

    first_name: str
    cycle: StuckCycle | None
    sender_choice: str
    wants_one_mail: bool


@retried_on_conflict
def ask_for_my_data(*, address: Address, now: datetime) -> None:
    """Ask that a fresh link be sent to an address that somebody typed.

    The same statements run for every address, so that nobody learns who is known here. A lead made
    for an unknown one is removed by the worker, which finds nothing to show.
    """
    with transaction.atomic():
        lead = lead_for(address, now=now)
        enqueue_mail(kind=OutboxKind.MY_DATA_MAIL, lead=lead, opt_in=None, now=now)


@retried_on_conflict
def ask_for_fresh_link(*, lead_id: int, now: datetime) -> None:
    """Ask for a fresh link from an older mail's link; it goes to the same address."""
    with transaction.atomic():
        lead = locked_lead(lead_id)
        enqueue_mail(kind=OutboxKind.MY_DATA_MAIL, lead=lead, opt_in=None, now=now)


def read_unopened(*, token: str, now: datetime) -> PrivateLink:
    """Return a fresh link that nobody has opened yet, or raise `LinkProblemError`."""
    link = read_link(purpose=LinkPurpose.MY_DATA, token=token, now=now)
    if link.used_at is not None:
        raise LinkProblemError
    return link


@retried_on_conflict
def open_my_data(*, token: str, now: datetime) -> PrivateLink:
    """Use up a fresh link: it opens one browser for half an hour, and ends every earlier one.

    Of two presses at once only one opens anything.
    """
    with transaction.atomic():
        link = read_unopened(token=token, now=now)
        locked_lead(link.lead_id)
        links = PrivateLink.objects.filter(lead_id=link.lead_id, purpose=LinkPurpose.MY_DATA)
        link.used_at, link.expires_at = now, now + LIFETIMES[LinkPurpose.MY_DATA]
        if not links.filter(pk=link.pk, used_at=None).update(
            used_at=link.used_at, expires_at=link.expires_at
        ):
            raise LinkProblemError
        links.exclude(pk=link.pk).filter(expires_at__gt=now).update(expires_at=now)
    return link


def close_my_data(*, link_id: int, now: datetime) -> None:
    """End the half hour of a page at once, in every browser that a copy of its cookie lies in."""
    PrivateLink.objects.filter(pk=link_id, expires_at__gt=now).update(expires_at=now)


def opened_link(*, link_id: int, now: datetime) -> PrivateLink:
    """Return the link that opened a browser's page, while its half hour lasts."""
    link = read_link_by_id(purpose=LinkPurpose.MY_DATA, link_id=link_id, now=now)
    if link.used_at is None:
        raise LinkProblemError
    return link


@retried_on_conflict
def change_details(*, lead_id: int, details: Details, now: datetime) -> None:
    """Make what the person says now the lead's facts; a changed cycle adds to the history."""
    with transaction.atomic():
        lead = locked_lead(lead_id)
        if details.cycle != lead.current_cycle:
            note_cycle(lead=lead, cycle=details.cycle, source=CycleSource.CHANGED, now=now)
        lead.first_name = details.first_name
        lead.sender_choice = details.sender_choice
        lead.wants_one_mail = details.wants_one_mail
        lead.save(update_fields=["first_name", "sender_choice", "wants_one_mail"])
        _tell_mail_service(lead, now=now)


def _tell_mail_service(lead: Lead, *, now: datetime) -> None:
    """Have the member looked at again, where the mail service may know of one."""
    if OutboxEntry.objects.filter(lead=lead, kind=OutboxKind.MEMBER).exists():
        enqueue_member(lead=lead, now=now)
