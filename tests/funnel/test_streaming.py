"""Byte ranges of a private file (RFC 9110, 14)."""

from typing import Any

import pytest
from django.core.files.base import ContentFile
from hypothesis import given
from hypothesis import strategies as st

from funnel.models import FunnelSettings, Video
from funnel.streaming import UnsatisfiableRangeError, parse_range

CONTENT = bytes(range(256)) * 1000


@pytest.mark.parametrize(
    ("header", "span"),
    [
        ("", None),
        ("bytes=0-", (0, 999)),
        ("bytes=0-0", (0, 0)),
        ("bytes=10-20", (10, 20)),
        ("bytes=990-2000", (990, 999)),
        ("bytes=-10", (990, 999)),
        ("bytes=-5000", (0, 999)),
        ("bytes=20-10", None),
        ("bytes=1-2,5-6", None),
        ("lines=1-2", None),
        ("bytes=-", None),
        ("bytes=a-b", None),
        ("bytes=٣-", None),
        ("bytes=" + "9" * 5000 + "-", None),
    ],
)
def test_ranges(header: str, span: tuple[int, int] | None) -> None:
    assert parse_range(header, size=1000) == span


@pytest.mark.parametrize("header", ["bytes=1000-", "bytes=1000-2000", "bytes=-0"])
def test_ranges_behind_the_end(header: str) -> None:
    with pytest.raises(UnsatisfiableRangeError):
        parse_range(header, size=1000)


@given(st.text(max_size=30) | st.from_regex(r"bytes=\d{0,20}-\d{0,20}"), st.integers(0, 10**6))
def test_any_header_is_a_range_inside_the_file_or_none(header: str, size: int) -> None:
    try:
        span = parse_range(header, size=size)
    except UnsatisfiableRangeError:
        return
    if span is not None:
        assert 0 <= span[0] <= span[1] < size


@pytest.fixture
def watching(visitor: Any) -> tuple[Any, str]:
    """A visitor with an open video page, and the address of a video's file."""
    series = FunnelSettings.load().series
    video = Video(series=series, title="One")
    video.file.save("the-traps.mp4", ContentFile(CONTENT))
    video.captions.save("en.vtt", ContentFile(b"WEBVTT\n"))
    visitor.become_confirmed()
    return visitor, f"/free-videos/watch/{video.pk}/file/"


def body(answer: Any) -> bytes:
    return b"".join(answer.streaming_content)


def test_a_video_can_be_sought(watching: tuple[Any, str]) -> None:
    visitor, url = watching
    answer = visitor.client.get(url, headers={"Range": "bytes=70000-80000"})
    assert answer.status_code == 206
    assert answer.headers["Content-Range"] == f"bytes 70000-80000/{len(CONTENT)}"
    assert answer.headers["Content-Type"] == "video/mp4"
    assert body(answer) == CONTENT[70000:80001]


def test_the_whole_video_is_200_and_behind_the_end_is_416(watching: tuple[Any, str]) -> None:
    visitor, url = watching
    whole = visitor.client.get(url)
    assert (whole.status_code, whole.headers["Accept-Ranges"]) == (200, "bytes")
    assert body(whole) == CONTENT
    behind = visitor.client.get(url, headers={"Range": f"bytes={len(CONTENT)}-"})
    assert (behind.status_code, behind.headers["Content-Range"]) == (
        416,
        f"bytes */{len(CONTENT)}",
    )


def test_captions_come_as_text_and_a_missing_poster_is_404(watching: tuple[Any, str]) -> None:
    visitor, url = watching
    captions = visitor.client.get(url.replace("/file/", "/captions/"))
    assert captions.headers["Content-Type"] == "text/vtt; charset=utf-8"
    assert visitor.client.get(url.replace("/file/", "/poster/")).status_code == 404


def test_without_the_cookie_there_is_no_video(watching: tuple[Any, str]) -> None:
    visitor, url = watching
    visitor.client.cookies.clear()
    assert visitor.client.get(url).status_code == 410


def test_a_video_of_another_series_stays_closed(watching: tuple[Any, str]) -> None:
    from tests.factories.leads import VideoFactory

    visitor, _ = watching
    other = VideoFactory()
    assert visitor.client.get(f"/free-videos/watch/{other.pk}/file/").status_code == 404


def test_the_web_server_may_send_the_bytes(watching: tuple[Any, str], settings: Any) -> None:
    visitor, url = watching
    settings.FUNNEL = {**settings.FUNNEL, "ACCEL_REDIRECT_PREFIX": "/private/"}
    answer = visitor.client.get(url)
    assert answer.headers["X-Accel-Redirect"].startswith("/private/videos/")
    assert "traps" not in answer.headers["X-Accel-Redirect"]
