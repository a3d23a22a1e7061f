"""Byte ranges of a private file (RFC 9110, 14)."""

from datetime import datetime
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from funnel.models import Video
from funnel.streaming import UnsatisfiableRangeError, parse_range
from tests.factories.leads import VideoFactory
from tests.factories.watching import open_link, opted_in, series_of

pytestmark = pytest.mark.django_db

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
def watching(now: datetime) -> tuple[Client, str]:
    """A browser with an open video page, and the address of a video's file."""
    opt_in = opted_in(series_of(1))
    video = opt_in.call_to_action.series.videos.get()
    video.file.save("the-traps.mp4", ContentFile(CONTENT))
    video.captions.save("en.vtt", ContentFile(b"WEBVTT\n"))
    video.poster.delete()
    client = Client()
    client.get(reverse("funnel:open_videos", args=[open_link(opt_in, now=timezone.now())[1]]))
    return client, f"/free-videos/watch/{video.pk}/file/"


def body(answer: Any) -> bytes:
    return b"".join(answer.streaming_content)


def test_a_video_can_be_sought(watching: tuple[Client, str]) -> None:
    client, url = watching
    answer = client.get(url, headers={"Range": "bytes=70000-80000"})
    assert answer.status_code == 206
    assert answer.headers["Content-Range"] == f"bytes 70000-80000/{len(CONTENT)}"
    assert answer.headers["Content-Type"] == "video/mp4"
    assert body(answer) == CONTENT[70000:80001]


def test_the_whole_video_is_200_and_behind_the_end_is_416(watching: tuple[Client, str]) -> None:
    client, url = watching
    whole = client.get(url)
    assert (whole.status_code, whole.headers["Accept-Ranges"]) == (200, "bytes")
    assert body(whole) == CONTENT
    behind = client.get(url, headers={"Range": f"bytes={len(CONTENT)}-"})
    assert (behind.status_code, behind.headers["Content-Range"]) == (
        416,
        f"bytes */{len(CONTENT)}",
    )


@pytest.mark.parametrize(
    ("asked", "first", "last"),
    [
        ("bytes=-10", len(CONTENT) - 10, len(CONTENT) - 1),
        ("bytes=-99999999", 0, len(CONTENT) - 1),
        ("bytes=255990-999999999", 255_990, len(CONTENT) - 1),
        ("bytes=0-", 0, len(CONTENT) - 1),
        ("bytes=0-1", 0, 1),
    ],
)
def test_what_players_ask_for_first(
    watching: tuple[Client, str], asked: str, first: int, last: int
) -> None:
    client, url = watching
    answer = client.get(url, headers={"Range": asked})
    assert answer.status_code == 206
    assert answer.headers["Content-Range"] == f"bytes {first}-{last}/{len(CONTENT)}"
    assert answer.headers["Content-Length"] == str(last - first + 1)
    assert body(answer) == CONTENT[first : last + 1]


def test_several_ranges_get_the_whole(watching: tuple[Client, str]) -> None:
    client, url = watching
    answer = client.get(url, headers={"Range": "bytes=0-1,5-6"})
    assert (answer.status_code, answer.headers.get("Content-Range")) == (200, None)
    assert body(answer) == CONTENT


def test_a_range_is_of_the_file_that_was_begun(watching: tuple[Client, str]) -> None:
    client, url = watching
    tag = client.get(url).headers["ETag"]
    assert tag.startswith('"')
    asked = {"Range": "bytes=5-9"}
    same = client.get(url, headers={**asked, "If-Range": tag})
    assert (same.status_code, body(same)) == (206, CONTENT[5:10])
    for other in ('"another"', f"W/{tag}", "Tue, 05 May 2026 10:00:00 GMT", ""):
        whole = client.get(url, headers={**asked, "If-Range": other})
        assert (whole.status_code, body(whole)) == (200, CONTENT), other
    video = Video.objects.get(pk=url.split("/")[-3])
    video.file.save("new.mp4", ContentFile(CONTENT[::-1]))
    assert client.get(url).headers["ETag"] != tag
    assert client.get(url, headers={**asked, "If-Range": tag}).status_code == 200


def test_a_head_tells_the_size_and_sends_nothing(watching: tuple[Client, str]) -> None:
    client, url = watching
    answer = client.head(url)
    assert (answer.status_code, answer.headers["Content-Length"]) == (200, str(len(CONTENT)))
    assert body(answer) == b""


def test_a_saved_file_has_a_name_that_says_nothing(watching: tuple[Client, str]) -> None:
    client, url = watching
    assert client.get(url).headers["Content-Disposition"] == 'inline; filename="video.mp4"'
    captions = client.get(url.replace("/file/", "/captions/"))
    assert captions.headers["Content-Disposition"] == 'inline; filename="captions.vtt"'


def test_a_file_that_the_disk_has_lost_is_404(watching: tuple[Client, str]) -> None:
    client, url = watching
    video = Video.objects.get(pk=url.split("/")[-3])
    video.file.storage.delete(video.file.name)
    assert client.get(url).status_code == 404


def test_captions_come_as_text_and_a_missing_poster_is_404(watching: tuple[Client, str]) -> None:
    client, url = watching
    captions = client.get(url.replace("/file/", "/captions/"))
    assert captions.headers["Content-Type"] == "text/vtt; charset=utf-8"
    assert client.get(url.replace("/file/", "/poster/")).status_code == 404


def test_without_the_cookie_there_is_no_video(watching: tuple[Client, str]) -> None:
    client, url = watching
    client.cookies.clear()
    assert client.get(url).status_code == 410


def test_a_video_of_another_series_stays_closed(watching: tuple[Client, str]) -> None:
    client, _ = watching
    other = VideoFactory()
    assert client.get(f"/free-videos/watch/{other.pk}/file/").status_code == 404


def test_the_web_server_may_send_the_bytes(watching: tuple[Client, str], settings: Any) -> None:
    client, url = watching
    settings.FUNNEL = {**settings.FUNNEL, "ACCEL_REDIRECT_PREFIX": "/private/"}
    answer = client.get(url)
    assert answer.headers["X-Accel-Redirect"].startswith("/private/videos/")
    assert "traps" not in answer.headers["X-Accel-Redirect"]
