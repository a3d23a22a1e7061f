"""When a status may go out: the decision over all facts, and the calls it leads to."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from funnel.choices import (
    LeadStage,
    OutboxKind,
    OutboxState,
    SequenceOwner,
    SuppressionReason,
)
from funnel.mailing.backends import locmem
from funnel.mailing.backends.locmem import StoredMember
from funnel.mailing.base import MemberStatus, ServiceError, UnreachableError
from funnel.models import (
    FunnelSettings,
    MemberRecord,
    OutboxEntry,
    PrivateLink,
    StuckCycle,
    Suppression,
)
from funnel.services.erasure import request_erasure
from funnel.services.leaving import leave, stop_sharing_cycle, suppress_lead
from funnel.services.members import (
    Announce,
    MemberFacts,
    Nothing,
    Unsubscribe,
    Update,
    decide,
)
from funnel.services.outbox import enqueue_member

DAY = datetime(2026, 5, 4, tzinfo=UTC)
days = st.none() | st.integers(0, 5).map(lambda day: DAY + timedelta(days=day))
ids = st.none() | st.integers(1, 3)


@st.composite
def facts(draw: st.DrawFn) -> MemberFacts:
    consent_id = draw(ids)
    return MemberFacts(
        stage=draw(st.sampled_from(LeadStage.values)),
        consent_id=consent_id,
        consent_at=None if consent_id is None else draw(days.filter(bool)),
        suppressed_at=draw(days),
        is_blocked=draw(st.booleans()),
        announcing_id=draw(ids),
        announced_id=draw(ids),
    )


@given(facts())
def test_a_status_goes_out_for_a_newer_consent_only(given_facts: MemberFacts) -> None:
    decision = decide(given_facts)
    if isinstance(decision, Announce):
        assert given_facts.stage == LeadStage.CONFIRMED
        assert given_facts.consent_id == decision.consent_id != given_facts.announced_id
        assert given_facts.consent_at is not None
        assert not given_facts.is_blocked
        assert (
            given_facts.suppressed_at is None or given_facts.consent_at > given_facts.suppressed_at
        )


@given(facts())
def test_whom_the_service_may_know_is_looked_up_first(given_facts: MemberFacts) -> None:
    decision = decide(given_facts)
    if isinstance(decision, Announce):
        may_know = {given_facts.announcing_id, given_facts.announced_id} != {None}
        assert decision.read_first == may_know


@given(facts())
def test_nothing_is_told_of_somebody_who_never_agreed(given_facts: MemberFacts) -> None:
    if given_facts.announcing_id is None and given_facts.announced_id is None:
        decision = decide(given_facts)
        assert isinstance(decision, Announce | Nothing)
        if given_facts.consent_id is None:
            assert isinstance(decision, Nothing)


@given(facts())
def test_facts_go_out_only_for_who_may_be_mailed(given_facts: MemberFacts) -> None:
    decision = decide(given_facts)
    if given_facts.stage != LeadStage.CONFIRMED or given_facts.is_blocked:
        assert isinstance(decision, Nothing | Unsubscribe)
    if isinstance(decision, Update):
        assert given_facts.announced_id == given_facts.consent_id


def test_a_confirmed_lead_becomes_a_tagged_member(visitor: Any, mail_service: Any) -> None:
    visitor.become_confirmed(first_name="Ada", cycle="desperation")
    member = mail_service.members["ada@mail.test"]
    assert (member.status, member.first_name) == (MemberStatus.SUBSCRIBED, "Ada")
    assert member.tags == {"cycle-desperation", "offer-free-videos"}


def test_only_the_fresh_confirmation_starts_journeys(visitor: Any, mail_service: Any) -> None:
    lead = visitor.become_confirmed(cycle="desperation")
    assert mail_service.started_journeys == [
        ("ada@mail.test", "cycle-desperation"),
        ("ada@mail.test", "offer-free-videos"),
    ]
    StuckCycle.objects.filter(code="desperation").update(mailchimp_tag="asking")
    enqueue_member(lead=lead, now=visitor.clock())
    visitor.work()
    assert mail_service.members["ada@mail.test"].tags == {"asking", "offer-free-videos"}
    assert len(mail_service.started_journeys) == 2


def test_a_tag_of_somebody_else_stays(visitor: Any, mail_service: Any) -> None:
    lead = visitor.become_confirmed(cycle="desperation")
    mail_service.members["ada@mail.test"].tags.add("vip")
    visitor.opt_in(cycle="resentment")
    visitor.work()
    visitor.confirm()
    visitor.work()
    lead.refresh_from_db()
    assert lead.current_cycle.code == "resentment"
    assert mail_service.members["ada@mail.test"].tags == {
        "cycle-resentment",
        "offer-free-videos",
        "vip",
    }


def test_leaving_reaches_the_mail_service(visitor: Any, mail_service: Any) -> None:
    lead = visitor.become_confirmed()
    leave(lead_id=lead.pk, now=visitor.clock())
    visitor.work()
    assert mail_service.members["ada@mail.test"].status == MemberStatus.UNSUBSCRIBED
    assert len(mail_service.announced) == 1


def test_sharing_the_cycle_is_withdrawn_alone(visitor: Any, mail_service: Any) -> None:
    lead = visitor.become_confirmed(cycle="desperation")
    stop_sharing_cycle(lead_id=lead.pk, now=visitor.clock())
    visitor.work()
    member = mail_service.members["ada@mail.test"]
    assert (member.status, member.tags) == (MemberStatus.SUBSCRIBED, {"offer-free-videos"})
    lead.refresh_from_db()
    assert lead.current_cycle is not None


def test_a_lost_answer_is_not_repeated_when_it_had_arrived(visitor: Any, mail_service: Any) -> None:
    """Somebody unsubscribes between the call whose answer was lost and the retry."""
    visitor.opt_in()
    visitor.work()
    visitor.confirm()
    mail_service.failures.append(UnreachableError("no answer"))
    visitor.work()
    lead_record = MemberRecord.objects.get()
    assert (lead_record.announcing_id is not None, lead_record.announced_id) == (True, None)
    mail_service.members["ada@mail.test"] = StoredMember(
        address="ada@mail.test",
        status=MemberStatus.UNSUBSCRIBED,
        changed_at=visitor.clock() + timedelta(seconds=3),
    )
    visitor.move(minutes=1)
    visitor.work()

    assert mail_service.members["ada@mail.test"].status == MemberStatus.UNSUBSCRIBED
    lead_record.lead.refresh_from_db()
    assert lead_record.lead.stage == LeadStage.UNSUBSCRIBED
    assert mail_service.announced == []


def test_a_lost_answer_is_repeated_when_it_had_not_arrived(visitor: Any, mail_service: Any) -> None:
    visitor.opt_in()
    visitor.work()
    visitor.confirm()
    mail_service.failures.append(UnreachableError("no answer"))
    visitor.work()
    visitor.move(minutes=1)
    visitor.work()
    assert mail_service.members["ada@mail.test"].status == MemberStatus.SUBSCRIBED


def test_tags_that_failed_still_start_their_journeys(visitor: Any, mail_service: Any) -> None:
    visitor.opt_in(cycle="reactive")
    visitor.work()
    visitor.confirm()
    original = locmem.LocmemBackend.set_tags
    calls = []

    def fail_once(self: Any, **arguments: Any) -> Any:
        calls.append(arguments)
        if len(calls) == 1:
            raise ServiceError("a problem on their side")
        return original(self, **arguments)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(locmem.LocmemBackend, "set_tags", fail_once)
        visitor.work()
        visitor.move(minutes=1)
        visitor.work()
    assert len(mail_service.announced) == 1
    assert ("ada@mail.test", "cycle-reactive") in mail_service.started_journeys


def test_who_left_at_the_mail_service_has_left_here(visitor: Any, mail_service: Any) -> None:
    lead = visitor.become_confirmed()
    mail_service.members["ada@mail.test"].status = MemberStatus.UNSUBSCRIBED
    enqueue_member(lead=lead, now=visitor.clock())
    visitor.work()
    lead.refresh_from_db()
    assert lead.stage == LeadStage.UNSUBSCRIBED
    assert Suppression.objects.get().reason == SuppressionReason.UNSUBSCRIBED
    assert mail_service.members["ada@mail.test"].status == MemberStatus.UNSUBSCRIBED


@pytest.mark.parametrize("reason", [SuppressionReason.BOUNCED, SuppressionReason.COMPLAINED])
def test_a_bounce_or_complaint_stands_against_a_new_opt_in(
    visitor: Any, mail_service: Any, mailoutbox: list[Any], reason: SuppressionReason
) -> None:
    lead = visitor.become_confirmed()
    suppress_lead(lead_id=lead.pk, reason=reason, source="a test", now=visitor.clock())
    mailoutbox.clear()
    visitor.move(days=1)
    visitor.opt_in()
    visitor.work()
    assert mailoutbox == []
    assert len(mail_service.announced) == 1


class TestWhereMailchimpSendsWhatFollows:
    @pytest.fixture(autouse=True)
    def mailchimp_sends(self, db: None) -> None:
        FunnelSettings.load()
        FunnelSettings.objects.update(sequence_owner=SequenceOwner.MAILCHIMP)

    def test_the_member_carries_a_link_that_opens_the_videos_only(
        self, visitor: Any, mail_service: Any
    ) -> None:
        visitor.become_confirmed()
        link = mail_service.members["ada@mail.test"].videos_link
        path = link.removeprefix("http://localhost:8000")
        assert path.startswith("/free-videos/open/")
        assert visitor.client.get(path).status_code == 303
        token = path.rstrip("/").rpartition("/")[2]
        assert token not in {each.token_digest for each in PrivateLink.objects.all()}
        for other in ("leave", "confirm", "my-data/open", "talk/confirm"):
            assert visitor.client.get(f"/free-videos/{other}/{token}/").status_code == 410

    def test_it_stays_the_same_and_leaves_one_row(self, visitor: Any, mail_service: Any) -> None:
        lead = visitor.become_confirmed()
        link = mail_service.members["ada@mail.test"].videos_link
        rows = PrivateLink.objects.count()
        enqueue_member(lead=lead, now=visitor.clock())
        visitor.work()
        assert mail_service.members["ada@mail.test"].videos_link == link
        assert PrivateLink.objects.count() == rows

    def test_it_opens_nothing_any_more_once_the_person_is_erased(
        self, visitor: Any, mail_service: Any
    ) -> None:
        lead = visitor.become_confirmed()
        link = mail_service.members["ada@mail.test"].videos_link
        request_erasure(lead_id=lead.pk, now=visitor.clock())
        path = link.removeprefix("http://localhost:8000")
        assert visitor.client.get(path).status_code == 410

    def test_nothing_follows_from_here(self, visitor: Any, mail_service: Any) -> None:
        visitor.become_confirmed()
        kinds = set(OutboxEntry.objects.values_list("kind", flat=True))
        assert kinds == {OutboxKind.OPT_IN_MAIL, OutboxKind.VIDEOS_MAIL, OutboxKind.MEMBER}


def test_no_link_goes_out_where_mails_come_from_here(visitor: Any, mail_service: Any) -> None:
    visitor.become_confirmed()
    assert mail_service.members["ada@mail.test"].videos_link == ""


def test_a_lost_answer_about_the_end_is_repeated(visitor: Any, mail_service: Any) -> None:
    lead = visitor.become_confirmed()
    mail_service.started_journeys.clear()
    OutboxEntry.objects.create(
        kind=OutboxKind.INVITATION_MAIL,
        lead=lead,
        state=OutboxState.DELIVERED,
        created_at=visitor.clock(),
        due_at=visitor.clock(),
        settled_at=visitor.clock(),
    )
    original = locmem.LocmemBackend.set_tags

    def lose_the_answer(self: Any, **arguments: Any) -> Any:
        receipt = original(self, **arguments)
        if "series-finished" in arguments["add"]:
            raise UnreachableError("no answer")
        return receipt

    enqueue_member(lead=lead, now=visitor.clock())
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(locmem.LocmemBackend, "set_tags", lose_the_answer)
        visitor.work()
    assert MemberRecord.objects.get().tags == ["offer-free-videos"]
    visitor.move(minutes=1)
    visitor.work()
    assert MemberRecord.objects.get().tags == ["offer-free-videos", "series-finished"]
    assert mail_service.started_journeys == [("ada@mail.test", "series-finished")]


def test_a_tag_about_the_end_that_marketing_took_off_stays_off(
    visitor: Any, mail_service: Any
) -> None:
    lead = visitor.become_confirmed()
    OutboxEntry.objects.create(
        kind=OutboxKind.INVITATION_MAIL,
        lead=lead,
        state=OutboxState.DELIVERED,
        created_at=visitor.clock(),
        due_at=visitor.clock(),
        settled_at=visitor.clock(),
    )
    member = mail_service.members["ada@mail.test"]
    enqueue_member(lead=lead, now=visitor.clock())
    visitor.work()
    assert "series-finished" in member.tags
    member.tags.remove("series-finished")
    enqueue_member(lead=lead, now=visitor.clock())
    visitor.work()
    assert "series-finished" not in member.tags
