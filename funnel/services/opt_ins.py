"""An opt-in comes in, and is later confirmed by the mail's link."""

from dataclasses import dataclass, field
from datetime import datetime

from django.db import IntegrityError, transaction

from funnel.addresses import Address, is_disposable
from funnel.choices import (
    ConsentMode,
    ConsentStep,
    CycleSource,
    LeadStage,
    LinkPurpose,
    OutboxKind,
    SenderChoice,
)
from funnel.models import (
    AssessmentResult,
    CallToAction,
    CallToActionVariant,
    Consent,
    ConsentWording,
    Lead,
    OptIn,
    PrivateLink,
    StuckCycle,
)
from funnel.queries.assessments import Answered
from funnel.queries.suppressions import newest_suppression, standing_block

from .assessments import record_result
from .conflicts import retried_on_conflict
from .cycles import note_cycle
from .leads import lead_for
from .links import LinkProblemError, create_link, read_link
from .locks import locked_lead
from .outbox import enqueue_mail, enqueue_member
from .sequence import plan_mails
from .watching import start_run


@dataclass(frozen=True, kw_only=True)
class OptInSource:
    """Where an opt-in came from, as stated facts; what is unknown stays empty."""

    page_id: int | None = None
    page_title: str = ""
    page_path: str = ""
    call_to_action: CallToAction | None = None
    variant: CallToActionVariant | None = None
    landing_path: str = ""
    referring_host: str = ""
    utm: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class MailWishes:
    """How a person wants our mails to come; `time_zone` stays empty where no browser told it."""

    sender_choice: SenderChoice = SenderChoice.COACH
    wants_one_mail: bool = False
    time_zone: str = ""


@dataclass(frozen=True, kw_only=True)
class Agreement:
    """The words a person saw, and whether the box for the letters was ticked."""

    wording: ConsentWording
    wants_letters: bool = False

    @property
    def covers_letters(self) -> bool:
        """One promise covers the letters; otherwise the box decides."""
        return self.wording.mode == ConsentMode.ONE_PROMISE or self.wants_letters


@retried_on_conflict
def record_opt_in(
    *,
    address: Address,
    first_name: str,
    stated_cycle: StuckCycle | None,
    agreement: Agreement,
    source: OptInSource,
    wishes: MailWishes,
    now: datetime,
    answered: Answered | None = None,
) -> OptIn:
    """Write the opt-in, its lead, its consent and the mail it calls for: all of them or none.

    The same statements run for every address. A lead that exists stays untouched, because nobody
    has yet shown that the address is theirs; which mail goes out is decided when it is sent.
    """
    with transaction.atomic():
        lead = lead_for(address, now=now, first_name=first_name, cycle=stated_cycle)
        opt_in = OptIn.objects.create(
            lead=lead,
            submitted_at=now,
            first_name=first_name,
            stated_cycle=stated_cycle,
            call_to_action=source.call_to_action,
            call_to_action_variant=source.variant,
            page_id=source.page_id,
            page_title=source.page_title,
            page_path=source.page_path,
            landing_path=source.landing_path,
            referring_host=source.referring_host,
            sender_choice=wishes.sender_choice,
            wants_one_mail=wishes.wants_one_mail,
            time_zone=wishes.time_zone,
            is_disposable=is_disposable(address.key),
            **source.utm,
        )
        Consent.objects.create(
            lead=lead,
            opt_in=opt_in,
            wording=agreement.wording,
            step=ConsentStep.REQUESTED,
            at=now,
            covers_videos=True,
            covers_letters=agreement.covers_letters,
            covers_sharing_cycle=agreement.covers_letters,
        )
        if answered is not None:
            record_result(opt_in=opt_in, answered=answered, now=now)
        enqueue_mail(kind=OutboxKind.OPT_IN_MAIL, lead=lead, opt_in=opt_in, now=now)
    return opt_in


@retried_on_conflict
def confirm_opt_in(*, token: str, now: datetime) -> PrivateLink:
    """Confirm the opt-in behind a mail's link, and return a link that opens its videos.

    A link that was used before opens the videos again and changes nothing else, so that an old
    mail can't bring back somebody who has left since. Raises `LinkProblemError` for a link that is
    unknown or expired, or whose opt-in is older than the person's leaving.
    """
    with transaction.atomic():
        link = read_link(purpose=LinkPurpose.CONFIRM, token=token, now=now)
        lead = locked_lead(link.lead_id)
        opt_in = link.opt_in
        if opt_in is None:
            raise LinkProblemError
        if not _is_confirmed(opt_in):
            newest = newest_suppression(lead=lead)
            if newest is not None and newest.at >= opt_in.submitted_at:
                raise LinkProblemError
            _confirm(lead=lead, opt_in=opt_in, now=now)
        PrivateLink.objects.filter(pk=link.pk, used_at=None).update(used_at=now)
        videos_link, _ = create_link(purpose=LinkPurpose.VIDEOS, lead=lead, opt_in=opt_in, now=now)
    return videos_link


def _take_over(*, lead: Lead, opt_in: OptIn, requested: Consent, now: datetime) -> None:
    """Make what the confirmed opt-in says the lead's facts.

    What an unproven lead said may be a stranger's words, so a first confirmation keeps none of it.
    An opt-in sent before somebody took back the sharing of the cycle can't bring that back. A form
    that is sent as it came asks for nothing: it makes no mail louder, and none more frequent.
    """
    was_confirmed = lead.stage == LeadStage.CONFIRMED
    is_proven = lead.confirmed_at is not None
    lead.first_name = opt_in.first_name or (lead.first_name if is_proven else "")
    lead.current_cycle = lead.current_cycle if is_proven else None
    lead.receives_letters = requested.covers_letters or (was_confirmed and lead.receives_letters)
    taken_back_since = lead.consents.filter(
        step=ConsentStep.WITHDRAWN, covers_sharing_cycle=True, at__gte=opt_in.submitted_at
    ).exists()
    lead.shares_cycle = (requested.covers_sharing_cycle and not taken_back_since) or (
        was_confirmed and lead.shares_cycle
    )
    if opt_in.sender_choice == SenderChoice.NEUTRAL or not is_proven:
        lead.sender_choice = opt_in.sender_choice
    lead.wants_one_mail = opt_in.wants_one_mail or (is_proven and lead.wants_one_mail)
    lead.time_zone = opt_in.time_zone or (lead.time_zone if is_proven else "")
    lead.stage = LeadStage.CONFIRMED
    lead.confirmed_at = lead.confirmed_at or now
    lead.save()
    _note_cycles(lead=lead, opt_in=opt_in, now=now)


def _note_cycles(*, lead: Lead, opt_in: OptIn, now: datetime) -> None:
    """Keep apart what the person said and what the questionnaire made of her answers."""
    if opt_in.stated_cycle is not None:
        note_cycle(lead=lead, cycle=opt_in.stated_cycle, source=CycleSource.STATED, now=now)
    result = AssessmentResult.objects.filter(opt_in=opt_in).select_related("cycle").first()
    if result is not None and result.cycle is not None:
        note_cycle(lead=lead, cycle=result.cycle, source=CycleSource.ASSESSED, now=now)


def _is_confirmed(opt_in: OptIn) -> bool:
    return opt_in.consents.filter(step=ConsentStep.CONFIRMED).exists()


def _confirm(*, lead: Lead, opt_in: OptIn, now: datetime) -> None:
    requested = opt_in.consents.get(step=ConsentStep.REQUESTED)
    try:
        with transaction.atomic():
            Consent.objects.create(
                lead=lead,
                opt_in=opt_in,
                wording=requested.wording,
                step=ConsentStep.CONFIRMED,
                at=now,
                covers_videos=requested.covers_videos,
                covers_letters=requested.covers_letters,
                covers_sharing_cycle=requested.covers_sharing_cycle,
            )
    except IntegrityError:
        return
    if standing_block(lead=lead, now=now):
        return
    _take_over(lead=lead, opt_in=opt_in, requested=requested, now=now)
    start_run(lead=lead, opt_in=opt_in, now=now)
    enqueue_mail(kind=OutboxKind.VIDEOS_MAIL, lead=lead, opt_in=opt_in, now=now)
    plan_mails(lead=lead, now=now)
    if lead.receives_letters:
        enqueue_member(lead=lead, now=now)
