"""The last requests to the API, for a person to look at and for tests to count."""

from __future__ import annotations

import re
import threading
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

KEPT = 500
_ADDRESS = re.compile(r"[^/]*(@|%40)[^/]*")


@dataclass(frozen=True)
class Entry:
    """One request: ``status`` is what the client saw, 0 where it got no answer; ``note`` says why.

    ``path`` has no query, and an address in it is masked. ``body`` is what was sent: it is for
    tests, is never shown and never written to disk.
    """

    at: datetime
    method: str
    path: str
    status: int
    duration_ms: float
    note: str
    body: bytes


class Journal:
    """The newest ``KEPT`` requests, oldest first when iterated."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._entries: deque[Entry] = deque(maxlen=KEPT)

    def add(self, entry: Entry) -> None:
        """Note a request that is over."""
        with self._lock:
            self._entries.append(entry)

    def clear(self) -> None:
        """Forget all."""
        with self._lock:
            self._entries.clear()

    def matching(self, *, method: str = "", path: str = "") -> list[Entry]:
        """The requests of this method whose path holds this regular expression."""
        return [
            entry for entry in self if method in ("", entry.method) and re.search(path, entry.path)
        ]

    def __iter__(self) -> Iterator[Entry]:
        with self._lock:
            return iter(list(self._entries))

    def __len__(self) -> int:
        return len(self._entries)


def masked(path: str) -> str:
    """The path without any address in it."""
    return _ADDRESS.sub("(address)", path)
