"""One generation for the whole site, the same in every process.

It is a random token and no count: a reader only asks whether it is still the one it rendered
under, so two processes that advance at once need no lock, and a file that was deleted or a Redis
that was emptied cannot bring an old number back.
"""

import contextlib
import logging
import mmap
import os
import secrets
import threading
import time
from functools import cache
from pathlib import Path
from typing import Any, Protocol

from django.conf import settings

logger = logging.getLogger(__name__)

REDIS_KEY = "unstuck:page-cache:generation"
# A visitor waits for this at most once a second, and only while Redis is away.
REDIS_PATIENCE_SECONDS = 0.25
REDIS_REST_SECONDS = 1.0
REDIS_ATTEMPTS = 300
_TOKEN_BYTES = 8

Token = int | bytes


class Generation(Protocol):
    """Where the processes of a site meet."""

    def current(self) -> Token | None:
        """Return the site's generation; None where it cannot be known, so nothing may be cached."""

    def advance(self, *, is_a_change: bool = True) -> None:
        """Make everything rendered so far out of date, in every process.

        Where that is not possible it is said, unless nothing has changed and a process just starts.
        """

    def is_shared(self) -> bool:
        """Whether other processes still look where this one does; asked before storing."""


class FileGeneration:
    """The generation as eight mapped bytes: reading them costs no system call.

    Reader and writer copy all eight at once. Were a copy ever torn, it would equal no token, and
    the page would be rendered again.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._view: memoryview | None = None
        self._inode: tuple[int, int] = (0, 0)

    def current(self) -> Token | None:
        """Return the mapped token; None where the file can be neither opened nor made."""
        view = self._view
        if view is None:
            view = self._map()
        return None if view is None else view[0]

    def advance(self, *, is_a_change: bool = True) -> None:
        """Write a token nobody has seen; where the folder is missing there is nobody to tell."""
        view = self._view if self.is_shared() else self._map()
        if view is not None:
            view[0] = _new_token()
        elif is_a_change and self._path.parent.is_dir():
            logger.error(
                "The page cache could not be told of a change, because %s cannot be written. "
                "Pages may be up to five minutes old.",
                self._path.name,
            )

    def is_shared(self) -> bool:
        """Whether the mapped file is still the one in the folder."""
        try:
            status = self._path.stat()
        except OSError:
            status = None
        if status and self._view and (status.st_dev, status.st_ino) == self._inode:
            return True
        self._view = None
        return False

    def _map(self) -> memoryview | None:
        with self._lock, contextlib.suppress(OSError, ValueError):
            descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o666)
            try:
                status = os.fstat(descriptor)
                if status.st_size < _TOKEN_BYTES:
                    os.ftruncate(descriptor, _TOKEN_BYTES)
                # The view keeps the map alive, and the map needs no open file.
                view = memoryview(mmap.mmap(descriptor, _TOKEN_BYTES)).cast("Q")
            finally:
                os.close(descriptor)
            if not view[0]:
                view[0] = _new_token()
            self._inode = (status.st_dev, status.st_ino)
            self._view = view
            return view
        return None


class RedisGeneration:
    """The generation in Redis, for a site that runs on several machines."""

    def __init__(self, client: Any, *, clock: Any = time.monotonic) -> None:
        self._client = client
        self._clock = clock
        self._rests_until = float("-inf")
        self._owes = False
        self._teller: threading.Thread | None = None

    def current(self) -> Token | None:
        """Return the token in Redis; None, for a second at a time, where Redis does not answer."""
        if self._clock() < self._rests_until:
            return None
        try:
            if self._owes:
                self._set()
            token = self._client.get(REDIS_KEY)
            if token is None:
                self._client.set(REDIS_KEY, _new_token().to_bytes(_TOKEN_BYTES, "big"), nx=True)
                token = self._client.get(REDIS_KEY)
        except Exception:
            # Whatever a client of Redis raises, a visitor gets the page.
            self._rests_until = self._clock() + REDIS_REST_SECONDS
            return None
        return None if token is None else bytes(token)

    def advance(self, *, is_a_change: bool = True) -> None:
        """Set a new token; where Redis is away, go on trying behind the person's back."""
        self._owes = True
        try:
            self._set()
        except Exception:
            if is_a_change:
                logger.warning("Redis does not answer: the page cache hears of a change later.")
            self._rests_until = self._clock() + REDIS_REST_SECONDS
            if self._teller is None or not self._teller.is_alive():
                self._teller = threading.Thread(target=self._keep_trying, daemon=True)
                self._teller.start()

    def is_shared(self) -> bool:
        """Redis is nowhere else."""
        return True

    def _set(self) -> None:
        self._client.set(REDIS_KEY, _new_token().to_bytes(_TOKEN_BYTES, "big"))
        self._owes = False

    def _keep_trying(self) -> None:
        pause = threading.Event()
        for _attempt in range(REDIS_ATTEMPTS):
            pause.wait(REDIS_REST_SECONDS)
            with contextlib.suppress(Exception):
                if self._owes:
                    self._set()
                return


def _new_token() -> int:
    return secrets.randbits(8 * _TOKEN_BYTES - 1) + 1


@cache
def site_generation() -> Generation:
    """Return the generation this process shares with the others of its site."""
    if settings.REDIS_URL:
        import redis

        return RedisGeneration(
            redis.Redis.from_url(
                settings.REDIS_URL,
                socket_timeout=REDIS_PATIENCE_SECONDS,
                socket_connect_timeout=REDIS_PATIENCE_SECONDS,
            )
        )
    return FileGeneration(Path(settings.PAGE_CACHE_GENERATION_FILE))
