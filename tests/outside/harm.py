"""Judges a page, a mail or a file: whether a stranger’s text has become more than text in it."""

import csv
import email
import email.policy
import io
import re
from email.message import EmailMessage
from html.parser import HTMLParser

import openpyxl
from django.conf import settings
from django.core.mail import EmailMessage as Sent

ELSEWHERE = "elsewhere.test"
MARK = "__ran"
# What shows nothing, turns a line around, or ends a file early.
CONTROL = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\u200f\u202a-\u202e\u2028\u2029\u2066-\u2069]"
)
_LINKING = {
    "href",
    "src",
    "action",
    "formaction",
    "data",
    "poster",
    "xlink:href",
    "srcset",
    "content",
    "values",
}
_BEGINS_A_FORMULA = tuple("=+-@|\t\r")
# RFC 5322, and what our mails say about leaving.
_KNOWN_HEADERS = {
    "content-type",
    "mime-version",
    "subject",
    "from",
    "to",
    "date",
    "message-id",
    "reply-to",
    "list-unsubscribe",
    "list-unsubscribe-post",
    "auto-submitted",
    "precedence",
    "list-id",
    "content-transfer-encoding",
    "feedback-id",
    "x-auto-response-suppress",
}


class _Judge(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        self.text: list[str] = []
        self._inside = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self._inside = tag if tag in {"script", "style"} else ""
        if tag == "script" and given.get("type") in {"application/json", "application/ld+json"}:
            self._inside = "data"
        if tag == "base" or "srcdoc" in given:
            self._say(tag, "is no element of ours")
        if tag == "meta" and given.get("http-equiv", "").lower() == "refresh":
            self._say(tag, "moves on")
        for name, value in given.items():
            compact = re.sub(r"[\x00-\x20]", "", value).lower()
            if name.startswith("on"):
                self._say(tag, f"has the handler {name}")
            if name in _LINKING and compact.startswith(("javascript:", "data:text", "vbscript:")):
                self._say(tag, f"has a script in {name}")
            if name in _LINKING and re.match(rf"(https?:)?//{re.escape(ELSEWHERE)}", compact):
                self._say(tag, f"leads elsewhere in {name}")
            if name == "style" and "inset:0" in compact:
                self._say(tag, "covers the page")
            if not re.fullmatch(r"[a-z_@:.][\w.:@-]*", name):
                self._say(tag, f"has the attribute {name!r}")
        if tag == "img" and given.get("src", "x") == "x":
            self._say(tag, "is a picture of nobody’s")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        self._inside = ""

    def handle_endtag(self, tag: str) -> None:
        self._inside = ""

    def close(self) -> None:
        if self._inside in {"script", "style"}:
            self._say(self._inside, "never ends")
        super().close()

    def handle_data(self, data: str) -> None:
        if self._inside == "script" and MARK in data:
            self._say("script", "holds a stranger’s text")
        elif self._inside == "style" and "display:none!important" in data:
            self._say("style", "holds a stranger’s text")
        elif not self._inside:
            self.text.append(data)

    def _say(self, tag: str, what: str) -> None:
        self.found.append(f"<{tag}> {what}")


def harm_in_html(html: str) -> list[str]:
    """Return what a page holds that it must not; empty where a text has stayed a text.

    Handlers count wherever they are: no page of ours, and none of Wagtail's, has any that these
    texts could hide behind.
    """
    judge = _Judge()
    judge.feed(html)
    judge.close()
    return judge.found + harm_in_text(html)


def text_of(html: str) -> str:
    """Return what a person reads on a page."""
    judge = _Judge()
    judge.feed(html)
    judge.close()
    return " ".join(" ".join(judge.text).split())


def harm_in_text(text: str) -> list[str]:
    """Return what no text may hold: control characters, and what a template was not asked for."""
    found = [f"the control character {each!r}" for each in set(CONTROL.findall(text))]
    if settings.SECRET_KEY in text:
        found.append("the secret key")
    return found


def harm_in_mail(message: Sent) -> list[str]:
    """Return what is wrong with a mail as it leaves, its headers and both of its texts."""
    parsed = email.message_from_bytes(message.message().as_bytes(), policy=email.policy.default)
    assert isinstance(parsed, EmailMessage)
    found = [f"the header {name}" for name in parsed if name.lower() not in _KNOWN_HEADERS]
    for name in ("To", "From", "Subject"):
        if len(parsed.get_all(name, [])) != 1:
            found.append(f"the header {name}, not once")
    for name, value in parsed.items():
        if ELSEWHERE in str(value) or MARK in str(value):
            found.append(f"a stranger’s text in {name}")
    if len(message.recipients()) != 1:
        found.append("not one recipient")
    for part in parsed.walk():
        if part.get_content_type() == "text/plain":
            found += harm_in_text(part.get_content())
        elif part.get_content_type() == "text/html":
            found += harm_in_html(part.get_content())
    return found


def harm_in_csv(content: bytes, *, rows: int | None = None) -> list[str]:
    """Return what is wrong with a CSV file, opened as a spreadsheet program would."""
    text = content.decode("utf-8-sig")
    table = list(csv.reader(io.StringIO(text, newline="")))
    found = _harm_in_cells(table)
    for separator in ";\t":
        found += _harm_in_cells(csv.reader(io.StringIO(text, newline=""), delimiter=separator))
    if len({len(row) for row in table}) > 1:
        found.append("rows of different lengths")
    if rows is not None and len(table) != rows + 1:
        found.append(f"{len(table) - 1} rows for {rows}")
    return found + harm_in_text(text)


def harm_in_xlsx(content: bytes) -> list[str]:
    """Return what is wrong with an XLSX file, opened again."""
    sheet = openpyxl.load_workbook(io.BytesIO(content)).active
    cells = [cell for row in sheet.iter_rows() for cell in row]
    found = [f"a formula in {cell.coordinate}" for cell in cells if cell.data_type == "f"]
    return found + _harm_in_cells([[str(c.value) for c in cells if isinstance(c.value, str)]])


def _harm_in_cells(table: object) -> list[str]:
    return [
        f"a cell that begins a formula: {cell[:30]!r}"
        for row in table  # type: ignore[attr-defined]
        for cell in row
        if cell.lstrip(" \u00a0").startswith(_BEGINS_A_FORMULA) and cell not in {"-", "–"}
    ]
