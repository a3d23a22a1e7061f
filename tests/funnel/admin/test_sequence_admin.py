"""The coach words the mails that follow, and sees them all on a time line."""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from funnel.choices import OutboxKind, OutboxState, ReleaseRule, SequenceMailKind
from funnel.models import FunnelSettings, OutboxEntry, SequenceMail
from funnel.services.timeline import timeline
from tests.factories.leads import OutboxEntryFactory
from tests.factories.watching import series_of

pytestmark = pytest.mark.django_db

LIST = "wagtailsnippets_funnel_sequencemail:list"
TIMELINE = "wagtailsnippets_funnel_sequencemail:timeline"
# A Monday, half past five in the afternoon in New York.
MONDAY = datetime(2026, 5, 4, 21, 30, tzinfo=UTC)
WORDS = {
    "is_on": "on",
    "wait_days": "2",
    "subject": "Another thought",
    "opening": "It is short.",
    "body": "One paragraph.\n\nAnother one.",
    "button_label": "Open it",
}


def edit_url(kind: SequenceMailKind) -> str:
    """The address of one mail's form."""
    mail = SequenceMail.objects.get(kind=kind)
    return reverse("wagtailsnippets_funnel_sequencemail:edit", args=[mail.pk])


@pytest.fixture
def site() -> FunnelSettings:
    """A site with two senders and a series of three, one a day."""
    FunnelSettings.load()
    FunnelSettings.objects.update(
        sender_name="Maren Holt",
        neutral_sender_name="M. H.",
        series=series_of(3, release=ReleaseRule.A_DAY_APART),
    )
    return FunnelSettings.load()


def test_a_coach_rewords_a_mail(coach: Client) -> None:
    answer = coach.post(edit_url(SequenceMailKind.NUDGE), WORDS)
    assert answer.status_code == 302
    mail = SequenceMail.objects.get(kind=SequenceMailKind.NUDGE)
    assert (mail.subject, mail.wait_days) == ("Another thought", 2)


@pytest.mark.parametrize("field", ["subject", "opening"])
def test_a_line_that_others_may_see_gives_nothing_away(coach: Client, field: str) -> None:
    answer = coach.post(
        edit_url(SequenceMailKind.NUDGE), {**WORDS, field: "Your Marriage is waiting"}
    )
    assert "Leave out “marriage”" in answer.content.decode()
    assert not SequenceMail.objects.filter(**{field: "Your Marriage is waiting"}).exists()


def test_other_days_reach_mails_that_wait(coach: Client) -> None:
    waiting = OutboxEntryFactory(
        kind=OutboxKind.NUDGE_MAIL, due_at=datetime(2030, 1, 1, tzinfo=UTC)
    )
    coach.post(edit_url(SequenceMailKind.NUDGE), WORDS)
    entry = OutboxEntry.objects.get(pk=waiting.pk)
    assert entry.state == OutboxState.PENDING
    assert entry.due_at < datetime(2029, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize("role", ["admin", "Coach"])
def test_there_is_one_mail_of_each_kind_for_good(login: Callable[[str], Client], role: str) -> None:
    client = login(role)
    mail = SequenceMail.objects.get(kind=SequenceMailKind.NUDGE)
    name = "wagtailsnippets_funnel_sequencemail"
    client.post(reverse(f"{name}:add"), WORDS)
    client.post(reverse(f"{name}:delete", args=[mail.pk]))
    client.post(
        reverse("wagtail_bulk_action", args=["funnel", "sequencemail", "delete"]) + f"?id={mail.pk}"
    )
    assert SequenceMail.objects.count() == 3
    listed = client.get(reverse(LIST)).content.decode()
    assert reverse(f"{name}:add") not in listed
    assert reverse(TIMELINE) in listed


@pytest.mark.parametrize("role", ["Marketing", "editor"])
def test_nobody_else_words_them(login: Callable[[str], Client], role: str) -> None:
    client = login(role)
    sample = reverse("wagtailsnippets_funnel_sequencemail:sample", args=["nudge", "coach"])
    for address in (edit_url(SequenceMailKind.NUDGE), reverse(TIMELINE), sample):
        assert client.get(address).status_code in {302, 403}


class TestTheTimeline:
    def test_shows_every_mail_in_its_hour(self, site: FunnelSettings) -> None:
        planned = [(each.name, each.leaves_on) for each in timeline(now=MONDAY).mails]
        assert planned == [
            ("confirm", "Monday, 4 May, 17:30"),
            ("videos", "Monday, 4 May, 17:32"),
            ("next_video", "Wednesday, 6 May, 09:00"),
            ("next_video", "Thursday, 7 May, 09:00"),
            ("nudge", "Friday, 8 May, 09:00"),
            ("invitation", "Friday, 8 May, 09:00"),
        ]

    @pytest.mark.parametrize("release", ReleaseRule.values)
    def test_keeps_to_the_rule_and_to_what_is_turned_on(
        self, site: FunnelSettings, release: str
    ) -> None:
        assert site.series is not None
        site.series.release = release
        site.series.save()
        SequenceMail.objects.filter(kind=SequenceMailKind.NUDGE).update(is_on=False)
        names = [each.name for each in timeline(now=MONDAY).mails]
        nexts = 0 if release == ReleaseRule.ALL_AT_ONCE else 2
        assert names == ["confirm", "videos", *["next_video"] * nexts, "invitation"]

    def test_shows_both_senders(self, site: FunnelSettings, coach: Client) -> None:
        page = coach.get(reverse(TIMELINE)).content.decode()
        for said in ("Maren Holt", "M. H.", "The link you asked for", "If you would like to talk"):
            assert said in page
        assert "America/New_York" in page

    def test_draws_each_mail_where_it_can_do_nothing(
        self, site: FunnelSettings, coach: Client
    ) -> None:
        page = coach.get(reverse(TIMELINE)).content.decode()
        frames = re.findall(r'<iframe src="([^"]+)"[^>]* sandbox ', page)
        assert len(frames) == 12
        for address in sorted(set(frames)):
            answer = coach.get(address)
            assert answer.status_code == 200
            policy = answer["Content-Security-Policy"]
            for rule in ("default-src 'none'", "frame-ancestors 'self'", "sandbox"):
                assert rule in policy
            assert "script-src" not in policy
            assert answer["X-Frame-Options"] == "SAMEORIGIN"
            assert "a-link-of-its-own" in answer.content.decode() or "/talk/" in str(answer.content)

    def test_writes_nothing(self, site: FunnelSettings, coach: Client, mailoutbox: Any) -> None:
        coach.get(reverse(TIMELINE))
        assert not OutboxEntry.objects.exists()
        assert mailoutbox == []

    def test_says_so_where_there_is_no_series(self, coach: Client) -> None:
        FunnelSettings.load()
        FunnelSettings.objects.update(series=None)
        assert "No series is chosen" in coach.get(reverse(TIMELINE)).content.decode()

    def test_an_unknown_mail_is_not_found(self, coach: Client) -> None:
        name = "wagtailsnippets_funnel_sequencemail:sample"
        for arguments in (["nothing", "coach"], ["nudge", "loud"]):
            assert coach.get(reverse(name, args=arguments)).status_code == 404
