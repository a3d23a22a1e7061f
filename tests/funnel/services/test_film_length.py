"""How long a film runs, read from files of every make."""

from typing import Any

import pytest
from django.core.files.base import ContentFile
from hypothesis import given
from hypothesis import strategies as st

from funnel.models import Video
from funnel.services.film_length import film_length
from tests.factories.leads import VideoFactory
from tests.factories.watching import box, mp4


def film(content: bytes, *, stated: int = 0) -> Video:
    """A video that lies in memory."""
    video = Video(duration_seconds=stated)
    video.file = ContentFile(content, name="film.mp4")

    class Memory:
        def open(self, name: str, mode: str) -> ContentFile[bytes]:
            return ContentFile(content)

    video.file.storage = Memory()
    return video


@pytest.mark.parametrize(
    "shape", [{}, {"is_long": True}, {"at_end": False}, {"scale": 90_000}, {"scale": 1}]
)
def test_the_file_says_how_long_it_runs(shape: dict[str, Any]) -> None:
    assert film_length(film(mp4(72, **shape), stated=300)) == 72


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"moov",
        bytes(2000),
        mp4(72)[:-60],
        mp4(0),
        mp4(72, scale=1000).replace(b"mvhd", b"free"),
        box(b"moov", box(b"mvhd", b"")),
        b"\x1a\x45\xdf\xa3" + bytes(100),
    ],
)
def test_else_the_coach_says_it(content: bytes) -> None:
    assert film_length(film(content, stated=300)) == 300


@given(st.binary(max_size=200))
def test_no_file_breaks_it(content: bytes) -> None:
    assert film_length(film(content)) >= 0
    assert film_length(film(box(b"moov", box(b"mvhd", content)))) >= 0


@pytest.mark.django_db
def test_a_file_that_the_disk_has_lost_is_of_the_stated_length() -> None:
    video = VideoFactory(duration_seconds=290)
    video.file.storage.delete(video.file.name)
    assert film_length(video) == 290
