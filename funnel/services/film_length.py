"""How long a film runs, as its own file says."""

import os
import struct
from collections.abc import Iterator
from typing import IO

from funnel.models import Video

_LONGEST = 24 * 60 * 60.0


def film_length(video: Video) -> float:
    """Return the seconds that a video runs: by its MP4 file, else as the coach says; 0 is unknown.

    What a coach types may be rounded, or belong to an earlier file.
    """
    try:
        with video.file.storage.open(video.file.name or "", "rb") as content:
            seconds = _mp4_seconds(content)
    except (OSError, ValueError, struct.error):
        seconds = 0.0
    return seconds if 0 < seconds < _LONGEST else float(video.duration_seconds)


def _mp4_seconds(content: IO[bytes]) -> float:
    """Read the movie header (ISO/IEC 14496-12, 8.2.2), wherever in the file it stands."""
    size = content.seek(0, os.SEEK_END)
    for kind, begin, end in _boxes(content, begin=0, end=size):
        if kind != b"moov":
            continue
        for inner, inner_begin, _ in _boxes(content, begin=begin, end=end):
            if inner == b"mvhd":
                content.seek(inner_begin)
                is_long = content.read(4)[:1] == b"\x01"
                content.seek(16 if is_long else 8, os.SEEK_CUR)
                scale, duration = (
                    struct.unpack(">IQ", content.read(12))
                    if is_long
                    else struct.unpack(">II", content.read(8))
                )
                return float(duration) / scale if scale else 0.0
    return 0.0


def _boxes(content: IO[bytes], *, begin: int, end: int) -> Iterator[tuple[bytes, int, int]]:
    """Yield kind, first and last place of what each box holds."""
    place = begin
    while place + 8 <= end:
        content.seek(place)
        size, kind = struct.unpack(">I4s", content.read(8))
        head = 8
        if size == 1:
            (size,) = struct.unpack(">Q", content.read(8))
            head = 16
        elif size == 0:
            size = end - place
        if size < head or place + size > end:
            return
        yield kind, place + head, place + size
        place += size
