"""What a listing or a file says about each lead, in as many queries for thousands as for one.

The rows are fetched beside the leads, a page or a batch at a time, so that the choice of the opt-in
that tells is written once, in Python, and costs nothing per lead in the database.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Prefetch, QuerySet
from django.utils import formats, timezone

from funnel.choices import ConsentStep, LeadStage, OutboxKind, OutboxState
from funnel.models import Consent, ConsentWording, Lead, OptIn, OutboxEntry


@dataclass(frozen=True)
class LeadFacts:
    """Source and consent of one opt-in, and the entry that brings the lead to the mail service.

    The opt-in is the one that was confirmed last, else the one sent last: anybody can type
    somebody's address into a form.
    """

    opt_in: OptIn | None
    requested: Consent | None
    confirmed: Consent | None
    withdrawn: Consent | None
    member_entry: OutboxEntry | None

    @property
    def wording(self) -> ConsentWording | None:
        """The words that the person saw and agreed to."""
        consent = self.requested or self.confirmed
        return consent.wording if consent else None


def with_listing_facts(queryset: QuerySet[Lead]) -> QuerySet[Lead]:
    """Fetch with the leads what `facts_of()` needs: four more queries for a page or a batch."""
    return queryset.select_related("current_cycle", "member_record").prefetch_related(
        Prefetch(
            "opt_ins",
            OptIn.objects.select_related("call_to_action", "call_to_action_variant__cycle"),
        ),
        Prefetch("consents", Consent.objects.select_related("wording")),
        Prefetch(
            "outbox_entries",
            OutboxEntry.objects.filter(kind=OutboxKind.MEMBER),
            to_attr="member_entries",
        ),
    )


def facts_of(lead: Any) -> LeadFacts:
    """Return the facts of a lead of `with_listing_facts()`; asks the database nothing."""
    consents: list[Consent] = list(lead.consents.all())
    opt_ins: list[OptIn] = list(lead.opt_ins.all())
    confirmed = _newest(consents, ConsentStep.CONFIRMED)
    opt_in_id = confirmed.opt_in_id if confirmed else (opt_ins[0].pk if opt_ins else None)
    opt_in = next((each for each in opt_ins if each.pk == opt_in_id), None)
    return LeadFacts(
        opt_in=opt_in,
        requested=_newest(
            (each for each in consents if each.opt_in_id == opt_in_id), ConsentStep.REQUESTED
        ),
        confirmed=confirmed,
        withdrawn=_newest(consents, ConsentStep.WITHDRAWN),
        member_entry=lead.member_entries[0] if lead.member_entries else None,
    )


def _newest(consents: Iterable[Consent], step: str) -> Consent | None:
    return max(
        (consent for consent in consents if consent.step == step),
        key=lambda consent: (consent.at, consent.pk),
        default=None,
    )


def sync_sentence(lead: Any) -> str:
    """Say in a plain sentence how a lead of `with_listing_facts()` stands with the mail service."""
    entry = facts_of(lead).member_entry
    state = entry.state if entry else None
    known = _what_is_known(lead)
    if entry and state == OutboxState.NEEDS_ATTENTION:
        return f"Needs attention: {entry.advice or 'look at the delivery attempts.'}"
    if state == OutboxState.IN_FLIGHT:
        return "Being sent to Mailchimp just now."
    if entry and state == OutboxState.PENDING:
        waiting = "Waiting to be sent to Mailchimp"
        if entry.attempts:
            times = "once" if entry.attempts == 1 else f"{entry.attempts} times"
            waiting = f"Waiting: tried {times}, next try {_moment(entry.due_at)}"
        return f"{waiting}. {known}." if known else f"{waiting}."
    if known:
        return f"{known}."
    if lead.stage == LeadStage.PENDING:
        return "Not in Mailchimp: nothing is sent before the confirmation."
    if lead.stage == LeadStage.CONFIRMED:
        return "Not in Mailchimp: this person has not agreed to letters."
    return "Not in Mailchimp."


def _what_is_known(lead: Any) -> str:
    record = getattr(lead, "member_record", None)
    if record is None or not record.remote_status:
        return ""
    tags = f", tags: {', '.join(map(str, record.tags))}" if record.tags else ", no tags"
    day = formats.date_format(timezone.localtime(record.synced_at), "j F Y")
    return f"In Mailchimp as {record.remote_status}, as of {day}{tags}"


def _moment(moment: datetime) -> str:
    return formats.date_format(timezone.localtime(moment), "j F, H:i")
