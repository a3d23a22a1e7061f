"""Which videos are open for whom, by the coach's rule."""

from datetime import datetime, timedelta

import pytest

from funnel.choices import ReleaseRule
from funnel.models import FunnelSettings
from funnel.queries.videos import VideoNotOpenError, open_video, run_states, video_states, zone_of
from tests.factories.leads import LeadFactory, VideoFactory
from tests.factories.watching import link_of, opted_in, progress_of, run_of, series_of

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
A_BLINK = timedelta(microseconds=1)


def test_all_at_once_opens_every_video(now: datetime) -> None:
    link = link_of(opted_in(series_of(3)))
    states = video_states(link=link, now=now)
    assert [(state.number, state.is_open, state.quarter) for state in states] == [
        (1, True, 0),
        (2, True, 0),
        (3, True, 0),
    ]
    assert [state.is_last for state in states] == [False, False, True]


def test_a_day_apart_counts_from_the_beginning_of_the_run(now: datetime) -> None:
    opt_in = opted_in(series_of(3, release=ReleaseRule.A_DAY_APART))
    link = link_of(opt_in)
    run = run_of(opt_in, started_at=now)
    for moment, are_open in (
        (now, [True, False, False]),
        (now + DAY - A_BLINK, [True, False, False]),
        (now + DAY, [True, True, False]),
        (now + 2 * DAY, [True, True, True]),
    ):
        states = video_states(link=link, now=moment)
        assert [state.is_open for state in states] == are_open
        assert [state.opens_at for state in states] == [now, now + DAY, now + 2 * DAY]
        assert run_states(run=run, now=moment) == states


def test_without_a_run_the_days_are_counted_from_the_opt_in(now: datetime) -> None:
    opt_in = opted_in(series_of(2, release=ReleaseRule.A_DAY_APART), created_at=now)
    link = link_of(opt_in, now=now + 5 * DAY)
    assert [state.opens_at for state in video_states(link=link, now=now)] == [now, now + DAY]


def test_after_the_one_before_waits_for_it(now: datetime) -> None:
    opt_in = opted_in(series_of(3, release=ReleaseRule.AFTER_THE_ONE_BEFORE))
    link = link_of(opt_in)
    first, second, _third = (state.video for state in video_states(link=link, now=now))

    states = video_states(link=link, now=now)
    assert [state.is_open for state in states] == [True, False, False]
    assert [state.opens_after for state in states] == [None, first, second]
    assert states[1].opens_at is None

    progress = progress_of(opt_in.lead, first, quarter=3, began_at=now)
    assert not video_states(link=link, now=now + 30 * DAY)[1].is_open
    progress.quarter, progress.watched_at = 4, now + DAY
    progress.save()
    states = video_states(link=link, now=now + DAY)
    assert [state.is_open for state in states] == [True, True, False]
    assert states[1].opens_at == now + DAY
    assert states[0].is_watched


@pytest.mark.parametrize("release", [ReleaseRule.A_DAY_APART, ReleaseRule.AFTER_THE_ONE_BEFORE])
def test_whoever_asked_for_a_single_mail_waits_for_nothing(
    now: datetime, release: ReleaseRule
) -> None:
    opt_in = opted_in(series_of(3, release=release), wants_one_mail=True, created_at=now)
    states = video_states(link=link_of(opt_in), now=now)
    assert [(state.is_open, state.opens_after) for state in states] == [(True, None)] * 3


def test_what_was_begun_stays_open_when_the_coach_changes_the_rule(now: datetime) -> None:
    series = series_of(3)
    opt_in = opted_in(series, created_at=now)
    third = series.videos.last()
    assert third is not None
    progress_of(opt_in.lead, third, quarter=1, began_at=now)
    series.release = ReleaseRule.AFTER_THE_ONE_BEFORE
    series.save()
    states = video_states(link=link_of(opt_in), now=now)
    assert [state.is_open for state in states] == [True, False, True]


def test_somebody_elses_progress_opens_nothing(now: datetime) -> None:
    series = series_of(2, release=ReleaseRule.AFTER_THE_ONE_BEFORE)
    first = series.videos.first()
    assert first is not None
    progress_of(LeadFactory(), first, quarter=4, began_at=now)
    states = video_states(link=link_of(opted_in(series)), now=now)
    assert [(state.is_open, state.quarter) for state in states] == [(True, 0), (False, 0)]


def test_a_video_that_is_locked_or_anothers_is_not_open(now: datetime) -> None:
    opt_in = opted_in(series_of(2, release=ReleaseRule.A_DAY_APART), created_at=now)
    link = link_of(opt_in)
    first, second = (state.video for state in video_states(link=link, now=now))
    assert open_video(link=link, video_id=first.pk, now=now).video == first
    for video in (second, VideoFactory()):
        with pytest.raises(VideoNotOpenError):
            open_video(link=link, video_id=video.pk, now=now)


def test_how_far_somebody_came_is_said_in_words(now: datetime) -> None:
    opt_in = opted_in(series_of(3))
    first, second, _ = (each.video for each in video_states(link=link_of(opt_in), now=now))
    progress_of(opt_in.lead, first, quarter=4, began_at=now)
    progress_of(opt_in.lead, second, quarter=2, began_at=now)
    states = video_states(link=link_of(opt_in), now=now)
    assert [state.in_words for state in states] == ["watched", "half of it watched", "not begun"]
    assert [state.is_begun for state in states] == [False, True, False]


def test_a_time_is_told_in_the_persons_zone_else_the_sites() -> None:
    settings = FunnelSettings.load()
    settings.time_zone = "America/Chicago"
    settings.save()
    assert str(zone_of(LeadFactory(time_zone="Europe/Paris"))) == "Europe/Paris"
    assert str(zone_of(LeadFactory())) == "America/Chicago"
    assert str(zone_of(LeadFactory(time_zone="Nowhere/Else"))) == "America/Chicago"
