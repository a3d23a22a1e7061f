"""Sixty payloads through every field that takes a stranger’s text: each stays a text everywhere.

`make soak ARGS=payloads` opens all of it in a browser.
"""

import os
import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core import mail
from django.test import Client

from funnel.models import FunnelSettings, Lead
from funnel.text import clean_line
from tests.factories.assessments import published
from tests.factories.watching import series_of
from tests.outside.harm import (
    CONTROL,
    harm_in_csv,
    harm_in_html,
    harm_in_mail,
    harm_in_text,
    harm_in_xlsx,
    text_of,
)
from tests.outside.payloads import ATTRIBUTES, LINES_AND_LETTERS, MARKUP, PAYLOADS, SCRIPTS, TABLES
from tests.outside.strangers import PLACES, Stranger
from tests.permissions.samples import admin_patterns

IS_TRIAL = os.environ.get("SOAK_PAYLOADS") == "1"
# Every so many payloads another stranger begins; so each payload is in ten of the places.
STEP = 6
# The next page, a state, a file; no filter or order, which show the same rows again.
_LEADS_ON = re.compile(r"|(p|page|state|export)=\w+")
HARMLESS_BY_ITSELF = {"entities", "form that goes elsewhere"}


@pytest.fixture
def strangers(visitor: Any, now: datetime) -> list[Stranger]:
    """Everybody has sent everything."""
    funnel_settings = FunnelSettings.load()
    funnel_settings.series = series_of(2)
    funnel_settings.coach_address = "coach@site.test"
    funnel_settings.save()
    published(now)
    everybody = []
    for number, payloads in enumerate(shares()):
        stranger = Stranger(visitor, payloads, number=number)
        stranger.send_everything()
        everybody.append(stranger)
        if number % 15 == 14:
            visitor.move(hours=1)
    return everybody


def shares() -> list[list[str]]:
    """Which payloads each stranger sends: one of them everywhere, or, to be quick, all in turns."""
    payloads = list(PAYLOADS.values())
    if IS_TRIAL:
        return [[payload] for payload in payloads]
    return [payloads[number:] + payloads[:number] for number in range(0, len(payloads), STEP)]


@pytest.fixture
def staff(db: None) -> Client:
    """Somebody who may see everything."""
    client = Client()
    client.force_login(User.objects.create_superuser("payloads"))
    return client


def beginnings() -> list[str]:
    """Where the admin shows what strangers have sent: its lists, found by walking."""
    return [
        f"/admin/{pattern}"
        for pattern, _ in admin_patterns()
        if "<" not in pattern and re.match(r"(snippets/funnel/|funnel|reports/)", pattern)
    ]


def pages_about(staff: Client, *, most: int) -> Iterator[tuple[str, Any]]:
    """Every list, detail, history, receipt and file of the admin that a list leads to."""
    waiting, known = beginnings(), set[str]()
    waiting += ["/admin/", "/admin/funnel_call_requests/?state=answered"]
    while waiting and len(known) < most:
        path = waiting.pop(0)
        if path in known:
            continue
        known.add(path)
        answer = staff.get(path)
        if answer.status_code in (404, 405) or answer.headers["Content-Type"].startswith("image"):
            continue
        yield path, answer
        if answer.headers["Content-Type"].startswith("text/html") and not answer.streaming:
            waiting += links_in(path, answer.content.decode())


def links_in(path: str, html: str) -> list[str]:
    """The links of a page of the admin that lead on to what is kept about people."""
    found = []
    for link in re.findall(r'href="(/admin/[^"#]*|\?[^"#]*)"', html):
        whole = (path.partition("?")[0] + link if link.startswith("?") else link).replace(
            "&amp;", "&"
        )
        query = whole.partition("?")[2]
        if re.match(r"/admin/(snippets/funnel/lead|funnel)", whole) and _LEADS_ON.fullmatch(query):
            found.append(whole)
    return found


def content_of(answer: Any) -> bytes:
    """What an answer holds, a file among others."""
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


def harm_in(answer: Any) -> list[str]:
    """Judge an answer by what it says it is."""
    kind, content = answer.headers.get("Content-Type", ""), content_of(answer)
    if answer.status_code == 422:
        # What somebody sees of her own form, just as she has sent it.
        content = CONTROL.sub("", content.decode()).encode()
    found = [
        f"the header {name}"
        for name, value in answer.headers.items()
        if "\n" in value or "\r" in value or "__ran" in value
    ]
    if kind.startswith("text/html"):
        return found + harm_in_html(content.decode())
    if kind.startswith("text/csv"):
        return found + harm_in_csv(content)
    if "spreadsheet" in kind:
        return found + harm_in_xlsx(content)
    return found + (harm_in_text(content.decode()) if kind.startswith(("text", "appl")) else [])


@pytest.mark.parametrize("name", [*SCRIPTS, *MARKUP, *ATTRIBUTES])
def test_the_judge_sees_a_payload_that_nobody_escaped(name: str) -> None:
    if name in HARMLESS_BY_ITSELF:
        return
    page = "<p>{0}</p><a title=\"{0}\">x</a><a title='{0}'>x</a><a title=x{0}>x</a>"
    assert harm_in_html(page.replace("{0}", PAYLOADS[name]))


def test_the_judge_sees_a_formula_and_a_control_character() -> None:
    assert all(harm_in_csv(f'"{PAYLOADS[name]}"'.encode()) for name in TABLES if "'" in name)
    assert harm_in_csv(b"a,b\r\nx,=1+1\r\n")
    assert harm_in_text(PAYLOADS["text that runs backwards"])
    assert harm_in_text(PAYLOADS["null and other control characters"])


def test_sixty_payloads_through_every_field_stay_text(
    strangers: list[Stranger], staff: Client
) -> None:
    harm: dict[str, list[str]] = {}

    def judge(where: str, found: list[str]) -> None:
        if found:
            harm.setdefault(re.sub(r"\d+|/[\w-]{43}/", "…", where), []).extend(found)

    for stranger in strangers:
        for where, answer in stranger.seen:
            judge(where, harm_in(answer))
    for message in mail.outbox:
        judge(f"mail “{message.subject}”", harm_in_mail(message))
    note = strangers[0].text("topic") + LINES_AND_LETTERS["text that runs backwards"]
    answer = staff.post(f"/admin/funnel_call_requests/{strangers[0].request.pk}/", {"note": note})
    assert answer.status_code == 302
    seen: dict[str, str] = {}
    for path, answer in pages_about(staff, most=900):
        judge(path, harm_in(answer))
        if answer.headers["Content-Type"].startswith("text/html"):
            seen[path] = text_of(answer.content.decode())
    if IS_TRIAL:
        answers = sum(len(stranger.seen) for stranger in strangers)
        print(
            f"\n  {len(PAYLOADS)} payloads in {len(PLACES)} places each: {answers:,} answers, "
            f"{len(mail.outbox)} mails and {len(seen)} pages of the admin judged"
        )
    assert not harm, harm
    everything = " ".join(seen.values())
    for name, payload in PAYLOADS.items():
        shown = clean_line(payload, max_length=80)
        assert " ".join(shown.split()) in everything, name
    assert len(mail.outbox) >= 5 * len(strangers)
    for pattern in (r"lead/$", r"lead/inspect/", r"lead/receipt/", r"funnel_call_requests/\d+/$"):
        assert any(re.search(pattern, path) for path in seen), pattern
    assert Lead.objects.count() == len(strangers)
