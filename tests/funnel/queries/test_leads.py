"""Which leads a segment picks, who may read them, and what is told about each."""

from datetime import UTC, date, datetime

import pytest
from django.contrib.auth.models import AnonymousUser, Permission, User

from funnel.choices import LeadStage, OutboxState
from funnel.models import FunnelSettings, Lead, StuckCycle
from funnel.queries.lead_facts import facts_of, sync_sentence, with_listing_facts
from funnel.queries.leads import (
    SyncState,
    find_leads,
    in_sync_state,
    lead_counts,
    leads_in,
    may_export_leads,
    may_read_leads,
    visible_leads,
)
from tests.factories.leads import (
    CallToActionFactory,
    ConsentFactory,
    LeadFactory,
    OptInFactory,
    OutboxEntryFactory,
    SegmentFactory,
    lead_with_story,
)

pytestmark = pytest.mark.django_db


def user_with(*codenames: str) -> User:
    user = User.objects.create_user("+".join(codenames) or "nobody")
    user.user_permissions.set(Permission.objects.filter(codename__in=codenames))
    return User.objects.get(pk=user.pk)


def test_a_segment_without_rules_is_everybody() -> None:
    leads = {LeadFactory(), LeadFactory(pending=True)}
    assert set(leads_in(SegmentFactory())) == leads


def test_all_rules_of_a_segment_must_hold_and_each_lead_is_there_once() -> None:
    cycle = StuckCycle.objects.get(code="criticism")
    action = CallToActionFactory()
    match = LeadFactory(current_cycle=cycle, created_at=datetime(2026, 5, 2, 12, tzinfo=UTC))
    OptInFactory.create_batch(3, lead=match, call_to_action=action)
    for almost in (
        LeadFactory(current_cycle=None, created_at=match.created_at),
        LeadFactory(current_cycle=cycle, created_at=match.created_at, unsubscribed=True),
        LeadFactory(current_cycle=cycle, created_at=datetime(2026, 5, 9, 12, tzinfo=UTC)),
    ):
        OptInFactory(lead=almost, call_to_action=action)
    OptInFactory(lead=LeadFactory(current_cycle=cycle, created_at=match.created_at))
    segment = SegmentFactory(
        cycle=cycle,
        stage=LeadStage.CONFIRMED,
        call_to_action=action,
        seen_from=date(2026, 5, 1),
        seen_until=date(2026, 5, 3),
    )
    assert list(leads_in(segment)) == [match]
    assert lead_counts([segment, SegmentFactory()]) == {
        segment.pk: 1,
        segment.pk + 1: 5,
    }


def test_a_segments_days_begin_at_midnight_where_the_site_is() -> None:
    # New York is four hours behind UTC in May.
    before = LeadFactory(created_at=datetime(2026, 5, 3, 3, 59, tzinfo=UTC))
    first = LeadFactory(created_at=datetime(2026, 5, 3, 4, 0, tzinfo=UTC))
    last = LeadFactory(created_at=datetime(2026, 5, 4, 3, 59, tzinfo=UTC))
    after = LeadFactory(created_at=datetime(2026, 5, 4, 4, 0, tzinfo=UTC))
    day = date(2026, 5, 3)
    assert set(leads_in(SegmentFactory(seen_from=day, seen_until=day))) == {first, last}
    assert set(leads_in(SegmentFactory(seen_until=date(2026, 5, 2)))) == {before}
    assert set(leads_in(SegmentFactory(seen_from=date(2026, 5, 4)))) == {after}


def test_no_segments_are_no_counts() -> None:
    assert lead_counts([]) == {}


@pytest.mark.parametrize(
    ("codenames", "reads", "reads_where_off", "exports"),
    [
        ((), False, False, False),
        (("view_lead",), True, True, False),
        (("view_lead", "export_lead"), True, True, True),
        (("read_lead_where_allowed",), True, False, False),
        (("export_lead",), False, False, False),
        (("change_lead", "delete_lead"), False, False, False),
    ],
)
def test_reading_needs_a_permission_and_for_coaches_the_setting(
    codenames: tuple[str, ...], reads: bool, reads_where_off: bool, exports: bool
) -> None:
    LeadFactory()
    user = user_with(*codenames)
    assert may_read_leads(user) is reads
    assert visible_leads(user).count() == int(reads)
    assert may_export_leads(user) is exports
    settings = FunnelSettings.load()
    settings.coaches_read_leads = False
    settings.save()
    assert may_read_leads(User.objects.get(pk=user.pk)) is reads_where_off


def test_strangers_and_people_who_were_shut_out_read_nothing() -> None:
    assert not may_read_leads(AnonymousUser())
    gone = User.objects.create_superuser("gone")
    gone.is_active = False
    assert not may_read_leads(gone)


def test_each_sync_state_has_its_leads_and_every_lead_has_one() -> None:
    expected = {
        SyncState.IN_STEP: {OutboxEntryFactory(delivered=True).lead},
        SyncState.WAITING: {
            OutboxEntryFactory().lead,
            OutboxEntryFactory(
                state=OutboxState.IN_FLIGHT, token="t", lease_until=datetime(2026, 5, 3, tzinfo=UTC)
            ).lead,
        },
        SyncState.NEEDS_ATTENTION: {OutboxEntryFactory(needs_attention=True).lead},
        SyncState.NOT_SENT: {
            OutboxEntryFactory(state=OutboxState.NOT_NEEDED).lead,
            LeadFactory(pending=True),
        },
    }
    found = {state: set(Lead.objects.filter(in_sync_state(state))) for state in SyncState}
    assert found == expected


def test_a_person_is_found_by_address_or_name_whatever_the_case() -> None:
    lead = LeadFactory(address="Some.Body@mail.test", first_name="Óscar")
    LeadFactory(address="other@mail.test", first_name="Other")
    reader = user_with("view_lead")
    for words in ("some.body", "BODY@MAIL", "óscar", "ÓSCAR", "Óscar"):
        assert list(find_leads(words=words, user=reader)) == [lead], words
    assert list(find_leads(words="some.body", user=user_with())) == []


def test_both_steps_and_the_words_are_those_of_one_opt_in() -> None:
    lead = lead_with_story()
    later = OptInFactory(lead=lead, submitted_at=datetime(2027, 1, 1, tzinfo=UTC))
    ConsentFactory(
        lead=lead,
        opt_in=later,
        requested=True,
        at=datetime(2027, 1, 1, tzinfo=UTC),
        wording__promise="Words nobody confirmed.",
    )
    withdrawn = ConsentFactory(
        lead=lead, withdrawn=True, covers_letters=False, at=datetime(2027, 2, 1, tzinfo=UTC)
    )
    (told,) = with_listing_facts(Lead.objects.all())
    facts = facts_of(told)
    assert facts.wording is not None
    assert facts.wording.promise.startswith("You get three videos")
    assert facts.opt_in != later
    assert facts.requested is not None
    assert facts.requested.at == lead.created_at
    assert facts.confirmed is not None
    assert facts.confirmed.at == lead.confirmed_at
    assert facts.withdrawn == withdrawn


def test_a_lead_without_any_rows_has_no_facts() -> None:
    LeadFactory(pending=True)
    (bare,) = with_listing_facts(Lead.objects.all())
    facts = facts_of(bare)
    assert (facts.opt_in, facts.wording, facts.withdrawn, facts.member_entry) == (None,) * 4
    assert sync_sentence(bare) == "Not in Mailchimp: nothing is sent before the confirmation."
