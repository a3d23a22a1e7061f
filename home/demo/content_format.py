"""Reads and writes the small text format in which the demo's articles and pages are kept.

The demo content lives in files so that a person can read, correct and compare it without a
database. The format is a strict, tiny relative of Markdown: what it does not know it refuses,
naming the line, because a word silently dropped from an article is worse than a demo that
will not load. Nothing here knows Django or Wagtail; whoever loads the content turns the blocks
into whatever the site stores.

A file is front matter between two ``---`` lines (one ``name: value`` a line), then blocks
separated by blank lines::

    ## a heading

    a paragraph, which may run over several lines

    - a list item
    - another

    > a quote — its attribution

    ![alternative text](file.jpg "credit")

    {call_to_action}

    {opt_in_form}

Within a text there are only ``*emphasis*`` and ``**strong**``.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from html import escape
from pathlib import Path

FENCE = "---"
ATTRIBUTION_MARK = " — "
CALL_TO_ACTION = "{call_to_action}"
OPT_IN_FORM = "{opt_in_form}"

_FRONT_MATTER_LINE = re.compile(r"(?P<name>[a-z][a-z_]*): *(?P<value>.*)")
_PICTURE = re.compile(r'!\[(?P<alt>[^\]]*)\]\((?P<file>[\w.-]+)(?: "(?P<credit>[^"]*)")?\)')
_MARKED = re.compile(r"\*\*(?P<strong>[^*]+)\*\*|\*(?P<emphasis>[^*]+)\*")
_FIRST_CHARACTERS_WITH_A_MEANING = ("#", "- ", ">", "![", "{", FENCE)


class ContentFormatError(ValueError):
    """A content file says something the format does not know; the message names the line."""


@dataclass(frozen=True, kw_only=True)
class Heading:
    """A section heading within the text (the page's own title is front matter)."""

    text: str


@dataclass(frozen=True, kw_only=True)
class Paragraph:
    """One paragraph, its inline emphasis still as written."""

    text: str


@dataclass(frozen=True, kw_only=True)
class BulletList:
    """One bulleted list: neighbouring items belong together."""

    items: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Quote:
    """A quotation; ``attribution`` is empty where the author quotes herself."""

    text: str
    attribution: str = ""


@dataclass(frozen=True, kw_only=True)
class Picture:
    """A picture in the text; ``file`` is a bare name in the content's folder of images."""

    file: str
    alt: str
    credit: str = ""


@dataclass(frozen=True, kw_only=True)
class CallToActionSlot:
    """The place where the offer stands in the text."""


@dataclass(frozen=True, kw_only=True)
class OptInFormSlot:
    """The place where the form stands."""


Block = Heading | Paragraph | BulletList | Quote | Picture | CallToActionSlot | OptInFormSlot


@dataclass(frozen=True, kw_only=True)
class Span:
    """A stretch of text in one style."""

    text: str
    emphasis: bool = False
    strong: bool = False


@dataclass(frozen=True, kw_only=True)
class Document:
    """One file, parsed: its front matter by name, its blocks in reading order."""

    front_matter: Mapping[str, str] = field(default_factory=dict)
    blocks: tuple[Block, ...] = ()

    @property
    def topics(self) -> tuple[str, ...]:
        """The comma-separated ``topics`` of the front matter, trimmed, empty ones left out."""
        names = (name.strip() for name in self.front_matter.get("topics", "").split(","))
        return tuple(name for name in names if name)

    @property
    def pictures(self) -> tuple[Picture, ...]:
        """Every picture in the text, in reading order."""
        return tuple(block for block in self.blocks if isinstance(block, Picture))


def read_document(path: Path) -> Document:
    """Parse the UTF-8 file at ``path``; a ContentFormatError names the file and the line."""
    try:
        return parse_document(path.read_text(encoding="utf-8"))
    except ContentFormatError as error:
        raise ContentFormatError(f"{path.name}, {error}") from error


def parse_document(source: str) -> Document:
    """Parse a whole file; every word of it ends up in the front matter or in a block.

    Raises ContentFormatError with the 1-based number of the line that is not understood.
    """
    lines = source.split("\n")
    front_matter, body_starts = _parse_front_matter(lines)
    blocks: list[Block] = []
    chunk: list[str] = []
    for index in range(body_starts, len(lines) + 1):
        line = lines[index].strip() if index < len(lines) else ""
        if line:
            chunk.append(line)
        elif chunk:
            blocks.append(_parse_chunk(chunk, first_line=index - len(chunk) + 1))
            chunk = []
    return Document(front_matter=front_matter, blocks=tuple(blocks))


def write_document(document: Document) -> str:
    """Write a document so that parsing it again gives an equal one.

    Raises ContentFormatError where it could not, such as a paragraph that looks like a list.
    """
    front_matter = "".join(f"{name}: {value}\n" for name, value in document.front_matter.items())
    blocks = "".join(f"\n{_write_block(block)}\n" for block in document.blocks)
    source = f"{FENCE}\n{front_matter}{FENCE}\n{blocks}"
    if parse_document(source) != document:
        raise ContentFormatError("this document cannot be written without changing its meaning")
    return source


def inline_spans(text: str) -> tuple[Span, ...]:
    """Split a text at its ``*emphasis*`` and ``**strong**`` marks; a stray mark is an error."""
    spans: list[Span] = []
    position = 0
    for match in _MARKED.finditer(text):
        spans.append(Span(text=text[position : match.start()]))
        if match["strong"] is not None:
            spans.append(Span(text=match["strong"], strong=True))
        else:
            spans.append(Span(text=match["emphasis"], emphasis=True))
        position = match.end()
    spans.append(Span(text=text[position:]))
    for span in spans:
        if "*" in span.text:
            raise ContentFormatError(f"an asterisk without its partner in “{text}”")
    return tuple(span for span in spans if span.text)


def plain_text(text: str) -> str:
    """The words of a text without its marks, for places that take no markup."""
    return "".join(span.text for span in inline_spans(text))


def inline_html(text: str) -> str:
    """A text as escaped HTML, with ``<i>`` and ``<b>`` as Wagtail's rich text stores them."""
    return "".join(_span_html(span) for span in inline_spans(text))


def _span_html(span: Span) -> str:
    words = escape(span.text, quote=False)
    if span.strong:
        return f"<b>{words}</b>"
    if span.emphasis:
        return f"<i>{words}</i>"
    return words


def _parse_front_matter(lines: list[str]) -> tuple[dict[str, str], int]:
    """The front matter, and the index of the first line after it."""
    if lines[0].strip() != FENCE:
        raise ContentFormatError(f"line 1: expected {FENCE}, the start of the front matter")
    front_matter: dict[str, str] = {}
    for index, raw in enumerate(lines[1:], start=1):
        line = raw.strip()
        if line == FENCE:
            return front_matter, index + 1
        match = _FRONT_MATTER_LINE.fullmatch(line)
        if match is None:
            raise ContentFormatError(f"line {index + 1}: expected “name: value”")
        if match["name"] in front_matter:
            raise ContentFormatError(f"line {index + 1}: “{match['name']}” is there twice")
        front_matter[match["name"]] = match["value"].strip()
    raise ContentFormatError(f"line {len(lines)}: the front matter is never closed by {FENCE}")


def _parse_chunk(lines: list[str], *, first_line: int) -> Block:
    """The block made by some stripped, non-empty lines between two blank ones."""
    try:
        return _block_of(lines)
    except ContentFormatError as error:
        raise ContentFormatError(f"line {first_line}: {error}") from error


def _block_of(lines: list[str]) -> Block:
    first = lines[0]
    if first.startswith("- "):
        return BulletList(items=tuple(_checked(item) for item in _list_items(lines)))
    if first.startswith(">"):
        return _quote_of(lines)
    if first.startswith(("#", "![", "{", FENCE)):
        if len(lines) > 1:
            raise ContentFormatError("this block must be a line by itself, between blank lines")
        return _single_line_block(first)
    for line in lines:
        if line.startswith(_FIRST_CHARACTERS_WITH_A_MEANING):
            raise ContentFormatError(f"a blank line is missing before “{line}”")
    return Paragraph(text=_checked(" ".join(lines)))


def _single_line_block(line: str) -> Block:
    if line == CALL_TO_ACTION:
        return CallToActionSlot()
    if line == OPT_IN_FORM:
        return OptInFormSlot()
    if line.startswith("## ") and line[3:].strip():
        return Heading(text=_checked(line[3:].strip()))
    picture = _PICTURE.fullmatch(line)
    if picture is not None:
        return Picture(file=picture["file"], alt=picture["alt"], credit=picture["credit"] or "")
    raise ContentFormatError(f"“{line}” is not something this format knows")


def _list_items(lines: list[str]) -> list[str]:
    items: list[str] = []
    for line in lines:
        if line.startswith("- "):
            items.append(line[2:].strip())
        else:
            items[-1] += f" {line}"
    return items


def _quote_of(lines: list[str]) -> Quote:
    if not all(line.startswith("> ") for line in lines):
        raise ContentFormatError("every line of a quote begins with “> ”")
    words = _checked(" ".join(line[2:].strip() for line in lines))
    text, mark, attribution = words.rpartition(ATTRIBUTION_MARK)
    return Quote(text=text, attribution=attribution) if mark else Quote(text=words)


def _checked(text: str) -> str:
    """The text itself, once its inline marks have been found to be in pairs."""
    inline_spans(text)
    return text


def _write_block(block: Block) -> str:
    match block:
        case Heading(text=text):
            return f"## {text}"
        case Paragraph(text=text):
            return text
        case BulletList(items=items):
            return "\n".join(f"- {item}" for item in items)
        case Quote(text=text, attribution=attribution):
            return f"> {text}{ATTRIBUTION_MARK}{attribution}" if attribution else f"> {text}"
        case Picture(file=file, alt=alt, credit=credit):
            return f'![{alt}]({file} "{credit}")' if credit else f"![{alt}]({file})"
        case CallToActionSlot():
            return CALL_TO_ACTION
        case OptInFormSlot():
            return OPT_IN_FORM
