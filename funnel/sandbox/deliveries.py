"""Sends webhooks: form-encoded, in the background, again where nobody listened.

Nothing leaves this machine: a webhook goes to a loopback address or nowhere.
"""

from __future__ import annotations

import heapq
import http.client
import ipaddress
import itertools
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import SplitResult, urlencode, urlsplit

from funnel.sandbox.state import Happening, State

DEADLINE = 10
RETRY_AFTER = (5, 30, 120, 600, 1800)
KEPT = 200


@dataclass(frozen=True)
class Delivery:
    """One attempt to tell one webhook; ``status`` is 0 where nobody answered."""

    at: str
    type: str
    url: str
    status: int


@dataclass(frozen=True)
class _Job:
    audience_id: str
    webhook_id: str
    happening: Happening
    attempt: int


class Deliveries:
    """The webhooks on their way. ``monotonic`` is the clock that retries wait by."""

    def __init__(self, state: State, *, monotonic: Callable[[], float] = time.monotonic) -> None:
        self.sent: deque[Delivery] = deque(maxlen=KEPT)
        self._state = state
        self._monotonic = monotonic
        self._jobs: list[tuple[float, int, _Job]] = []
        self._numbers = itertools.count()
        self._changed = threading.Condition()
        self._busy = False
        self._closed = False
        self._thread: threading.Thread | None = None

    def tell(self, happenings: list[Happening]) -> None:
        """Queue each happening for the webhooks that asked for it."""
        for happening in happenings:
            with self._state.lock:
                audience = self._state.audiences[happening.audience_id]
                wanted = [
                    webhook.id
                    for webhook in audience.webhooks
                    if not webhook.disabled
                    and webhook.events.get(happening.type)
                    and webhook.sources.get(happening.source)
                ]
            for webhook_id in wanted:
                self._queue(_Job(happening.audience_id, webhook_id, happening, 0), after=0)

    def settle(self, *, timeout: float) -> bool:
        """Wait until all that is due was sent; false where that takes longer."""
        with self._changed:
            return self._changed.wait_for(lambda: not self._busy and not self._due(), timeout)

    def close(self) -> None:
        """Send nothing more."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()

    def _queue(self, job: _Job, *, after: float) -> None:
        with self._changed:
            heapq.heappush(self._jobs, (self._monotonic() + after, next(self._numbers), job))
            if self._thread is None:
                self._thread = threading.Thread(
                    target=self._work, name="mailchimp-sandbox-webhooks", daemon=True
                )
                self._thread.start()
            self._changed.notify_all()

    def _due(self) -> bool:
        return bool(self._jobs) and self._jobs[0][0] <= self._monotonic()

    def _work(self) -> None:
        while True:
            with self._changed:
                while not self._closed and not self._due():
                    wait = self._jobs[0][0] - self._monotonic() if self._jobs else None
                    self._changed.wait(wait)
                if self._closed:
                    return
                _, _, job = heapq.heappop(self._jobs)
                self._busy = True
            try:
                self._send(job)
            finally:
                with self._changed:
                    self._busy = False
                    self._changed.notify_all()

    def _send(self, job: _Job) -> None:
        with self._state.lock:
            audience = self._state.audiences[job.audience_id]
            webhook = next((item for item in audience.webhooks if item.id == job.webhook_id), None)
        if webhook is None or webhook.disabled:
            return
        status = ask("POST", webhook.url, body=form_body(job.happening))
        now = self._state.now()
        self.sent.append(Delivery(now, job.happening.type, webhook.url, status))
        if status == http.client.GONE:
            with self._state.lock:
                webhook.disabled = True
                self._state.save_audience(audience)
                self._state.commit()
        elif not 200 <= status < 300 and job.attempt < len(RETRY_AFTER):
            again = _Job(job.audience_id, job.webhook_id, job.happening, job.attempt + 1)
            self._queue(again, after=RETRY_AFTER[job.attempt])


def form_body(happening: Happening) -> str:
    """The body of a webhook: ``type``, ``fired_at`` without a zone, ``data[…]``."""
    fired_at = datetime.fromisoformat(happening.fired_at)
    pairs = [("type", happening.type), ("fired_at", f"{fired_at:%Y-%m-%d %H:%M:%S}")]
    return urlencode([*pairs, *_flat("data", happening.data)], errors="replace")


def ask(method: str, url: str, *, body: str | None = None, user_agent: str = "MailChimp") -> int:
    """The status that a loopback URL answers; 0 where it is none, or nobody answers in time."""
    try:
        parts = urlsplit(url)
        if parts.scheme != "http" or not _is_loopback(parts):
            return 0
        headers = {"User-Agent": user_agent}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        connection = http.client.HTTPConnection(
            parts.hostname or "", parts.port or 80, timeout=DEADLINE
        )
        try:
            target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
            connection.request(method, target, body=body, headers=headers)
            return connection.getresponse().status
        finally:
            connection.close()
    except (OSError, http.client.HTTPException, ValueError):
        return 0


def _is_loopback(parts: SplitResult) -> bool:
    host = parts.hostname or ""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _flat(prefix: str, data: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for name, value in data.items():
        if isinstance(value, Mapping):
            yield from _flat(f"{prefix}[{name}]", value)
        else:
            yield f"{prefix}[{name}]", "" if value is None else str(value)
