"""Private files in pieces, so that a video can be sought."""

import hashlib
import mimetypes
import re
from collections.abc import Iterator
from pathlib import PurePath
from urllib.parse import quote

from django.db.models.fields.files import FieldFile
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase

from funnel.conf import funnel_setting
from funnel.models import Video

CHUNK_BYTES = 64 * 1024
_SINGLE_RANGE = re.compile(r"bytes=(\d*)-(\d*)", re.ASCII)
_MAX_DIGITS = 18


class UnsatisfiableRangeError(ValueError):
    """A range that starts behind the file's end: the answer is 416 (RFC 9110, 15.5.17)."""


def parse_range(header: str, *, size: int) -> tuple[int, int] | None:
    """Return first and last byte of a single range, None where the whole file is the answer.

    RFC 9110 lets a server ignore what it does not understand: several ranges, other units, and
    malformed ones get the whole file.
    """
    match = _SINGLE_RANGE.fullmatch(header.strip())
    if match is None:
        return None
    first_text, last_text = match.groups()
    if len(first_text) > _MAX_DIGITS or len(last_text) > _MAX_DIGITS:
        return None
    if not first_text and not last_text:
        return None
    if not first_text:
        length = min(int(last_text), size)
        if length == 0:
            raise UnsatisfiableRangeError
        return size - length, size - 1
    first = int(first_text)
    last = min(int(last_text), size - 1) if last_text else size - 1
    if last_text and int(last_text) < first:
        return None
    if first >= size:
        raise UnsatisfiableRangeError
    return first, last


def _pieces(file: FieldFile, *, first: int, length: int) -> Iterator[bytes]:
    with file.storage.open(file.name or "", "rb") as content:
        content.seek(first)
        while length > 0 and (piece := content.read(min(CHUNK_BYTES, length))):
            length -= len(piece)
            yield piece


def private_file_response(request: HttpRequest, file: FieldFile, *, name: str) -> HttpResponseBase:
    """Answer with a private file: 200, 206, 416, or a hand-over to the web server.

    With `FUNNEL["ACCEL_REDIRECT_PREFIX"]` set, nginx sends the bytes (X-Accel-Redirect) and does
    the ranges itself. Whoever saves it gets `name`, which says nothing, with the file's own ending;
    nobody but this browser may keep it. A file that the disk has lost is a 404.
    """
    stored_name = file.name or ""
    ending = PurePath(stored_name).suffix.lower()
    content_type = mimetypes.guess_type(stored_name)[0] or "application/octet-stream"
    if ending == ".vtt":
        content_type = "text/vtt; charset=utf-8"
    response: HttpResponseBase
    prefix = str(funnel_setting("ACCEL_REDIRECT_PREFIX"))
    if prefix:
        response = HttpResponse(content_type=content_type)
        response.headers["X-Accel-Redirect"] = f"{prefix.rstrip('/')}/{quote(stored_name)}"
    else:
        response = _ranged_response(request, file, content_type)
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Disposition"] = f'inline; filename="{name}{ending}"'
    return response


def video_part_response(request: HttpRequest, video: Video, *, part: str) -> HttpResponseBase:
    """Answer with one part of a video: `file`, `captions` or `poster`; 404 where it has none.

    Whether this person may have it was decided before.
    """
    file, name = {
        "file": (video.file, "video"),
        "captions": (video.captions, "captions"),
        "poster": (video.poster, "picture"),
    }[part]
    if not file:
        raise Http404("This video has no such file.")
    return private_file_response(request, file, name=name)


def _ranged_response(request: HttpRequest, file: FieldFile, content_type: str) -> HttpResponseBase:
    try:
        size = file.size
    except FileNotFoundError as error:
        raise Http404("This file is gone.") from error
    # A stored name is random and never used twice, so that it stands for these very bytes.
    tag = f'"{hashlib.sha256(f"{file.name}:{size}".encode()).hexdigest()[:32]}"'
    # RFC 9110, 13.1.5: a browser that has begun with other bytes gets the whole file.
    wants_these = request.headers.get("If-Range", tag) == tag
    try:
        span = parse_range(request.headers.get("Range", "") if wants_these else "", size=size)
    except UnsatisfiableRangeError:
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}"})
    first, last = span or (0, size - 1)
    response = StreamingHttpResponse(
        _pieces(file, first=first, length=last - first + 1),
        status=206 if span else 200,
        content_type=content_type,
    )
    response.headers["Accept-Ranges"] = "bytes"
    response.headers["ETag"] = tag
    response.headers["Content-Length"] = str(last - first + 1)
    if span:
        response.headers["Content-Range"] = f"bytes {first}-{last}/{size}"
    return response
