"""Which videos an invitation offers, which a private link opens, and when."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo, available_timezones

from django.utils import timezone

from funnel.choices import ReleaseRule
from funnel.models import (
    CallToAction,
    FunnelSettings,
    Lead,
    PrivateLink,
    SeriesRun,
    Video,
    VideoProgress,
    VideoSeries,
)

WATCHED = 4
_QUARTERS_IN_WORDS = (
    "begun",
    "a quarter of it watched",
    "half of it watched",
    "three quarters of it watched",
    "watched",
)


class VideoNotOpenError(Exception):
    """A video that is not among the person's, or does not open yet."""


@dataclass(frozen=True, kw_only=True)
class VideoState:
    """How one video of a series stands for one person.

    `opens_at` is None where no clock decides, but the video before it. `quarter` is the farthest
    that was reached; 0 is also what it is before the video was begun. `takes_a_word` says whether
    the person is asked for her word that she has watched it, because something waits for that.
    """

    video: Video
    number: int
    is_open: bool
    opens_at: datetime | None
    opens_after: Video | None = None
    quarter: int = 0
    began_at: datetime | None = None
    watched_at: datetime | None = None
    takes_a_word: bool = False
    is_last: bool = False

    @property
    def is_watched(self) -> bool:
        """Whether it counts as watched, to the end or by the person’s own word."""
        return self.quarter == WATCHED

    @property
    def is_begun(self) -> bool:
        """Whether it was begun and not watched to its end."""
        return self.began_at is not None and not self.is_watched

    @property
    def in_words(self) -> str:
        """How far the person has come with it."""
        return quarter_in_words(self.quarter) if self.began_at else "not begun"


def quarter_in_words(quarter: int) -> str:
    """Say how far somebody has come with a video that was begun."""
    return _QUARTERS_IN_WORDS[quarter]


def videos_offered_by(
    call_to_action: CallToAction | None,
) -> tuple[VideoSeries | None, list[Video]]:
    """Return the series of this call to action, or else the site's own, and its videos."""
    series = (call_to_action.series if call_to_action else None) or FunnelSettings.load().series
    return series, list(series.videos.all()) if series else []


def videos_for(link: PrivateLink) -> tuple[VideoSeries | None, list[Video]]:
    """Return the series this link's opt-in asked for, and its videos."""
    return videos_offered_by(link.opt_in.call_to_action if link.opt_in else None)


def video_states(*, link: PrivateLink, now: datetime) -> list[VideoState]:
    """Return the videos behind a link, in order, and how each stands for the link's person.

    A run begins with the confirmation. Without one, the days are counted from the opt-in, or else
    from the link.
    """
    series, videos = videos_for(link)
    if series is None:
        return []
    run = SeriesRun.objects.filter(lead_id=link.lead_id, series=series).first()
    began = link.opt_in.submitted_at if link.opt_in else link.created_at
    return states_of(
        lead=link.lead,
        series=series,
        videos=videos,
        started_at=run.started_at if run else began,
        now=now,
    )


def open_video(*, link: PrivateLink, video_id: int, now: datetime) -> VideoState:
    """Return one video that this link opens now, or raise `VideoNotOpenError`."""
    for state in video_states(link=link, now=now):
        if state.video.pk == video_id and state.is_open:
            return state
    raise VideoNotOpenError


def run_states(*, run: SeriesRun, now: datetime) -> list[VideoState]:
    """Return the videos of a run, in order, and how each stands for the run's person."""
    return states_of(
        lead=run.lead,
        series=run.series,
        videos=list(run.series.videos.all()),
        started_at=run.started_at,
        now=now,
    )


def states_of(
    *,
    lead: Lead,
    series: VideoSeries,
    videos: Sequence[Video],
    started_at: datetime,
    now: datetime,
) -> list[VideoState]:
    """Apply the coach's rule to every video of a series.

    What a person has begun stays open, whatever the coach changes meanwhile, and whoever asked for
    a single mail waits for nothing.
    """
    rule = ReleaseRule.ALL_AT_ONCE if lead.wants_one_mail else ReleaseRule(series.release)
    seen = {
        progress.video_id: progress
        for progress in VideoProgress.objects.filter(lead=lead, video__in=videos)
    }
    states: list[VideoState] = []
    for number, video in enumerate(videos, start=1):
        before = states[-1] if states else None
        progress = seen.get(video.pk)
        opens_at: datetime | None = started_at
        waits_for = None
        if rule == ReleaseRule.A_DAY_APART:
            opens_at = started_at + timedelta(days=number - 1)
        elif rule == ReleaseRule.AFTER_THE_ONE_BEFORE and before:
            opens_at, waits_for = before.watched_at, before.video
        states.append(
            VideoState(
                video=video,
                number=number,
                is_open=progress is not None or (opens_at is not None and opens_at <= now),
                opens_at=opens_at,
                opens_after=waits_for,
                quarter=progress.quarter if progress else 0,
                began_at=progress.began_at if progress else None,
                watched_at=progress.watched_at if progress else None,
                takes_a_word=rule == ReleaseRule.AFTER_THE_ONE_BEFORE,
                is_last=number == len(videos),
            )
        )
    return states


def zone_of(lead: Lead) -> ZoneInfo:
    """Return the zone in which to tell this person a time: sent by the form, else the site's."""
    for name in (lead.time_zone, FunnelSettings.load().time_zone):
        if name and name in available_timezones():
            return ZoneInfo(name)
    return ZoneInfo(timezone.get_default_timezone_name())
