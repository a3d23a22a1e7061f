"""The page cache between the web server and Django."""

import time
from collections.abc import Callable, Iterable
from typing import Any

from django.conf import settings
from django.core.cache import cache, caches
from wagtail.models import Site

from cms.page_cache.encodings import (
    IDENTITY,
    MIN_BYTES,
    compress,
    is_compressible,
    preferred_encoding,
)
from cms.page_cache.generation import Generation, Token
from cms.page_cache.keys import KeyMaker
from cms.page_cache.marking import SLOT, Slot
from cms.page_cache.store import Answer, Headers, PageStore, Variant

Environ = dict[str, Any]
StartResponse = Callable[..., Any]
Application = Callable[[Environ, StartResponse], Iterable[bytes]]

_OK = "200 OK"
_NOT_MODIFIED = "304 Not Modified"
_NOTHING: tuple[bytes, ...] = ()
_NOT_FOR_ALL = frozenset({"no-store", "private"})
_ALONE = frozenset({"accept-encoding"})


class PageCache:
    """Answers what it has kept, and lets Django answer the rest, compressed where it may be."""

    def __init__(
        self, application: Application, *, generation: Generation, store: PageStore
    ) -> None:
        self._application = application
        self._generation = generation
        self._store = store
        self._keys = KeyMaker()
        self._seen: Token | None = None

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """Answer one request."""
        generation = self._generation.current()
        if generation != self._seen:
            self._begin(generation)
        key = self._keys.key_of(environ)
        if key is None:
            return self._pass_on(environ, start_response)
        encoding = preferred_encoding(environ.get("HTTP_ACCEPT_ENCODING", ""))
        if generation is None:
            return self._pass_on(environ, start_response)
        kept = self._store.get(key, generation=generation, encoding=encoding)
        if kept is not None:
            return _send(kept, environ, start_response)
        # What cookies of others would change is not looked into: such an answer is not kept.
        if environ["REQUEST_METHOD"] != "GET" or "HTTP_COOKIE" in environ:
            return self._pass_on(environ, start_response)

        slot = environ[SLOT] = Slot(query=key.query)
        status, headers, response = _ask(self._application, environ)
        if not (slot.is_marked and _may_be_kept(status, headers, response)):
            return _finish(status, headers, response, environ, start_response)
        try:
            answer = Answer(headers=headers, body=b"".join(response))
        finally:
            _close(response)
        variant = answer.variant(encoding)
        # Read once more: what changed meanwhile may be half in this page.
        if self._generation.current() == generation and self._generation.is_shared():
            self._store.put(key, answer, generation=generation)
        return _send(variant, environ, start_response)

    def _pass_on(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        if environ.get("REQUEST_METHOD") != "GET" or self._keys.is_private(environ):
            return self._application(environ, start_response)
        return _finish(*_ask(self._application, environ), environ, start_response)

    def _begin(self, generation: Token | None) -> None:
        """Forget what earlier generations left in this process, before anybody reads it again."""
        self._store.clear()
        forget_own_memory()
        self._seen = generation


def forget_own_memory() -> None:
    """Drop what Wagtail remembers in the cache of one process, and another may have changed.

    Wagtail clears these only in the process that made the change.
    """
    Site.clear_site_root_paths_cache()
    cache.delete("wagtail_locales_display_name")
    if "renditions" in settings.CACHES:
        caches["renditions"].clear()


def _send(variant: Variant, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
    known = environ.get("HTTP_IF_NONE_MATCH")
    if known is not None and (variant.etag in known or known.strip() == "*"):
        start_response(_NOT_MODIFIED, variant.not_modified_headers)
        return _NOTHING
    start_response(_OK, variant.headers)
    return _NOTHING if environ["REQUEST_METHOD"] == "HEAD" else (variant.body,)


def _ask(application: Application, environ: Environ) -> tuple[str, Headers, Any]:
    answered: list[Any] = ["", []]

    def start_response(status: str, headers: Headers, _exc_info: Any = None) -> None:
        answered[:] = status, headers

    response = application(environ, start_response)
    return answered[0], answered[1], response


def _finish(
    status: str,
    headers: Headers,
    response: Any,
    environ: Environ,
    start_response: StartResponse,
) -> Iterable[bytes]:
    """Send what is not kept: compressed, unless it is somebody's own or a stream."""
    if not _may_be_compressed(headers, response):
        start_response(status, headers)
        return response
    try:
        body = b"".join(response)
    finally:
        _close(response)
    headers = _with_vary(headers)
    encoding = preferred_encoding(environ.get("HTTP_ACCEPT_ENCODING", ""))
    if encoding != IDENTITY and len(body) >= MIN_BYTES:
        body = compress(body, encoding, is_kept=False)
        headers = [pair for pair in headers if pair[0].lower() != "content-length"]
        headers += [("Content-Encoding", encoding), ("Content-Length", str(len(body)))]
    start_response(status, headers)
    return (body,)


def _close(response: Any) -> None:
    if hasattr(response, "close"):
        response.close()


def _tokens(headers: Headers, name: str) -> set[str]:
    return {
        token.partition("=")[0].strip().lower()
        for header, value in headers
        if header.lower() == name
        for token in value.split(",")
        if token.strip()
    }


def _is_for_all(headers: Headers, response: Any) -> bool:
    """Whether an answer is a whole one that says nothing of being somebody's own."""
    names = {name.lower() for name, _ in headers}
    return (
        getattr(response, "streaming", True) is False
        and "set-cookie" not in names
        and "content-encoding" not in names
        and not _tokens(headers, "cache-control") & _NOT_FOR_ALL
    )


def _may_be_kept(status: str, headers: Headers, response: Any) -> bool:
    return (
        status == _OK
        and _is_for_all(headers, response)
        and _tokens(headers, "vary") <= _ALONE
        # A number used once must not be used twice.
        and not any("'nonce-" in value for _, value in headers)
    )


def _may_be_compressed(headers: Headers, response: Any) -> bool:
    """Whether compression gives nothing away: no secret stands next to what a stranger chose."""
    content_type = next((value for name, value in headers if name.lower() == "content-type"), "")
    return (
        _is_for_all(headers, response)
        and not _tokens(headers, "vary") & {"cookie", "*"}
        and is_compressible(content_type)
        and not any(name.lower() == "etag" for name, _ in headers)
    )


def _with_vary(headers: Headers) -> Headers:
    names = [value for name, value in headers if name.lower() == "vary"]
    if "accept-encoding" in _tokens(headers, "vary"):
        return headers
    kept = [pair for pair in headers if pair[0].lower() != "vary"]
    return [*kept, ("Vary", ", ".join([*names, "Accept-Encoding"]))]


def with_page_cache(application: Application) -> Application:
    """Return the site behind its page cache, where the settings want one."""
    if not settings.PAGE_CACHE:
        return application
    from cms.page_cache.generation import site_generation

    store = PageStore(max_bytes=settings.PAGE_CACHE_BYTES, clock=time.monotonic)
    return PageCache(application, generation=site_generation(), store=store)
