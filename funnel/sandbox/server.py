"""Puts the sandbox together, starts and stops it.

For a person: ``manage.py mailchimp_sandbox``, which calls ``run``. For tests::

    with running_sandbox() as sandbox:
        sandbox.url             # http://127.0.0.1:40123 (pages for people)
        sandbox.api_url         # http://127.0.0.1:40123/3.0
        sandbox.audience_id     # the one audience it starts with
        sandbox.member(address) # the record of a member, or None
        sandbox.tags(address)   # the names of her tags, a set
        sandbox.journal         # the requests so far: method, path, status, body …
        sandbox.faults          # makes it fail on purpose, see faults.py
        sandbox.act("confirm", address)  # what only the person can do, see people.py
        sandbox.settle()        # wait for webhooks and batches that are on their way
        sandbox.stop()          # nothing listens any more, every connection breaks …
        sandbox.start()         # … and here it is again, same port, nothing forgotten

It listens on this machine only, keeps everything in memory unless given a file, and takes any
well-formed key: ``API_KEY`` for example.
"""

from __future__ import annotations

import contextlib
import errno
import ipaddress
import signal
import sys
import threading
import uuid
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

from funnel.sandbox import people
from funnel.sandbox.api import PREFIX, Api
from funnel.sandbox.batches import BatchRunner
from funnel.sandbox.deliveries import Deliveries
from funnel.sandbox.faults import Faults
from funnel.sandbox.journal import Journal
from funnel.sandbox.pages import SandboxPages
from funnel.sandbox.state import (
    DEFAULT_AUDIENCE_ID,
    Audience,
    Happening,
    Member,
    State,
    subscriber_hash,
)
from funnel.sandbox.store import Store, StoreError
from funnel.sandbox.transport import Server

API_KEY = "0123456789abcdef0123456789abcdef-us1"
DEFAULT_PORT = 8025


def _utc_now() -> datetime:
    return datetime.now(UTC)


class Sandbox:
    """A Mailchimp of one's own: its records, and the server that answers for them.

    ``state_path`` is the SQLite file that keeps the records, None for memory only. Port 0 takes a
    free one at the first start and keeps it.
    """

    def __init__(
        self,
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        state_path: Path | None = None,
        audience_id: str = DEFAULT_AUDIENCE_ID,
        clock: Callable[[], datetime] = _utc_now,
        log: Callable[[str], None] | None = None,
    ) -> None:
        self.host = _loopback(host)
        if not 0 <= port <= 65535:
            raise ValueError(f"{port} is no port; ports go from 1 to 65535.")
        self.port = port
        self.audience_id = audience_id
        self.journal = Journal()
        self.faults = Faults()
        keeper = Store(state_path) if state_path is not None else None
        self.state = State(clock=clock, keeper=keeper, audience_id=audience_id)
        self._clock = clock
        self._log = log
        self._api = Api(
            self.state,
            base_url=lambda: self.url,
            request_ids=lambda: str(uuid.uuid4()),
            on_happenings=self._tell,
        )
        self.deliveries = Deliveries(self.state)
        self._batches = BatchRunner(self.state, self._api)
        self._pages = SandboxPages(
            self.state, self.journal, self.deliveries.sent, on_happenings=self._tell
        )
        self._server: Server | None = None
        self._thread: threading.Thread | None = None

    @property
    def url(self) -> str:
        """Where the pages for people are."""
        return f"http://{self.host}:{self.port}"

    @property
    def api_url(self) -> str:
        """Where the API is."""
        return self.url + PREFIX

    @property
    def audience(self) -> Audience:
        """The audience it started with."""
        return self.state.audiences[self.audience_id]

    def member(self, address: str) -> Member | None:
        """The member with this address, archived ones included."""
        with self.state.lock:
            return self.audience.members.get(subscriber_hash(address))

    def tags(self, address: str) -> set[str]:
        """The names of the member's tags; empty where there is no member."""
        with self.state.lock:
            member = self.member(address)
            links = member.tags if member else []
            return {self.audience.segments[link.tag_id].name for link in links}

    def start(self) -> None:
        """Listen; OSError where the port is taken."""
        if self._server is not None:
            return
        server = Server(
            (self.host, self.port),
            api=self._api,
            pages=self._pages,
            journal=self.journal,
            plans=self.faults,
            clock=self._clock,
            log=self._log,
        )
        self.port = server.server_port
        self._server = server
        self._thread = threading.Thread(target=server.serve, name="mailchimp-sandbox", daemon=True)
        self._thread.start()
        self._batches.wake()

    def stop(self) -> None:
        """Stop listening and break every connection; the records stay."""
        server, thread = self._server, self._thread
        if server is None or thread is None:
            return
        self._server = self._thread = None
        server.halt()
        thread.join()
        server.server_close()

    def close(self) -> None:
        """Stop for good and let go of the file."""
        self.faults.clear()
        self.stop()
        self._batches.close()
        self.deliveries.close()
        self.state.close()

    def act(self, name: str, address: str) -> None:
        """Let the person with this address do something: see ``people.ACTS`` for the names."""
        with self.state.lock:
            member = self.audience.members[subscriber_hash(address)]
            people.do(self.state, self.audience, member, name)
            happenings = self.state.take_outgoing()
        self._tell(happenings)

    def settle(self, *, timeout: float = 10) -> bool:
        """Wait until batches are done and due webhooks sent; false where that takes longer."""
        return self._batches.settle(timeout=timeout) and self.deliveries.settle(timeout=timeout)

    def _tell(self, happenings: list[Happening]) -> None:
        self.deliveries.tell(happenings)
        self._batches.wake()


def _loopback(host: str) -> str:
    """The address to listen on; a ValueError unless it is one that only this machine reaches."""
    if host == "localhost":
        return "127.0.0.1"
    try:
        if ipaddress.IPv4Address(host).is_loopback:
            return host
    except ValueError:
        pass
    raise ValueError(
        f"it has no passwords, so it listens on this machine only: 127.0.0.1, not {host}."
    )


@contextlib.contextmanager
def running_sandbox(
    *,
    state_path: Path | None = None,
    audience_id: str = DEFAULT_AUDIENCE_ID,
    clock: Callable[[], datetime] = _utc_now,
) -> Iterator[Sandbox]:
    """A sandbox on a free port while the block runs."""
    sandbox = Sandbox(state_path=state_path, audience_id=audience_id, clock=clock)
    try:
        sandbox.start()
        yield sandbox
    finally:
        sandbox.close()


def run(
    *,
    host: str,
    port: int,
    state_path: Path | None,
    audience_id: str,
    verbose: bool,
    say: Callable[[str], None] = print,
) -> int:
    """Serve until SIGINT or SIGTERM; the exit code: 0, or 1 with a sentence why it can't start."""
    asked_to_stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: asked_to_stop.set())
    try:
        sandbox = Sandbox(
            host=host,
            port=port,
            state_path=state_path,
            audience_id=audience_id,
            log=say if verbose else None,
        )
    except (StoreError, ValueError) as error:
        print(f"The Mailchimp sandbox can't start: {error}", file=sys.stderr)
        return 1
    try:
        try:
            sandbox.start()
        except OSError as error:
            print(
                f"The Mailchimp sandbox can't start: {_reason(error, host, port)}", file=sys.stderr
            )
            return 1
        say(f"Mailchimp sandbox ready at {sandbox.url}")
        asked_to_stop.wait()
    finally:
        sandbox.close()
    return 0


def _reason(error: OSError, host: str, port: int) -> str:
    if error.errno == errno.EADDRINUSE:
        return (
            f"port {port} is in use on {host}. Stop what uses it, "
            "or choose another with SANDBOX_PORT."
        )
    return f"port {port} on {host} can't be used ({error.strerror})."
