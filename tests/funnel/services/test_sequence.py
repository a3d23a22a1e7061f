"""The mails that follow, one by one, by a clock that is moved."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail

from funnel.choices import (
    OutboxKind,
    OutboxState,
    ReleaseRule,
    SequenceMailKind,
    SequenceOwner,
    SuppressionReason,
)
from funnel.models import CallRequest, FunnelSettings, Lead, OutboxEntry, SequenceMail
from funnel.queries.sequence import FOLLOWING
from funnel.services.erasure import request_erasure
from funnel.services.leaving import leave, suppress_lead
from funnel.services.sequence import look_again, plan_mails
from tests.factories.sequence import Reader, become_reader

pytestmark = pytest.mark.django_db

NEXT = "The next one"
NUDGE = "Still there, whenever it suits"
INVITATION = "If you would like to talk"
A_MONTH_LATER = "2026-07-01 12:00"


def turn(kind: SequenceMailKind, **facts: Any) -> None:
    """Change one of the coach's mails."""
    SequenceMail.objects.filter(kind=kind).update(**facts)


class TestMailByMail:
    """She confirms on Monday, 4 May 2026, at 17:35 in New York."""

    def test_all_at_once_and_nothing_watched(self, visitor: Any) -> None:
        reader = become_reader(visitor)
        reader.wait_until(A_MONTH_LATER)
        assert reader.mails == [("08 May 09:00", NUDGE), ("13 May 09:00", INVITATION)]

    def test_all_at_once_and_all_watched(self, visitor: Any) -> None:
        reader = become_reader(visitor)
        reader.wait_until("2026-05-06 20:00")
        for number in (1, 2, 3):
            reader.watch(number)
        reader.wait_until(A_MONTH_LATER)
        assert reader.mails == [("08 May 09:00", INVITATION)]

    def test_a_day_apart_and_nothing_opened(self, visitor: Any) -> None:
        reader = become_reader(visitor, release=ReleaseRule.A_DAY_APART)
        reader.wait_until(A_MONTH_LATER)
        assert reader.mails == [
            ("06 May 09:00", NEXT),
            ("07 May 09:00", NEXT),
            ("08 May 09:00", NUDGE),
            ("15 May 09:00", INVITATION),
        ]

    def test_a_day_apart_and_each_watched_as_it_opens(self, visitor: Any) -> None:
        reader = become_reader(visitor, release=ReleaseRule.A_DAY_APART)
        reader.watch(1)
        reader.wait_until("2026-05-05 18:00")
        reader.watch(2)
        reader.wait_until("2026-05-07 11:00")
        reader.watch(3)
        reader.wait_until(A_MONTH_LATER)
        assert reader.mails == [("07 May 09:00", NEXT), ("08 May 11:00", INVITATION)]

    def test_each_after_the_one_before(self, visitor: Any) -> None:
        reader = become_reader(visitor, release=ReleaseRule.AFTER_THE_ONE_BEFORE)
        reader.wait_until("2026-05-05 10:00")
        reader.watch(1)
        reader.wait_until("2026-05-06 13:30")
        reader.watch(2)
        reader.wait_until("2026-05-07 16:00")
        reader.watch(3)
        reader.wait_until(A_MONTH_LATER)
        assert reader.mails == [
            ("05 May 12:00", NEXT),
            ("06 May 15:30", NEXT),
            ("08 May 16:00", INVITATION),
        ]

    def test_each_after_the_one_before_in_one_go(self, visitor: Any) -> None:
        reader = become_reader(visitor, release=ReleaseRule.AFTER_THE_ONE_BEFORE)
        reader.wait_until("2026-05-05 10:00")
        reader.watch(1)
        reader.wait_until("2026-05-05 10:20")
        reader.watch(2)
        reader.wait_until(A_MONTH_LATER)
        assert reader.mails == [("05 May 12:20", NEXT), ("13 May 10:20", INVITATION)]

    def test_each_after_the_one_before_and_nothing_watched(self, visitor: Any) -> None:
        """Nobody is told that this was the last who never came to it."""
        reader = become_reader(visitor, release=ReleaseRule.AFTER_THE_ONE_BEFORE)
        reader.wait_until(A_MONTH_LATER)
        assert reader.mails == [("08 May 09:00", NUDGE)]

    def test_a_single_mail_was_asked_for(self, visitor: Any) -> None:
        reader = become_reader(visitor, release=ReleaseRule.A_DAY_APART)
        Lead.objects.update(wants_one_mail=True)
        reader.wait_until(A_MONTH_LATER)
        assert reader.mails == []

    def test_the_readers_own_zone_decides(self, visitor: Any) -> None:
        reader = become_reader(visitor)
        Lead.objects.update(time_zone="Europe/Berlin")
        plan_mails(lead=reader.lead, now=visitor.clock())
        reader.wait_until(A_MONTH_LATER)
        assert reader.mails[0] == ("08 May 03:00", NUDGE)

    def test_else_the_sites_zone_decides(self, visitor: Any) -> None:
        reader = become_reader(visitor)
        FunnelSettings.objects.update(time_zone="Pacific/Auckland")
        plan_mails(lead=reader.lead, now=visitor.clock())
        reader.wait_until(A_MONTH_LATER)
        assert reader.mails[0] == ("07 May 17:35", NUDGE)


def asks_for_a_call(reader: Reader) -> None:
    """Send the form of the page “Let's talk”."""
    now = reader.visitor.clock()
    CallRequest.objects.create(lead=reader.lead, requested_at=now, confirmed_at=now)


def suppressed(reason: SuppressionReason) -> Callable[[Reader], None]:
    """The mail service reports a bounce or a complaint."""
    return lambda reader: suppress_lead(
        lead_id=reader.lead.pk, reason=reason, source="a test", now=reader.visitor.clock()
    )


STOPS: dict[str, Callable[[Reader], object]] = {
    "unsubscribes": lambda reader: leave(lead_id=reader.lead.pk, now=reader.visitor.clock()),
    "asks for a call": asks_for_a_call,
    "is erased": lambda reader: request_erasure(lead_id=reader.lead.pk, now=reader.visitor.clock()),
    "complains": suppressed(SuppressionReason.COMPLAINED),
    "bounces": suppressed(SuppressionReason.BOUNCED),
    "wants one mail": lambda reader: Lead.objects.update(wants_one_mail=True),
    "Mailchimp takes over": lambda reader: FunnelSettings.objects.update(
        sequence_owner=SequenceOwner.MAILCHIMP
    ),
}


@pytest.mark.parametrize("stop", STOPS)
@pytest.mark.parametrize("moment", ["2026-05-04 18:00", "2026-05-06 12:00", "2026-05-08 08:59"])
def test_nothing_follows_once_she(visitor: Any, stop: str, moment: str) -> None:
    reader = become_reader(visitor, release=ReleaseRule.A_DAY_APART)
    reader.wait_until(moment)
    came = list(reader.mails)
    STOPS[stop](reader)
    reader.wait_until(A_MONTH_LATER)
    assert reader.mails == came


def test_a_pause_puts_off_and_drops_nothing(visitor: Any) -> None:
    reader = become_reader(visitor, release=ReleaseRule.A_DAY_APART)
    reader.wait_until("2026-05-06 12:00")
    Lead.objects.update(paused_until=visitor.clock() + timedelta(days=30))
    reader.wait_until(A_MONTH_LATER)
    assert reader.mails == [
        ("06 May 09:00", NEXT),
        ("05 Jun 12:00", NEXT),
        ("06 Jun 09:00", NUDGE),
        ("07 Jun 09:00", INVITATION),
    ]


def test_who_comes_back_gets_what_was_called_off_and_nothing_twice(visitor: Any) -> None:
    reader = become_reader(visitor, release=ReleaseRule.A_DAY_APART)
    reader.wait_until("2026-05-06 12:00")
    leave(lead_id=reader.lead.pk, now=visitor.clock())
    reader.wait_until("2026-05-08 18:00")
    visitor.become_confirmed()
    reader.wait_until(A_MONTH_LATER)
    assert reader.mails == [
        ("06 May 09:00", NEXT),
        ("09 May 09:00", NEXT),
        ("10 May 09:00", NUDGE),
        ("15 May 09:00", INVITATION),
    ]


def test_a_worker_that_was_away_sends_nothing_at_night_nor_two_a_day(visitor: Any) -> None:
    reader = become_reader(visitor, release=ReleaseRule.A_DAY_APART)
    visitor.move(days=4, hours=5)
    reader.wait_until(A_MONTH_LATER)
    hours = [moment for moment, _ in reader.mails]
    assert hours == ["09 May 09:00", "10 May 09:00", "11 May 09:00", "15 May 09:00"]


def test_what_is_long_past_is_left_out(visitor: Any) -> None:
    """A coach who turns a mail on wakes up nobody who was here a year ago."""
    turn(SequenceMailKind.NUDGE, is_on=False)
    turn(SequenceMailKind.INVITATION, is_on=False)
    reader = become_reader(visitor)
    reader.wait(days=300)
    turn(SequenceMailKind.NUDGE, is_on=True)
    turn(SequenceMailKind.INVITATION, is_on=True)
    plan_mails(lead=reader.lead, now=visitor.clock())
    reader.wait(days=30)
    assert reader.mails == []


def test_a_mail_that_the_coach_turns_off_does_not_leave(visitor: Any) -> None:
    reader = become_reader(visitor)
    turn(SequenceMailKind.NUDGE, is_on=False)
    reader.wait_until(A_MONTH_LATER)
    assert reader.mails == [("13 May 09:00", INVITATION)]


def test_other_days_hold_for_mails_that_wait_already(visitor: Any) -> None:
    reader = become_reader(visitor)
    turn(SequenceMailKind.NUDGE, wait_days=1)
    turn(SequenceMailKind.INVITATION, wait_days=9)
    for kind in SequenceMailKind:
        look_again(kind=kind, now=visitor.clock())
    reader.wait_until(A_MONTH_LATER)
    assert reader.mails == [("06 May 09:00", NUDGE), ("21 May 09:00", INVITATION)]


def test_planning_again_and_again_changes_nothing(visitor: Any) -> None:
    reader = become_reader(visitor, release=ReleaseRule.A_DAY_APART)
    rows = OutboxEntry.objects.filter(kind__in=FOLLOWING).order_by("pk")
    planned = list(rows.values("pk", "kind", "video_id", "due_at", "state"))
    assert len(planned) == 3
    for _ in range(3):
        plan_mails(lead=reader.lead, now=visitor.clock())
    assert list(rows.values("pk", "kind", "video_id", "due_at", "state")) == planned


def test_a_next_video_opens_by_its_link_and_the_invitation_leads_to_the_talk(visitor: Any) -> None:
    reader = become_reader(visitor, release=ReleaseRule.A_DAY_APART)
    reader.wait_until("2026-05-06 12:00")
    opened = visitor.client.get(visitor.links()[0])
    assert (opened.status_code, opened["Location"]) == (303, "/free-videos/watch/")
    page = visitor.client.get("/free-videos/watch/").content.decode()
    assert "Part 2" in page
    reader.wait_until(A_MONTH_LATER)
    assert visitor.links()[0] == "/free-videos/talk/"
    assert visitor.client.get(visitor.links()[0]).status_code == 200


class TestTheEndAtMailchimp:
    def test_the_end_of_our_mails_starts_what_marketing_has_built(
        self, visitor: Any, mail_service: Any
    ) -> None:
        reader = become_reader(visitor)
        mail_service.started_journeys.clear()
        reader.wait_until("2026-05-13 08:59")
        assert "series-finished" not in mail_service.members["ada@mail.test"].tags
        reader.wait_until(A_MONTH_LATER)
        assert "series-finished" in mail_service.members["ada@mail.test"].tags
        assert mail_service.started_journeys == [("ada@mail.test", "series-finished")]

    @pytest.mark.parametrize("release", ReleaseRule.values)
    def test_also_where_the_invitation_is_off(
        self, visitor: Any, mail_service: Any, release: ReleaseRule
    ) -> None:
        turn(SequenceMailKind.INVITATION, is_on=False)
        reader = become_reader(visitor, release=release)
        reader.wait_until(A_MONTH_LATER)
        assert INVITATION not in [subject for _, subject in reader.mails]
        assert "series-finished" in mail_service.members["ada@mail.test"].tags

    @pytest.mark.parametrize("stop", ["asks for a call", "wants one mail", "Mailchimp takes over"])
    def test_but_not_where_they_were_stopped(
        self, visitor: Any, mail_service: Any, stop: str
    ) -> None:
        reader = become_reader(visitor)
        STOPS[stop](reader)
        reader.wait_until(A_MONTH_LATER)
        assert "series-finished" not in mail_service.members["ada@mail.test"].tags

    def test_nobody_without_letters_is_told_of(self, visitor: Any, mail_service: Any) -> None:
        reader = become_reader(
            visitor,
            before_confirming=lambda: (
                FunnelSettings.objects.update(consent_mode="separate_letters")
                and FunnelSettings.load().save()
            ),
        )
        reader.wait_until(A_MONTH_LATER)
        assert len(reader.mails) == 2
        assert mail_service.members == {}


def test_each_of_them_can_be_left_with_one_press(visitor: Any) -> None:
    reader = become_reader(visitor, release=ReleaseRule.A_DAY_APART)
    mail.outbox.clear()
    reader.wait_until(A_MONTH_LATER)
    assert len(mail.outbox) == 4
    for message in mail.outbox:
        url = message.extra_headers["List-Unsubscribe"].strip("<>")
        assert url in str(message.body)
        assert message.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    visitor.client.post(
        url.removeprefix("http://localhost:8000"), {"List-Unsubscribe": "One-Click"}
    )
    reader.lead.refresh_from_db()
    assert reader.lead.stage == "unsubscribed"


def test_planned_mails_are_gone_with_the_wish_to_be_erased(visitor: Any) -> None:
    reader = become_reader(visitor)
    assert OutboxEntry.objects.filter(kind__in=FOLLOWING, state=OutboxState.PENDING).exists()
    request_erasure(lead_id=reader.lead.pk, now=visitor.clock())
    assert not OutboxEntry.objects.filter(kind__in=FOLLOWING).exists()
    plan_mails(lead=reader.lead, now=visitor.clock())
    assert set(OutboxEntry.objects.values_list("kind", flat=True)) == {OutboxKind.ERASURE}
