"""Progress: counted once, never taken back, and only as fast as a film runs."""

from datetime import datetime, timedelta

import pytest

from funnel.choices import OutboxKind, OutboxState, ReleaseRule
from funnel.models import (
    FunnelSettings,
    OutboxEntry,
    PrivateLink,
    SeriesRun,
    Video,
    VideoProgress,
)
from funnel.queries.videos import VideoNotOpenError
from funnel.services.erasure import erase_lead
from funnel.services.links import LinkProblemError
from funnel.services.watching import note_quarter, say_watched, start_run
from tests.factories.leads import LeadFactory, VideoFactory
from tests.factories.watching import SECONDS, link_of, opted_in, run_of, series_of

pytestmark = pytest.mark.django_db

QUARTER = timedelta(seconds=SECONDS / 4)


@pytest.fixture
def link(now: datetime) -> PrivateLink:
    """The link of somebody who has just begun a series of two."""
    opt_in = opted_in(series_of(2), created_at=now - timedelta(minutes=10))
    run_of(opt_in, started_at=now)
    return link_of(opt_in, now=now)


def first_of(link: PrivateLink) -> Video:
    return videos_of(link)[0]


def videos_of(link: PrivateLink) -> list[Video]:
    assert link.opt_in is not None
    assert link.opt_in.call_to_action is not None
    assert link.opt_in.call_to_action.series is not None
    return list(link.opt_in.call_to_action.series.videos.all())


def watch(link: PrivateLink, video: Video, *, now: datetime) -> datetime:
    """Watch a video at the usual speed; return the time at its end."""
    for quarter in range(5):
        at = now + quarter * QUARTER
        assert not note_quarter(link=link, video_id=video.pk, quarter=quarter, now=at)
    return now + 4 * QUARTER


class TestBeginning:
    """A run begins once."""

    def test_it_is_of_the_series_that_was_asked_for(self, now: datetime) -> None:
        opt_in = opted_in(series_of(1))
        run = start_run(lead=opt_in.lead, opt_in=opt_in, now=now)
        assert run is not None
        assert opt_in.call_to_action is not None
        assert (run.series, run.opt_in, run.started_at) == (
            opt_in.call_to_action.series,
            opt_in,
            now,
        )

    def test_whoever_asks_again_goes_on(self, now: datetime) -> None:
        opt_in = opted_in(series_of(1))
        first = start_run(lead=opt_in.lead, opt_in=opt_in, now=now)
        again = start_run(lead=opt_in.lead, opt_in=opt_in, now=now + timedelta(days=9))
        assert again == first
        assert SeriesRun.objects.get().started_at == now

    def test_without_a_series_there_is_none(self, now: datetime) -> None:
        settings = FunnelSettings.load()
        settings.series = None
        settings.save()
        assert start_run(lead=LeadFactory(), opt_in=None, now=now) is None


class TestQuarters:
    """What a page's script tells."""

    def test_a_video_is_watched_by_quarters(self, link: PrivateLink, now: datetime) -> None:
        end = watch(link, first_of(link), now=now)
        row = VideoProgress.objects.get()
        assert (row.quarter, row.began_at, row.watched_at) == (4, now, end)
        assert SeriesRun.objects.get().finished_at is None

    def test_none_is_taken_back_and_none_counts_twice(
        self, link: PrivateLink, now: datetime
    ) -> None:
        video = first_of(link)
        end = watch(link, video, now=now)
        for quarter in (0, 2, 4):
            later = end + timedelta(days=1)
            assert not note_quarter(link=link, video_id=video.pk, quarter=quarter, now=later)
        row = VideoProgress.objects.get()
        assert (row.quarter, row.watched_at) == (4, end)

    @pytest.mark.parametrize("quarter", [1, 2, 3, 4])
    def test_nobody_watches_faster_than_at_double_speed(
        self, link: PrivateLink, now: datetime, quarter: int
    ) -> None:
        video = first_of(link)
        note_quarter(link=link, video_id=video.pk, quarter=0, now=now)
        too_early = now + quarter * QUARTER / 2.5
        missing = note_quarter(link=link, video_id=video.pk, quarter=quarter, now=too_early)
        assert missing > timedelta(0)
        assert VideoProgress.objects.get().quarter == 0
        in_time = too_early + missing
        assert in_time <= now + quarter * QUARTER / 2
        assert not note_quarter(link=link, video_id=video.pk, quarter=quarter, now=in_time)
        assert VideoProgress.objects.get().quarter == quarter

    def test_whoever_never_said_that_it_began_begins_now(
        self, link: PrivateLink, now: datetime
    ) -> None:
        assert note_quarter(link=link, video_id=first_of(link).pk, quarter=4, now=now)
        row = VideoProgress.objects.get()
        assert (row.quarter, row.began_at) == (0, now)

    def test_somebody_goes_on_another_day(self, link: PrivateLink, now: datetime) -> None:
        video = first_of(link)
        note_quarter(link=link, video_id=video.pk, quarter=0, now=now)
        note_quarter(link=link, video_id=video.pk, quarter=2, now=now + 2 * QUARTER)
        tomorrow = now + timedelta(days=1)
        assert not note_quarter(link=link, video_id=video.pk, quarter=3, now=tomorrow)
        assert VideoProgress.objects.get().quarter == 3

    def test_a_locked_video_or_anothers_cannot_be_watched(self, now: datetime) -> None:
        opt_in = opted_in(series_of(2, release=ReleaseRule.A_DAY_APART), created_at=now)
        link = link_of(opt_in, now=now)
        for video in (videos_of(link)[1], VideoFactory()):
            with pytest.raises(VideoNotOpenError):
                note_quarter(link=link, video_id=video.pk, quarter=0, now=now)
            with pytest.raises(VideoNotOpenError):
                say_watched(link=link, video_id=video.pk, now=now)
        assert not VideoProgress.objects.exists()

    def test_somebody_erased_meanwhile_leaves_no_trace(
        self, link: PrivateLink, now: datetime
    ) -> None:
        from funnel.mailing import mailing_backend

        video = first_of(link)
        erase_lead(lead_id=link.lead_id, backend=mailing_backend(), now=now)
        with pytest.raises(LinkProblemError):
            note_quarter(link=link, video_id=video.pk, quarter=0, now=now)
        assert not VideoProgress.objects.exists()


class TestTheEnd:
    """The last video ends the run."""

    def test_the_run_is_finished_once(self, link: PrivateLink, now: datetime) -> None:
        first, second = videos_of(link)
        end = watch(link, first, now=watch(link, second, now=now))
        assert SeriesRun.objects.get().finished_at == end
        say_watched(link=link, video_id=first.pk, now=end + timedelta(days=1))
        assert SeriesRun.objects.get().finished_at == end

    def test_a_link_older_than_runs_has_one_in_the_end(self, now: datetime) -> None:
        opt_in = opted_in(series_of(1), created_at=now)
        link = link_of(opt_in, now=now)
        end = watch(link, first_of(link), now=now)
        run = SeriesRun.objects.get()
        assert (run.started_at, run.finished_at) == (opt_in.submitted_at, end)

    def test_a_persons_own_word_counts(self, link: PrivateLink, now: datetime) -> None:
        say_watched(link=link, video_id=first_of(link).pk, now=now)
        row = VideoProgress.objects.get()
        assert (row.quarter, row.watched_at) == (4, now)

    def test_what_follows_is_planned_anew(self, link: PrivateLink, now: datetime) -> None:
        say_watched(link=link, video_id=first_of(link).pk, now=now)
        waiting = OutboxEntry.objects.filter(lead=link.lead, state=OutboxState.PENDING)
        assert not waiting.filter(kind=OutboxKind.NUDGE_MAIL).exists()
        assert waiting.filter(kind=OutboxKind.INVITATION_MAIL).exists()
