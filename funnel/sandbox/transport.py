"""HTTP: reads a request, lets the API or the pages answer it, writes the answer.

HTTP/1.1 with connections kept open, each in its own thread. Nothing is logged unless asked for,
and then neither query nor body.
"""

from __future__ import annotations

import contextlib
import selectors
import socket
import socketserver
import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from time import perf_counter
from typing import Any, ClassVar, Protocol

from funnel.sandbox import errors, faults
from funnel.sandbox.api import PREFIX, Answer, Api, key_in
from funnel.sandbox.errors import Problem
from funnel.sandbox.journal import Entry, Journal, masked

MOST_BYTES = 10 * 1024 * 1024
MOST_IN_FLIGHT = 10
_IDLE_SECONDS = 300


class Pages(Protocol):
    """What answers everything outside the API."""

    def answer(self, method: str, path: str, query: str, headers: Any, body: bytes) -> Answer: ...


class Gate:
    """Counts the requests in flight for each key and turns away the eleventh."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._inside: Counter[str] = Counter()

    @contextlib.contextmanager
    def entered(self, key: str) -> Iterator[None]:
        """Be inside while the block runs; a 429 Problem where the gate is full."""
        with self._lock:
            if self._inside[key] >= MOST_IN_FLIGHT:
                raise errors.too_many_connections()
            self._inside[key] += 1
        try:
            yield
        finally:
            with self._lock:
                self._inside[key] -= 1
                if not self._inside[key]:
                    del self._inside[key]


class Server(ThreadingHTTPServer):
    """Listens on one port of this machine and knows its open connections."""

    daemon_threads = True
    block_on_close = False
    request_queue_size = 128
    timeout = 0

    def __init__(
        self,
        address: tuple[str, int],
        *,
        api: Api,
        pages: Pages,
        journal: Journal,
        plans: faults.Faults,
        clock: Callable[[], datetime],
        log: Callable[[str], None] | None,
    ) -> None:
        self.api = api
        self.pages = pages
        self.journal = journal
        self.plans = plans
        self.clock = clock
        self.log = log
        self.gate = Gate()
        self.stopping = False
        self._connections: set[socket.socket] = set()
        self._connections_lock = threading.Lock()
        self._woken, self._waker = socket.socketpair()
        super().__init__(address, Handler)

    def serve(self) -> None:
        """Take connections until ``halt``; unlike ``serve_forever``, asleep while nothing comes."""
        with selectors.DefaultSelector() as selector:
            selector.register(self.socket, selectors.EVENT_READ)
            selector.register(self._woken, selectors.EVENT_READ)
            while not self.stopping:
                ready = [key.fileobj for key, _ in selector.select()]
                if self.socket in ready and not self.stopping:
                    self.handle_request()

    def halt(self) -> None:
        """Take no more connections and break the open ones, as a machine that goes down does."""
        self.stopping = True
        self._waker.send(b"!")
        with self._connections_lock:
            connections = list(self._connections)
        for connection in connections:
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)

    def server_close(self) -> None:
        """Let go of the port."""
        super().server_close()
        self._woken.close()
        self._waker.close()

    def server_bind(self) -> None:
        """Bind without asking the network what this machine is called."""
        socketserver.TCPServer.server_bind(self)
        self.server_name, self.server_port = "localhost", self.server_address[1]

    def process_request(self, request: Any, client_address: Any) -> None:
        """Remember the connection until it closes."""
        with self._connections_lock:
            self._connections.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        """Forget a connection that is over."""
        with self._connections_lock:
            self._connections.discard(request)
        super().shutdown_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that went away is no error worth a traceback; others are shown."""
        if not isinstance(sys.exc_info()[1], ConnectionError | TimeoutError):
            super().handle_error(request, client_address)


class Handler(BaseHTTPRequestHandler):
    """One connection."""

    server: Server
    protocol_version = "HTTP/1.1"
    server_version = "MailchimpSandbox"
    sys_version = ""
    wbufsize = -1
    disable_nagle_algorithm = True
    timeout = _IDLE_SECONDS
    _methods: ClassVar = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")

    def __getattr__(self, name: str) -> Callable[[], None]:
        if name.startswith("do_") and name[3:] in self._methods:
            return self._serve
        raise AttributeError(name)

    def log_message(self, format: str, *args: Any) -> None:
        """The base class's log, which would hold whole paths; ours is in ``_finish``."""

    def _serve(self) -> None:
        started = perf_counter()
        path, _, query = self.path.partition("?")
        body = self._read_body()
        if body is None:
            return
        if self.server.stopping:
            self._drop()
            return
        if path == PREFIX or path.startswith(PREFIX + "/"):
            self._serve_api(path, query, body, started)
        else:
            answer = self.server.pages.answer(self.command, path, query, self.headers, body)
            self._send(answer)
            self._note(path, answer.status, started)

    def _read_body(self) -> bytes | None:
        length = self.headers.get("Content-Length", "0")
        if "Transfer-Encoding" in self.headers or not length.isdigit():
            self.close_connection = True
            self.send_error(411)
            return None
        if int(length) > MOST_BYTES:
            self.close_connection = True
            self.send_error(413)
            return None
        return self.rfile.read(int(length))

    def _serve_api(self, path: str, query: str, body: bytes, started: float) -> None:
        fault = self.server.plans.take(self.command, path)
        if fault is not None and fault.kind == faults.DROP_BEFORE:
            answer = None
        elif fault is not None and fault.kind == faults.ANSWER:
            answer = self._planned(fault)
        else:
            answer = self._performed(path, query, body, fault)
            if fault is not None and fault.kind == faults.DROP_AFTER:
                answer = None
        entry = Entry(
            at=self.server.clock(),
            method=self.command,
            path=masked(path),
            status=answer.status if answer else 0,
            duration_ms=(perf_counter() - started) * 1000,
            note=fault.kind if fault else "",
            body=body,
        )
        self.server.journal.add(entry)
        if answer is None or self.server.stopping:
            self._drop()
        else:
            self._send(answer)
        self._note(entry.path, entry.status, started)

    def _drop(self) -> None:
        self.close_connection = True
        with contextlib.suppress(OSError):
            self.connection.shutdown(socket.SHUT_RDWR)

    def _performed(self, path: str, query: str, body: bytes, fault: faults.Fault | None) -> Answer:
        api = self.server.api
        try:
            key = key_in(self.headers.get("Authorization", ""))
            with self.server.gate.entered(key):
                if fault is not None and fault.kind == faults.HOLD:
                    self.server.plans.wait_out(fault, or_until=lambda: self.server.stopping)
                return api.answer(self.command, path[len(PREFIX) :], query, body)
        except Problem as problem:
            return api.refusal(problem)

    def _planned(self, fault: faults.Fault) -> Answer:
        if fault.title:
            return self.server.api.refusal(Problem(fault.status, fault.title, fault.detail))
        return Answer(fault.status, fault.body, fault.content_type)

    def _send(self, answer: Answer) -> None:
        self.send_response(answer.status)
        if answer.content_type:
            self.send_header("Content-Type", answer.content_type)
        for name, value in answer.headers:
            self.send_header(name, value)
        if answer.status != 204:
            self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(answer.body)
        self.wfile.flush()

    def _note(self, path: str, status: int, started: float) -> None:
        if self.server.log is not None:
            duration = (perf_counter() - started) * 1000
            self.server.log(
                f"{self.command} {masked(path)} {status or 'dropped'} {duration:.0f} ms"
            )
