"""Series with their videos, and the private links that open them."""

import struct
from datetime import datetime
from typing import Any

from django.core.files.base import ContentFile

from funnel.choices import LinkPurpose, ReleaseRule
from funnel.models import Lead, OptIn, PrivateLink, SeriesRun, Video, VideoProgress, VideoSeries
from funnel.services.links import create_link
from tests.factories.leads import (
    FIRST_DAY,
    CallToActionFactory,
    LeadFactory,
    OptInFactory,
    VideoFactory,
    VideoSeriesFactory,
)

SECONDS = 100


def box(kind: bytes, content: bytes) -> bytes:
    """One box of an MP4 file."""
    return struct.pack(">I4s", len(content) + 8, kind) + content


def mp4(seconds: float, *, scale: int = 1000, is_long: bool = False, at_end: bool = True) -> bytes:
    """A file that says it runs for `seconds`, and holds no picture."""
    duration = round(seconds * scale)
    header = (
        struct.pack(">B3xQQIQ", 1, 0, 0, scale, duration)
        if is_long
        else struct.pack(">B3xIIII", 0, 0, 0, scale, duration)
    )
    film = box(b"moov", box(b"udta", b"") + box(b"mvhd", header + bytes(80)))
    data = box(b"mdat", bytes(50))
    return box(b"ftyp", b"isom") + (data + film if at_end else film + data)


def series_of(
    count: int = 3, *, release: ReleaseRule = ReleaseRule.ALL_AT_ONCE, seconds: float = SECONDS
) -> VideoSeries:
    """A series whose videos have everything, each `seconds` long."""
    series: VideoSeries = VideoSeriesFactory(release=release)
    for number in range(1, count + 1):
        video: Video = VideoFactory(
            series=series,
            sort_order=number,
            title=f"Part {number}",
            transcript=f"The words of part {number}.",
            file__data=mp4(seconds),
        )
        video.captions.save("en.vtt", ContentFile(b"WEBVTT\n"), save=False)
        video.poster.save("still.png", ContentFile(b"\x89PNG"), save=False)
        video.save()
    return series


def opted_in(series: VideoSeries, **facts: Any) -> OptIn:
    """The opt-in of a confirmed lead who asked for this series."""
    lead = LeadFactory(**facts)
    opt_in: OptIn = OptInFactory(lead=lead, call_to_action=CallToActionFactory(series=series))
    return opt_in


def link_of(opt_in: OptIn, *, now: datetime = FIRST_DAY) -> PrivateLink:
    """A link that opens the videos of an opt-in."""
    return open_link(opt_in, now=now)[0]


def open_link(opt_in: OptIn, *, now: datetime = FIRST_DAY) -> tuple[PrivateLink, str]:
    """The same with its token."""
    return create_link(purpose=LinkPurpose.VIDEOS, lead=opt_in.lead, opt_in=opt_in, now=now)


def run_of(opt_in: OptIn, *, started_at: datetime) -> SeriesRun:
    """A run through the series of an opt-in."""
    assert opt_in.call_to_action is not None
    assert opt_in.call_to_action.series is not None
    return SeriesRun.objects.create(
        lead=opt_in.lead,
        series=opt_in.call_to_action.series,
        opt_in=opt_in,
        started_at=started_at,
    )


def progress_of(
    lead: Lead,
    video: Video,
    *,
    quarter: int,
    began_at: datetime,
    watched_at: datetime | None = None,
) -> VideoProgress:
    """How far a lead has come with a video."""
    return VideoProgress.objects.create(
        lead=lead,
        video=video,
        quarter=quarter,
        began_at=began_at,
        watched_at=began_at if quarter == 4 else None,
    )
