"""Keeping the mail service in step with one lead: first decide, then tell.

`decide` is a pure function of facts. It is the only place that knows when a status may go out.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.urls import reverse
from django.utils.crypto import salted_hmac

from funnel.addresses import parse_address
from funnel.choices import (
    ConsentStep,
    LeadStage,
    LinkPurpose,
    OutboxKind,
    SenderChoice,
    SequenceOwner,
    SuppressionReason,
)
from funnel.conf import site_url
from funnel.mailing.base import MailingBackend, Member, MemberStatus, Receipt, RemoteMember
from funnel.models import Consent, FunnelSettings, Lead, MemberRecord
from funnel.queries.cycles import is_only_assessed
from funnel.queries.sequence import has_ended
from funnel.queries.suppressions import newest_suppression, standing_block

from .leaving import suppress_lead
from .links import LinkProblemError, create_link, read_link
from .locks import locked_lead

# Whoever has this tag wants mails that say little in a list of mails; marketing is to heed it.
NEUTRAL_TAG = "mails-neutral"
# Our own mails have come to their end; this starts whatever marketing has built to go on.
FINISHED_TAG = "series-finished"


@dataclass(frozen=True, kw_only=True)
class MemberFacts:
    """All that a decision rests on, read in one transaction just before a call.

    `consent` is the newest confirmed one that covers letters and was not withdrawn since.
    `announcing` and `announced` are ids of consents: told, perhaps, and told for sure.
    """

    stage: str
    consent_id: int | None
    consent_at: datetime | None
    suppressed_at: datetime | None
    is_blocked: bool
    announcing_id: int | None
    announced_id: int | None


@dataclass(frozen=True)
class Nothing:
    """Nothing about this person goes out; `reason` is for the list of deliveries."""

    reason: str


@dataclass(frozen=True)
class Announce:
    """A confirmed consent the service was not told of; `read_first` where it may know the person.

    After a lost answer, and after an earlier consent, the person may have left there since.
    """

    consent_id: int
    read_first: bool


@dataclass(frozen=True)
class Update:
    """The service knows of the consent; only facts go out."""


@dataclass(frozen=True)
class Unsubscribe:
    """The service may think that this person still wants letters."""


Decision = Nothing | Announce | Update | Unsubscribe


def decide(facts: MemberFacts) -> Decision:
    """Say what the mail service should be told, if anything.

    A status goes out once for each confirmed consent newer than the newest suppression; that is the
    only way a person comes back.
    """
    was_told = facts.announcing_id is not None or facts.announced_id is not None
    suppressed_since = (
        facts.suppressed_at is not None
        and facts.consent_at is not None
        and facts.suppressed_at >= facts.consent_at
    )
    may_be_mailed = (
        facts.stage == LeadStage.CONFIRMED
        and facts.consent_id is not None
        and not suppressed_since
        and not facts.is_blocked
    )
    if may_be_mailed and facts.consent_id is not None:
        if facts.announced_id == facts.consent_id:
            return Update()
        return Announce(facts.consent_id, read_first=was_told)
    if not was_told:
        return Nothing("This person has not agreed to letters, so nothing goes to Mailchimp.")
    if facts.is_blocked:
        return Nothing("Mail to this person bounced or was complained about.")
    return Unsubscribe()


def sync_member(
    *,
    lead_id: int,
    backend: MailingBackend,
    now: datetime,
    may_go_on: Callable[[], bool] = lambda: True,
) -> Receipt | Nothing:
    """Bring the mail service in step with this lead's facts of this moment.

    Returns the last receipt, or `Nothing` where nothing had to go out. Raises `MailingError`; every
    step that did succeed is on record by then, so that a retry repeats no act of consent.
    `may_go_on` is asked just before a status goes out: no longer, where another worker took over.
    """
    with transaction.atomic():
        lead = locked_lead(lead_id)
        if lead.outbox_entries.filter(kind=OutboxKind.ERASURE).exists():
            return Nothing("This person is about to be erased.")
        facts = _facts(lead, now=now)
        decision = decide(facts)
        if isinstance(decision, Announce):
            MemberRecord.objects.update_or_create(
                lead=lead, defaults={"announcing_id": decision.consent_id}
            )
    if isinstance(decision, Nothing):
        return decision
    member = _member(lead, facts, now=now)
    if isinstance(decision, Unsubscribe):
        return _unsubscribe(lead=lead, member=member, backend=backend, now=now)
    is_known = isinstance(decision, Update)
    if isinstance(decision, Announce) and decision.read_first:
        remote = backend.read(address=member.address)
        if remote is not None and _left_since(remote, facts):
            return _follow_remote(lead=lead, remote=remote, facts=facts, now=now)
        is_known = remote is not None and remote.status == MemberStatus.SUBSCRIBED
    if is_known:
        receipt = backend.update(member=member)
        if receipt.member is not None and receipt.member.status in _LEFT:
            return _follow_remote(lead=lead, remote=receipt.member, facts=facts, now=now)
    elif may_go_on():
        receipt = backend.announce(member=member)
    else:
        return Nothing("Another worker has taken this over.")
    if isinstance(decision, Announce):
        _note_announced(lead, decision.consent_id, receipt.member, now)
    tags = _set_tags(lead=lead, member=member, backend=backend, now=now)
    return Receipt(
        status=receipt.status, fields=(*receipt.fields, *tags.fields), member=receipt.member
    )


_LEFT = {
    MemberStatus.UNSUBSCRIBED: SuppressionReason.UNSUBSCRIBED,
    MemberStatus.BOUNCED: SuppressionReason.BOUNCED,
}


def _facts(lead: Lead, *, now: datetime) -> MemberFacts:
    withdrawn = (
        lead.consents.filter(step=ConsentStep.WITHDRAWN, covers_letters=True)
        .order_by("-at")
        .values_list("at", flat=True)
        .first()
    )
    consents = lead.consents.filter(step=ConsentStep.CONFIRMED, covers_letters=True)
    if withdrawn is not None:
        consents = consents.filter(at__gt=withdrawn)
    consent = consents.order_by("-at", "-pk").first()
    suppression = newest_suppression(lead=lead)
    record = MemberRecord.objects.filter(lead=lead).first()
    return MemberFacts(
        stage=lead.stage,
        consent_id=consent.pk if consent else None,
        consent_at=consent.at if consent else None,
        suppressed_at=suppression.at if suppression else None,
        is_blocked=standing_block(lead=lead, now=now) is not None,
        announcing_id=record.announcing_id if record else None,
        announced_id=record.announced_id if record else None,
    )


def address_at_service(lead: Lead) -> str:
    """The lead's address as mail services take it: as typed, but with an ASCII domain."""
    return lead.address if lead.address.isascii() else parse_address(lead.address).key


def _member(lead: Lead, facts: MemberFacts, *, now: datetime) -> Member:
    may_be_mailed = facts.consent_id is not None and lead.stage == LeadStage.CONFIRMED
    return Member(
        address=address_at_service(lead),
        first_name=lead.first_name,
        signed_up_at=lead.created_at,
        confirmed_at=facts.consent_at,
        may_be_mailed=may_be_mailed,
        videos_link=_videos_link(lead, now=now) if may_be_mailed else "",
    )


def _videos_link(lead: Lead, *, now: datetime) -> str:
    """Where Mailchimp sends the mails that follow: a link for them that opens the videos only.

    The same for a whole year, so that telling the same twice is telling it once. It is made from
    the site's secret, because the database keeps no token.
    """
    if FunnelSettings.load().sequence_owner != SequenceOwner.MAILCHIMP:
        return ""
    about = f"{lead.pk}.{lead.created_at.isoformat()}.{now.year}"
    token = salted_hmac("funnel.videos_link", about, algorithm="sha256").hexdigest()
    try:
        read_link(purpose=LinkPurpose.VIDEOS, token=token, now=now)
    except LinkProblemError:
        confirmed = lead.consents.filter(step=ConsentStep.CONFIRMED).order_by("-at", "-pk").first()
        create_link(
            purpose=LinkPurpose.VIDEOS,
            lead=lead,
            opt_in=confirmed.opt_in if confirmed else None,
            now=now,
            make_token=lambda: token,
        )
    return site_url() + reverse("funnel:open_videos", args=[token])


def _left_since(remote: RemoteMember, facts: MemberFacts) -> bool:
    """Whether the member left after the consent that a lost answer was about."""
    return (
        remote.status in _LEFT
        and remote.changed_at is not None
        and facts.consent_at is not None
        and remote.changed_at > facts.consent_at
    )


def _follow_remote(
    *, lead: Lead, remote: RemoteMember, facts: MemberFacts, now: datetime
) -> Nothing:
    """Let the leaving at the service stand here, unless the person has confirmed anew meanwhile."""
    with transaction.atomic():
        if _facts(locked_lead(lead.pk), now=now).consent_id != facts.consent_id:
            return Nothing("This person has confirmed anew; that goes out next.")
        MemberRecord.objects.filter(lead=lead).update(remote_status=remote.status, synced_at=now)
        suppress_lead(
            lead_id=lead.pk, reason=_LEFT[remote.status], source="the mail service", now=now
        )
    return Nothing("This person has left in Mailchimp; that stands here, too.")


def _note_announced(
    lead: Lead, consent_id: int, remote: RemoteMember | None, now: datetime
) -> None:
    MemberRecord.objects.filter(lead=lead).update(
        announced_id=consent_id,
        remote_status=remote.status if remote else MemberStatus.SUBSCRIBED,
        synced_at=now,
    )


def _unsubscribe(*, lead: Lead, member: Member, backend: MailingBackend, now: datetime) -> Receipt:
    """Mark the member as gone, and take off what it no longer agrees to share."""
    receipt = backend.unsubscribe(address=member.address)
    MemberRecord.objects.filter(lead=lead).update(
        remote_status=receipt.member.status if receipt.member else "", synced_at=now
    )
    if receipt.member is not None:
        _set_tags(lead=lead, member=member, backend=backend, now=now)
    return receipt


def desired_tags(lead: Lead) -> frozenset[str]:
    """Our tags for this lead: its cycle where that may be shared, and the series it asked for.

    And how its mails should show up, so that marketing's look no louder than ours. The words about
    sharing speak of the cycle that somebody chose, so one that was only assessed stays here.
    """
    tags = {NEUTRAL_TAG} if lead.sender_choice == SenderChoice.NEUTRAL else set()
    if lead.shares_cycle and lead.current_cycle is not None and not is_only_assessed(lead):
        tags.add(lead.current_cycle.mailchimp_tag)
    default = FunnelSettings.load().series
    confirmed = Consent.objects.filter(lead=lead, step=ConsentStep.CONFIRMED).select_related(
        "opt_in__call_to_action__series"
    )
    for consent in confirmed:
        action = consent.opt_in.call_to_action if consent.opt_in else None
        series = (action.series if action else None) or default
        if series is not None:
            tags.add(series.mailchimp_tag)
    return frozenset(tags)


def _set_tags(*, lead: Lead, member: Member, backend: MailingBackend, now: datetime) -> Receipt:
    """Set our tags; the ones that only we may remove are those this site has set itself.

    They are noted before the call as well as after it, so that a lost answer orphans no tag.
    """
    record = MemberRecord.objects.get(lead=lead)
    wanted, ours = desired_tags(lead), frozenset(record.tags) - {FINISHED_TAG}
    is_fresh = record.tagged_id != record.announced_id and lead.stage == LeadStage.CONFIRMED
    has_heard = {FINISHED_TAG} & set(record.tags)
    MemberRecord.objects.filter(pk=record.pk).update(tags=sorted(wanted | ours | has_heard))
    receipt = backend.set_tags(
        address=member.address, add=wanted, remove=ours - wanted, starts_journeys=is_fresh
    )
    MemberRecord.objects.filter(pk=record.pk).update(
        tags=sorted(wanted | has_heard), tagged_id=record.announced_id, synced_at=now
    )
    if not has_heard and lead.stage == LeadStage.CONFIRMED and has_ended(lead=lead):
        _tell_of_the_end(record=record, member=member, backend=backend, tags=wanted)
    return receipt


def _tell_of_the_end(
    *, record: MemberRecord, member: Member, backend: MailingBackend, tags: frozenset[str]
) -> None:
    """Set the tag that may start a journey of marketing's, on its own, and never take it back.

    It is noted after the call only: where the answer is lost, the same tag goes out again, which
    starts nothing on a member that has it.
    """
    finished = frozenset({FINISHED_TAG})
    backend.set_tags(address=member.address, add=finished, remove=frozenset(), starts_journeys=True)
    MemberRecord.objects.filter(pk=record.pk).update(tags=sorted(tags | finished))
