"""Drops what names a person from an address before anything sees it: log, cache, view or database.

Mailchimp adds `mc_eid` to links in its mails; it stands for the recipient. Nothing here looks at
it, so nothing here may hold it, nor may the address of the page a request came from.
"""

import re
from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import unquote_plus

Environ = dict[str, Any]
Application = Callable[[Environ, Any], Iterable[bytes]]

MARK = "mc_eid"
# An address may stand inside an address, encoded once more each time.
_DEPTH = 4
_PARTS = re.compile(r"([&;])")
# Addresses with their query, as web servers and CGI name them.
_ADDRESSES = ("HTTP_REFERER", "REQUEST_URI", "RAW_URI", "HTTP_X_ORIGINAL_URI", "HTTP_X_REWRITE_URL")


def without_personal_marks(application: Application) -> Application:
    """Return the application behind a step that no such mark passes."""

    def scrubbing(environ: Environ, start_response: Any) -> Iterable[bytes]:
        return application(scrubbed(environ), start_response)

    return scrubbing


def scrubbed(environ: Environ) -> Environ:
    """Return the environ without the mark; the same one where it holds none, as nearly always."""
    changed = {}
    if _may_name(query := environ.get("QUERY_STRING", "")):
        changed["QUERY_STRING"] = scrubbed_query(query)
    for name in _ADDRESSES:
        if _may_name(address := environ.get(name, "")):
            changed[name] = scrubbed_address(address)
    return {**environ, **changed} if changed else environ


def scrubbed_query(query: str) -> str:
    """Return a query without the parts that name the mark, however they are spelled."""
    pieces = _PARTS.split(query)
    kept: list[str] = []
    for index in range(0, len(pieces), 2):
        if _names(pieces[index]):
            continue
        if kept:
            kept.append(pieces[index - 1])
        kept.append(pieces[index])
    return "".join(kept)


def scrubbed_address(address: str) -> str:
    """Return an address whose query and fragment hold no part that names the mark."""
    rest, hash_sign, fragment = address.partition("#")
    path, question_mark, query = rest.partition("?")
    if _names(path):
        return ""
    if _names(fragment):
        hash_sign = fragment = ""
    query = scrubbed_query(query)
    return path + (question_mark if query else "") + query + hash_sign + fragment


def _may_name(text: str) -> bool:
    """Whether a closer look is worth it, which it hardly ever is."""
    return "%" in text or MARK in text.lower()


def _names(text: str) -> bool:
    for _ in range(_DEPTH):
        if MARK in text.lower():
            return True
        decoded = unquote_plus(text)
        if decoded == text:
            return False
        text = decoded
    return MARK in text.lower()
