"""Under which key an answer is kept, and which requests have none."""

import re
from collections.abc import Mapping
from typing import Any, NamedTuple
from urllib.parse import unquote_plus

from django.conf import settings

# The one thing in a query that a public page looks at.
PAGE_PARAMETER = "page"
# Whoever sends more than this is no reader.
MAX_QUERY_LENGTH = 4000
# As the site's own links write it: other spellings would fill the cache with one page.
_PAGE_NUMBER = re.compile(r"[1-9][0-9]{0,3}", re.ASCII)


class Key(NamedTuple):
    """What an answer may depend on, besides the encoding and the generation."""

    is_secure: bool
    host: str
    script_name: str
    path: str
    query: str


class KeyMaker:
    """Makes keys, as the settings at the start of the process say where a request came from."""

    def __init__(self) -> None:
        self._private_cookies = (settings.SESSION_COOKIE_NAME, "messages")
        self._forwarded_host = bool(settings.USE_X_FORWARDED_HOST)
        header = settings.SECURE_PROXY_SSL_HEADER
        self._scheme_header, self._secure_value = header or ("", "")

    def is_private(self, environ: Mapping[str, Any]) -> bool:
        """Whether a request brings something that may make the answer somebody's own."""
        if "HTTP_AUTHORIZATION" in environ:
            return True
        cookies: str = environ.get("HTTP_COOKIE", "")
        return cookies != "" and any(name in cookies for name in self._private_cookies)

    def key_of(self, environ: Mapping[str, Any]) -> Key | None:
        """Return the key of a GET or HEAD; None where the cache must stay out of it."""
        if (
            environ.get("REQUEST_METHOD") not in ("GET", "HEAD")
            or self.is_private(environ)
            # A body, or what comes with one.
            or environ.get("CONTENT_TYPE")
            or environ.get("CONTENT_LENGTH", "") not in ("", "0")
            or "HTTP_TRANSFER_ENCODING" in environ
            or (self._forwarded_host and "HTTP_X_FORWARDED_HOST" in environ)
        ):
            return None
        host = environ.get("HTTP_HOST", "")
        # Browsers send it so; a page must not repeat somebody's SpElLiNg to others.
        if not host or host != host.lower():
            return None
        query = environ.get("QUERY_STRING", "")
        if query:
            known = known_query(query)
            if known is None:
                return None
            query = known
        return Key(
            self._is_secure(environ),
            host,
            environ.get("SCRIPT_NAME", ""),
            environ.get("PATH_INFO", ""),
            query,
        )

    def _is_secure(self, environ: Mapping[str, Any]) -> bool:
        if self._scheme_header and self._scheme_header in environ:
            told: str = environ[self._scheme_header]
            return told.partition(",")[0].strip() == self._secure_value
        return bool(environ.get("wsgi.url_scheme") == "https")


def known_query(query: str) -> str | None:
    """Return a query without what no page looks at; None where `page` is no plain number.

    What is left out includes `mc_eid`, which names the person a mail went to.
    """
    if len(query) > MAX_QUERY_LENGTH:
        return None
    number = ""
    for part in query.split("&"):
        name, _, value = part.partition("=")
        if unquote_plus(name) != PAGE_PARAMETER:
            continue
        if number or not _PAGE_NUMBER.fullmatch(value):
            return None
        number = value
    return f"{PAGE_PARAMETER}={number}" if number else ""
