"""Rows about leads, for tests: no real-looking people, fixed dates, the order of a true story.

A factory writes plain rows and calls no service, so that a test can also build states that the
services would refuse. `ConsentFactory` and `OptInFactory` make the rows they need around them.
"""

from datetime import UTC, datetime, timedelta
from typing import Any

import factory
from factory.django import DjangoModelFactory

from funnel.addresses import address_hash
from funnel.choices import (
    AttemptOutcome,
    CallToActionGoal,
    ConsentMode,
    ConsentStep,
    LeadStage,
    OutboxKind,
    OutboxState,
    SuppressionReason,
)
from funnel.models import (
    CallToAction,
    CallToActionVariant,
    Consent,
    ConsentWording,
    Lead,
    MemberRecord,
    OptIn,
    OutboxEntry,
    Segment,
    StuckCycle,
    Suppression,
    SyncAttempt,
    Video,
    VideoSeries,
)

FIRST_DAY = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
CONFIRMED_AFTER = timedelta(minutes=7)


class StuckCycleFactory(DjangoModelFactory[StuckCycle]):
    """A cycle besides the four that every database starts with."""

    class Meta:
        model = StuckCycle

    code = factory.Sequence(lambda n: f"cycle-{n}")
    name = factory.Sequence(lambda n: f"Cycle {n}")
    experience = factory.Sequence(lambda n: f"We go round and round, pattern {n}")
    mailchimp_tag = factory.LazyAttribute(lambda cycle: f"cycle-{cycle.code}")
    sort_order = 50


class VideoSeriesFactory(DjangoModelFactory[VideoSeries]):
    """A series without videos."""

    class Meta:
        model = VideoSeries

    name = factory.Sequence(lambda n: f"Series {n}")
    title = "Three short videos"
    mailchimp_tag = factory.Sequence(lambda n: f"offer-{n}")


class VideoFactory(DjangoModelFactory[Video]):
    """A video whose file is a handful of bytes."""

    class Meta:
        model = Video

    series = factory.SubFactory(VideoSeriesFactory)
    title = factory.Sequence(lambda n: f"Video {n}")
    file = factory.django.FileField(filename="video.mp4", data=bytes(range(256)) * 8)


class CallToActionFactory(DjangoModelFactory[CallToAction]):
    """An invitation to the free videos."""

    class Meta:
        model = CallToAction

    name = factory.Sequence(lambda n: f"Invitation {n}")
    heading = "Three short videos for the one who wants to change it"
    offer_line = "Three free five-minute videos"
    goal = CallToActionGoal.OPT_IN


class CallToActionVariantFactory(DjangoModelFactory[CallToActionVariant]):
    """Another heading for whoever is in one cycle; `cycle__code` names which."""

    class Meta:
        model = CallToActionVariant

    call_to_action = factory.SubFactory(CallToActionFactory)
    cycle = factory.SubFactory(StuckCycleFactory)
    heading = factory.LazyAttribute(lambda variant: f"For {variant.cycle.experience}")


class LeadFactory(DjangoModelFactory[Lead]):
    """A confirmed lead; the traits name the other stages."""

    class Meta:
        model = Lead

    class Params:
        pending = factory.Trait(stage=LeadStage.PENDING, confirmed_at=None)
        confirmed = factory.Trait(stage=LeadStage.CONFIRMED)
        unsubscribed = factory.Trait(stage=LeadStage.UNSUBSCRIBED)
        bounced = factory.Trait(stage=LeadStage.BOUNCED)
        complained = factory.Trait(stage=LeadStage.COMPLAINED)

    address = factory.Sequence(lambda n: f"Reader.{n}@mail.test")
    address_key = factory.LazyAttribute(lambda lead: lead.address.lower())
    first_name = factory.Sequence(lambda n: f"Reader {n}")
    stage = LeadStage.CONFIRMED
    current_cycle = None
    receives_letters = True
    shares_cycle = True
    created_at = factory.Sequence(lambda n: FIRST_DAY + timedelta(hours=n))
    confirmed_at = factory.LazyAttribute(lambda lead: lead.created_at + CONFIRMED_AFTER)


class OptInFactory(DjangoModelFactory[OptIn]):
    """One form sent from an article, through a call to action."""

    class Meta:
        model = OptIn

    lead = factory.SubFactory(LeadFactory)
    submitted_at = factory.LazyAttribute(lambda opt_in: opt_in.lead.created_at)
    first_name = factory.LazyAttribute(lambda opt_in: opt_in.lead.first_name)
    stated_cycle = factory.LazyAttribute(lambda opt_in: opt_in.lead.current_cycle)
    call_to_action = factory.SubFactory(CallToActionFactory)
    page_id = 7
    page_title = "Why we keep having the same fight"
    page_path = "/articles/the-same-fight/"


class ConsentWordingFactory(DjangoModelFactory[ConsentWording]):
    """The words of a form; the same words are the same row."""

    class Meta:
        model = ConsentWording
        django_get_or_create = ("digest",)

    mode = ConsentMode.ONE_PROMISE
    promise = "You get three videos by email, and a letter about twice a month."
    letters_label = ""
    first_used_at = FIRST_DAY - timedelta(days=1)
    digest = factory.LazyAttribute(
        lambda wording: ConsentWording.digest_of(
            mode=wording.mode, promise=wording.promise, letters_label=wording.letters_label
        )
    )


class ConsentFactory(DjangoModelFactory[Consent]):
    """The second step of an agreement unless `step` says otherwise; makes lead and opt-in."""

    class Meta:
        model = Consent

    class Params:
        requested = factory.Trait(
            step=ConsentStep.REQUESTED, at=factory.LazyAttribute(lambda row: row.lead.created_at)
        )
        withdrawn = factory.Trait(step=ConsentStep.WITHDRAWN, wording=None, opt_in=None)

    lead = factory.SubFactory(LeadFactory)
    opt_in = factory.SubFactory(OptInFactory, lead=factory.SelfAttribute("..lead"))
    wording = factory.SubFactory(ConsentWordingFactory)
    step = ConsentStep.CONFIRMED
    at = factory.LazyAttribute(lambda row: row.lead.created_at + CONFIRMED_AFTER)
    covers_videos = True
    covers_letters = True
    covers_sharing_cycle = True


class SuppressionFactory(DjangoModelFactory[Suppression]):
    """The fact that an address left; pass `address_key` for whose it is."""

    class Meta:
        model = Suppression

    class Params:
        address_key = "reader@mail.test"

    address_hash = factory.LazyAttribute(lambda row: address_hash(row.address_key))
    reason = SuppressionReason.UNSUBSCRIBED
    source = "a mail’s link"
    at = FIRST_DAY + timedelta(days=3)


class OutboxEntryFactory(DjangoModelFactory[OutboxEntry]):
    """A lead's state that waits for the worker; the traits name the other ends."""

    class Meta:
        model = OutboxEntry

    class Params:
        delivered = factory.Trait(
            state=OutboxState.DELIVERED,
            settled_at=factory.LazyAttribute(lambda entry: entry.created_at + timedelta(seconds=3)),
        )
        needs_attention = factory.Trait(
            state=OutboxState.NEEDS_ATTENTION,
            attempts=1,
            advice="Mailchimp refuses this address. Check it with the person.",
        )

    kind = OutboxKind.MEMBER
    lead = factory.SubFactory(LeadFactory)
    state = OutboxState.PENDING
    created_at = factory.LazyAttribute(lambda entry: entry.lead.created_at + CONFIRMED_AFTER)
    due_at = factory.LazyAttribute(lambda entry: entry.created_at)


class SyncAttemptFactory(DjangoModelFactory[SyncAttempt]):
    """One successful write to the mail service."""

    class Meta:
        model = SyncAttempt

    lead = factory.SubFactory(LeadFactory)
    kind = OutboxKind.MEMBER
    at = factory.LazyAttribute(lambda attempt: attempt.lead.created_at + CONFIRMED_AFTER)
    outcome = AttemptOutcome.DELIVERED
    fields = "status, FNAME, CONSENTED"
    status = 200


class MemberRecordFactory(DjangoModelFactory[MemberRecord]):
    """What the mail service has been told about a lead."""

    class Meta:
        model = MemberRecord

    lead = factory.SubFactory(LeadFactory)
    tags = factory.LazyFunction(lambda: ["cycle-reactive", "offer-free-videos"])
    remote_status = "subscribed"
    synced_at = factory.LazyAttribute(lambda record: record.lead.created_at + CONFIRMED_AFTER)


class SegmentFactory(DjangoModelFactory[Segment]):
    """A segment without rules, so of everybody."""

    class Meta:
        model = Segment

    name = factory.Sequence(lambda n: f"Group {n}")


def lead_with_story(**facts: Any) -> Lead:
    """A lead with everything a confirmed one has: opt-in, both steps, delivery and member record.

    `facts` go to `LeadFactory`; pass `opt_in__…` for the opt-in.
    """
    of_opt_in = {
        name.removeprefix("opt_in__"): facts.pop(name)
        for name in list(facts)
        if name.startswith("opt_in__")
    }
    lead = LeadFactory.create(**facts)
    opt_in = OptInFactory.create(lead=lead, **of_opt_in)
    ConsentFactory.create(lead=lead, opt_in=opt_in, requested=True)
    if lead.stage != LeadStage.PENDING:
        ConsentFactory.create(lead=lead, opt_in=opt_in)
        OutboxEntryFactory.create(lead=lead, delivered=True)
        SyncAttemptFactory.create(lead=lead)
        MemberRecordFactory.create(lead=lead)
    return lead
