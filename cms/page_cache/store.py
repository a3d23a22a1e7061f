"""The pages one process keeps: whole answers, bounded in bytes, the least lately used go first."""

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Final

from cms.page_cache.encodings import (
    IDENTITY,
    MIN_BYTES,
    compress,
    is_compressible,
)
from cms.page_cache.generation import Token
from cms.page_cache.keys import Key

Headers = list[tuple[str, str]]

MAX_AGE_SECONDS: Final = 300.0
# What an entry takes beyond its bytes: headers, key, objects.
_OVERHEAD_BYTES = 4096
_ABOUT_THE_BODY = frozenset({"content-type", "content-length", "content-encoding"})


@dataclass(frozen=True, slots=True)
class Variant:
    """An answer in one encoding, ready to be sent."""

    body: bytes
    etag: str
    headers: Headers
    not_modified_headers: Headers


@dataclass(slots=True)
class Answer:
    """What Django answered, and its variants as browsers ask for them."""

    headers: Headers
    body: bytes
    variants: dict[str, Variant] = field(default_factory=dict)

    def variant(self, encoding: str) -> Variant:
        """Return the answer in an encoding, compressed the first time it is asked for."""
        found = self.variants.get(encoding)
        if found is None:
            found = self.variants[encoding] = self._made(encoding)
        return found

    def _made(self, encoding: str) -> Variant:
        headers = {name.lower(): (name, value) for name, value in self.headers}
        body = self.body
        if encoding != IDENTITY:
            _, content_type = headers.get("content-type", ("", ""))
            if len(body) < MIN_BYTES or not is_compressible(content_type):
                return self.variant(IDENTITY)
            body = compress(body, encoding, is_kept=True)
            if len(body) >= len(self.body):
                return self.variant(IDENTITY)
            headers["content-encoding"] = ("Content-Encoding", encoding)
        etag = f'"{hashlib.blake2b(body, digest_size=12).hexdigest()}-{encoding}"'
        headers["content-length"] = ("Content-Length", str(len(body)))
        headers["etag"] = ("ETag", etag)
        headers["vary"] = ("Vary", "Accept-Encoding")
        # Kept by the browser, but asked about every time: nothing is stale after a publish.
        headers.setdefault("cache-control", ("Cache-Control", "no-cache"))
        return Variant(
            body=body,
            etag=etag,
            headers=list(headers.values()),
            not_modified_headers=[
                pair for name, pair in headers.items() if name not in _ABOUT_THE_BODY
            ],
        )


@dataclass(slots=True)
class _Entry:
    answer: Answer
    generation: Token
    expires_at: float
    size: int


class PageStore:
    """Answers by key. A look-up takes no lock."""

    def __init__(self, *, max_bytes: int, clock: Callable[[], float]) -> None:
        self._max_bytes = max_bytes
        self._clock = clock
        self._entries: OrderedDict[Key, _Entry] = OrderedDict()
        self._lock = threading.Lock()
        self.bytes = 0

    def __len__(self) -> int:
        return len(self._entries)

    def __contains__(self, key: Key) -> bool:
        return key in self._entries

    def __iter__(self) -> Iterator[Key]:
        """Go through the keys, the least recently used first."""
        return iter(list(self._entries))

    def get(self, key: Key, *, generation: Token, encoding: str) -> Variant | None:
        """Return the variant kept under this generation, unless it has grown too old."""
        entry = self._entries.get(key)
        if entry is None or entry.generation != generation or entry.expires_at < self._clock():
            return None
        # Cheaper than suppress() where every microsecond is a visitor's.
        try:  # noqa: SIM105
            self._entries.move_to_end(key)
        except KeyError:  # Another thread has just made room.
            pass
        found = entry.answer.variants.get(encoding)
        if found is None:
            found = entry.answer.variant(encoding)
            self._grow(key, entry)
        return found

    def put(self, key: Key, answer: Answer, *, generation: Token) -> None:
        """Keep an answer, and let go of others where there is no room."""
        entry = _Entry(
            answer=answer,
            generation=generation,
            expires_at=self._clock() + MAX_AGE_SECONDS,
            size=_size(answer),
        )
        with self._lock:
            self._remove(key)
            self._entries[key] = entry
            self.bytes += entry.size
            self._make_room()

    def clear(self) -> None:
        """Forget every answer."""
        with self._lock:
            self._entries.clear()
            self.bytes = 0

    def _grow(self, key: Key, entry: _Entry) -> None:
        with self._lock:
            if self._entries.get(key) is entry:
                size = _size(entry.answer)
                self.bytes += size - entry.size
                entry.size = size
                self._make_room()

    def _remove(self, key: Key) -> None:
        entry = self._entries.pop(key, None)
        if entry is not None:
            self.bytes -= entry.size

    def _make_room(self) -> None:
        while self.bytes > self._max_bytes:
            _, entry = self._entries.popitem(last=False)
            self.bytes -= entry.size


def _size(answer: Answer) -> int:
    variants = {id(variant): variant for variant in answer.variants.copy().values()}
    return (
        _OVERHEAD_BYTES
        + len(answer.body)
        + sum(len(v.body) for v in variants.values() if v.body is not answer.body)
    )
