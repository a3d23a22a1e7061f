"""Videos are watched: a run begins, moves on by quarters, and ends."""

from datetime import datetime, timedelta

from django.db import transaction

from funnel.models import (
    Lead,
    OptIn,
    PrivateLink,
    SeriesRun,
    Video,
    VideoProgress,
    VideoSeries,
)
from funnel.queries.videos import WATCHED, open_video, videos_for, videos_offered_by

from .conflicts import retried_on_conflict
from .film_length import film_length
from .links import LinkProblemError
from .locks import locked_lead
from .sequence import plan_mails

# Nobody follows a film faster; the rest is for clocks that differ and timers that come early.
MOST_SPEED = 2.0
TOLERANCE = 0.9
NOTHING = timedelta(0)


def start_run(*, lead: Lead, opt_in: OptIn | None, now: datetime) -> SeriesRun | None:
    """Begin the person's way through the series that the opt-in asked for.

    It begins once: whoever asks again goes on where she was. None where there is no series.
    """
    series, _ = videos_offered_by(opt_in.call_to_action if opt_in else None)
    if series is None:
        return None
    return _run_of(lead=lead, series=series, opt_in=opt_in, started_at=now)


def _run_of(
    *, lead: Lead, series: VideoSeries, opt_in: OptIn | None, started_at: datetime
) -> SeriesRun:
    run = SeriesRun(lead=lead, series=series, opt_in=opt_in, started_at=started_at)
    SeriesRun.objects.bulk_create([run], ignore_conflicts=True)
    return SeriesRun.objects.get(lead=lead, series=series)


@retried_on_conflict
def note_quarter(*, link: PrivateLink, video_id: int, quarter: int, now: datetime) -> timedelta:
    """Note that a quarter of a video was played; 0 says that it was begun.

    Returns how much too early that is for a film of this length, and then notes only that it was
    begun: a program that clicks through a page has watched nothing. A quarter counts once, and
    none is ever taken back. Raises `VideoNotOpenError` from `queries.videos`, and
    `LinkProblemError` where the person was erased meanwhile.
    """
    with transaction.atomic():
        lead = _locked_person(link)
        state = open_video(link=link, video_id=video_id, now=now)
        progress = _begun(lead=lead, video=state.video, now=now)
        missing = _missing_time(progress, quarter=quarter, now=now)
        if quarter > progress.quarter and missing <= NOTHING:
            _reach(progress, quarter=quarter, link=link, now=now)
        if quarter > progress.quarter or state.began_at is None:
            plan_mails(lead=lead, now=now)
    return max(missing, NOTHING)


@retried_on_conflict
def say_watched(*, link: PrivateLink, video_id: int, now: datetime) -> None:
    """Take the person's own word: for whoever refuses scripts, or watched it elsewhere."""
    with transaction.atomic():
        lead = _locked_person(link)
        state = open_video(link=link, video_id=video_id, now=now)
        progress = _begun(lead=lead, video=state.video, now=now)
        if progress.quarter < WATCHED:
            _reach(progress, quarter=WATCHED, link=link, now=now)
            plan_mails(lead=lead, now=now)


def _locked_person(link: PrivateLink) -> Lead:
    try:
        return locked_lead(link.lead_id)
    except Lead.DoesNotExist as error:
        raise LinkProblemError from error


def _begun(*, lead: Lead, video: Video, now: datetime) -> VideoProgress:
    row = VideoProgress(lead=lead, video=video, began_at=now)
    VideoProgress.objects.bulk_create([row], ignore_conflicts=True)
    return VideoProgress.objects.select_related("video").get(lead=lead, video=video)


def _missing_time(progress: VideoProgress, *, quarter: int, now: datetime) -> timedelta:
    if quarter <= progress.quarter:
        return NOTHING
    played = film_length(progress.video) * quarter / WATCHED
    return timedelta(seconds=TOLERANCE * played / MOST_SPEED) - (now - progress.began_at)


def _reach(progress: VideoProgress, *, quarter: int, link: PrivateLink, now: datetime) -> None:
    """Raise the quarter, where nobody has raised it as far; the last one may end the run."""
    raised = VideoProgress.objects.filter(pk=progress.pk, quarter__lt=quarter).update(
        quarter=quarter, watched_at=now if quarter == WATCHED else None
    )
    if raised and quarter == WATCHED:
        _end_run(link=link, now=now)


def _end_run(*, link: PrivateLink, now: datetime) -> None:
    series, videos = videos_for(link)
    if series is None:
        return
    watched = VideoProgress.objects.filter(
        lead_id=link.lead_id, video__in=videos, quarter=WATCHED
    ).count()
    if watched < len(videos):
        return
    started_at = link.opt_in.submitted_at if link.opt_in else link.created_at
    run = _run_of(lead=link.lead, series=series, opt_in=link.opt_in, started_at=started_at)
    SeriesRun.objects.filter(pk=run.pk, finished_at=None).update(finished_at=now)
