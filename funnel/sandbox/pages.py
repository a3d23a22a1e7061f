"""Which page answers which path, and who may press a button on it.

The sandbox has no passwords, so it answers only under a name of this machine (a page elsewhere
can't reach it through a borrowed name), and acts only when asked from a page of its own.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from email.message import Message
from pathlib import Path
from urllib.parse import parse_qs, unquote

from funnel.sandbox import people, screens
from funnel.sandbox.api import Answer
from funnel.sandbox.batches import results_archive
from funnel.sandbox.deliveries import Delivery
from funnel.sandbox.journal import Journal
from funnel.sandbox.state import Audience, Happening, Member, State

HTML = "text/html; charset=utf-8"
_STYLE = Path(__file__).with_name("style.css")
_OUR_NAMES = re.compile(r"(127(\.\d{1,3}){3}|localhost|\[::1\])(:\d+)?")
_HEADERS = (
    ("Cache-Control", "no-store"),
    (
        "Content-Security-Policy",
        "default-src 'none'; style-src 'self'; form-action 'self'; "
        "frame-ancestors 'none'; base-uri 'none'",
    ),
    ("Referrer-Policy", "same-origin"),
    ("X-Content-Type-Options", "nosniff"),
)


class SandboxPages:
    """Answers everything outside the API."""

    def __init__(
        self,
        state: State,
        journal: Journal,
        deliveries: Iterable[Delivery],
        *,
        on_happenings: Callable[[list[Happening]], None],
    ) -> None:
        self._state = state
        self._journal = journal
        self._deliveries = deliveries
        self._on_happenings = on_happenings

    def answer(self, method: str, path: str, query: str, headers: Message, body: bytes) -> Answer:
        """One page, or what became of a pressed button."""
        if not _OUR_NAMES.fullmatch(headers.get("Host", "")):
            return _message(421, "Wrong address", "Open the sandbox by the address it printed.")
        parts = [unquote(part) for part in path.strip("/").split("/")]
        if method == "POST":
            return self._act(parts, headers, body)
        if method not in ("GET", "HEAD"):
            return _message(405, "Not possible", "Pages are only read here.", allow="GET, HEAD")
        with self._state.lock:
            return self._page(parts, parse_qs(query))

    def _page(self, parts: list[str], query: dict[str, list[str]]) -> Answer:
        audiences = list(self._state.audiences.values())
        match parts:
            case ["style.css"]:
                css = "text/css; charset=utf-8"
                return Answer(200, _STYLE.read_bytes(), css, (("Cache-Control", "no-cache"),))
            case ["favicon.ico"]:
                return Answer(204, b"", "")
            case [""] if len(audiences) > 1:
                return _html(200, screens.audiences_screen(audiences))
            case [""]:
                return self._audience(audiences[0], query)
            case ["tags"]:
                return _html(200, screens.tags_screen(audiences[0]))
            case ["requests"]:
                entries, sent = list(self._journal), list(self._deliveries)
                return _html(200, screens.requests_screen(entries, sent))
            case ["audiences", audience_id] if audience_id in self._state.audiences:
                return self._audience(self._state.audiences[audience_id], query)
            case ["batch-results", name]:
                return self._batch_results(name)
        if found := self._member(parts):
            return _html(200, screens.member_screen(*found))
        return _not_found()

    def _audience(self, audience: Audience, query: dict[str, list[str]]) -> Answer:
        def asked(name: str) -> str:
            return query.get(name, [""])[-1]

        status = asked("status") if asked("status") in screens.STATUSES else ""
        tag = next(
            (item for item in audience.segments.values() if str(item.id) == asked("tag")), None
        )
        number = int(asked("page")) if re.fullmatch(r"[1-9]\d{0,5}", asked("page")) else 1
        return _html(200, screens.audience_screen(audience, status=status, tag=tag, number=number))

    def _member(self, parts: list[str]) -> tuple[Audience, Member] | None:
        match parts:
            case ["audiences", audience_id, "members", member_id]:
                audience = self._state.audiences.get(audience_id)
                member = audience.members.get(member_id) if audience else None
                return (audience, member) if audience and member else None
        return None

    def _batch_results(self, name: str) -> Answer:
        batch = self._state.batches.get(name.removesuffix(".tar.gz"))
        if batch is None or batch.status != "finished":
            return _not_found()
        return Answer(200, results_archive(batch), "application/gzip")

    def _act(self, parts: list[str], headers: Message, body: bytes) -> Answer:
        if not _from_our_pages(headers):
            return _message(403, "Refused", "Press the button on the sandbox's own page.")
        act = parse_qs(body.decode("utf-8", "replace")).get("act", [""])[-1]
        happenings: list[Happening] = []
        try:
            with self._state.lock:
                found = self._member(parts)
                if found is None:
                    return _not_found()
                audience, member = found
                try:
                    people.do(self._state, audience, member, act)
                except people.ActRefused as refusal:
                    screen = screens.member_screen(audience, member, notice=str(refusal))
                    return _html(409, screen)
                happenings = self._state.take_outgoing()
        finally:
            self._on_happenings(happenings)
        here = f"/audiences/{audience.id}/members/{member.id}"
        return Answer(303, b"", "", (("Location", here), *_HEADERS))


def _from_our_pages(headers: Message) -> bool:
    """Whether a browser says that the form was on a page of ours; silence is no."""
    site = headers.get("Sec-Fetch-Site")
    if site is not None:
        return bool(site == "same-origin")
    return bool(headers.get("Origin") == f"http://{headers.get('Host')}")


def _html(status: int, document: str, *, allow: str = "") -> Answer:
    headers = (*_HEADERS, ("Allow", allow)) if allow else _HEADERS
    return Answer(status, document.encode("utf-8", "replace"), HTML, headers)


def _message(status: int, title: str, text: str, *, allow: str = "") -> Answer:
    return _html(status, screens.message_screen(title, text), allow=allow)


def _not_found() -> Answer:
    return _message(404, "Nothing here", "There is no such page, or the member was forgotten.")
