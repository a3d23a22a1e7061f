"""The site on a port of its own, served from within a test, whose transaction and clock it shares.

For a browser that follows redirects, fetches, and keeps cookies as it does with any server.
"""

import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.core.handlers.wsgi import WSGIHandler
from django.core.servers.basehttp import ThreadedWSGIServer
from django.core.signals import request_finished, request_started
from django.db import DEFAULT_DB_ALIAS, close_old_connections, connections
from django.test.testcases import QuietWSGIRequestHandler


class _Server(ThreadedWSGIServer):
    daemon_threads = True

    def _close_connections(self) -> None:
        """Leave the test's connection open."""


def _keep_connections() -> None:
    """Have no request close the test's connection; Django's test client asks for it each time."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)


class SiteInProcess:
    """Where the site is, and the lock that whoever works beside its requests must hold."""

    def __init__(self) -> None:
        self.lock = threading.RLock()
        self._handler = StaticFilesHandler(WSGIHandler())
        self._server = _Server(
            ("127.0.0.1", 0),
            QuietWSGIRequestHandler,
            connections_override={DEFAULT_DB_ALIAS: connections[DEFAULT_DB_ALIAS]},
        )
        self._server.set_app(self._answer)
        self.url = f"http://localhost:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)

    def _answer(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        with self.lock:
            _keep_connections()
            answer = self._handler(environ, start_response)
            try:
                return [b"".join(answer)]
            finally:
                answer.close()

    def beside(self, act: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        """Do something in the test while no request is being answered."""
        with self.lock:
            return act(*args, **kwargs)

    @contextmanager
    def running(self) -> Iterator["SiteInProcess"]:
        """Serve while the block runs; no request closes the connection of the test."""
        connection = connections[DEFAULT_DB_ALIAS]
        connection.inc_thread_sharing()
        self._thread.start()
        try:
            yield self
        finally:
            self._server.shutdown()
            self._server.server_close()
            connection.dec_thread_sharing()
            for signal in (request_started, request_finished):
                signal.connect(close_old_connections)
