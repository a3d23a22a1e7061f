"""Processes of one site, as the web server would run them, and a visitor who asks them."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import Any

from cms.page_cache.generation import FileGeneration, Generation
from cms.page_cache.store import PageStore
from cms.page_cache.wsgi import Environ, PageCache

HOST = "localhost:8000"


@dataclass
class Got:
    """What came back."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()


class Clock:
    """A clock that a test sets."""

    def __init__(self) -> None:
        self.seconds = 1000.0

    def __call__(self) -> float:
        return self.seconds


def environ_of(path: str = "/", method: str = "GET", **more: Any) -> Environ:
    """Return what the web server makes of a request; `more` names WSGI's own keys."""
    path, _, query = path.partition("?")
    environ = {
        "REQUEST_METHOD": method,
        "SCRIPT_NAME": "",
        "PATH_INFO": path,
        "QUERY_STRING": query,
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "8000",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "HTTP_HOST": HOST,
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.input": BytesIO(),
        "wsgi.errors": BytesIO(),
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
        **more,
    }
    return {name: value for name, value in environ.items() if value is not None}


def ask(application: Any, environ: Environ) -> Got:
    """Ask a WSGI application, as a server does."""
    answered: list[Any] = []

    def start_response(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> None:
        answered[:] = [int(status.split()[0]), dict(headers)]

    response: Iterable[bytes] = application(environ, start_response)
    try:
        body = b"".join(response)
    finally:
        if hasattr(response, "close"):
            response.close()
    return Got(*answered, body)


@dataclass
class Process:
    """One process of the site with its own page cache; counts how often Django was asked."""

    generation: Generation
    application: Any
    max_bytes: int = 10_000_000
    clock: Clock = field(default_factory=Clock)
    asked_django: list[str] = field(default_factory=list)
    seen_by_django: list[Environ] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.store = PageStore(max_bytes=self.max_bytes, clock=self.clock)
        self.cache = PageCache(self._count, generation=self.generation, store=self.store)

    def _count(self, environ: Environ, start_response: Any) -> Iterable[bytes]:
        self.asked_django.append(environ["PATH_INFO"])
        self.seen_by_django.append(environ)
        return self.application(environ, start_response)  # type: ignore[no-any-return]

    def get(self, path: str = "/", **more: Any) -> Got:
        """Ask for a page."""
        return ask(self.cache, environ_of(path, **more))

    def keeps(self, path: str = "/", **more: Any) -> bool:
        """Whether the second of two requests is answered without Django."""
        self.get(path, **more)
        before = len(self.asked_django)
        self.get(path, **more)
        return len(self.asked_django) == before


def process_at(file: Path, application: Any) -> Process:
    """Return a process of the site whose generation lies in this file."""
    return Process(FileGeneration(file), application)
