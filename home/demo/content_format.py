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

    {opt_in_form}

A name in braces is the place of something the site makes itself. What it needs to be told follows
as ``name: value`` lines, some of which may come several times::

    {faq}
    heading: Before you ask
    question: Can one person begin?
    answer: Yes. *One* of two can.

A passage that reads differently for some readers holds blocks of its own, up to ``{end}``::

    {variants}

    The usual words.

    {for resentment}

    Other words.

    {end}

Within a text there are only ``*emphasis*`` and ``**strong**``.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from html import escape
from pathlib import Path

FENCE = "---"
ATTRIBUTION_MARK = " — "
CALL_TO_ACTION = "call_to_action"
OPT_IN_FORM = "opt_in_form"

# What each slot may be told.
SLOTS: Mapping[str, frozenset[str]] = {
    CALL_TO_ACTION: frozenset({"name"}),
    OPT_IN_FORM: frozenset(),
    "support_signpost": frozenset(),
    "privacy_facts": frozenset(),
    "cycles": frozenset({"heading", "note"}),
    "lets_talk": frozenset({"heading", "text", "button_label"}),
    "contact": frozenset({"heading", "note"}),
    "coach": frozenset({"heading", "text", "link_label"}),
    "article_list": frozenset({"heading", "article"}),
    "testimonials": frozenset({"heading", "note", "text", "name"}),
    "faq": frozenset({"heading", "question", "answer"}),
}

_FRONT_MATTER_LINE = re.compile(r"(?P<name>[a-z][a-z_]*): *(?P<value>.*)")
_PICTURE = re.compile(r'!\[(?P<alt>[^\]]*)\]\((?P<file>[\w.-]+)(?: "(?P<credit>[^"]*)")?\)')
_SLOT = re.compile(r"\{(?P<name>[a-z_]+)\}")
_VARIANT = re.compile(r"\{for (?P<code>[a-z0-9_-]+)\}")
_VARIANTS = "{variants}"
_END = "{end}"
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
class Slot:
    """The place of something the site makes itself, and what it is told, in reading order."""

    name: str
    fields: tuple[tuple[str, str], ...] = ()

    def first(self, name: str) -> str:
        """What it is told under this name; empty where it is told nothing."""
        return next((value for given, value in self.fields if given == name), "")

    def each(self, name: str) -> tuple[str, ...]:
        """Everything it is told under this name."""
        return tuple(value for given, value in self.fields if given == name)


@dataclass(frozen=True, kw_only=True)
class Variants:
    """A passage in the usual words, and as readers of some cycles meet it, by the cycle's code."""

    usual: tuple["Passage", ...]
    others: tuple[tuple[str, tuple["Passage", ...]], ...] = ()


Passage = Heading | Paragraph | BulletList | Quote | Picture
Block = Passage | Slot | Variants


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
        return tuple(block for block in self.passages if isinstance(block, Picture))

    def slots(self, name: str) -> tuple[Slot, ...]:
        """Every slot of this name, in reading order."""
        return tuple(
            block for block in self.blocks if isinstance(block, Slot) and block.name == name
        )

    @property
    def passages(self) -> tuple[Passage, ...]:
        """The text without its slots: every block of it, those of variants in their place."""
        found: list[Passage] = []
        for block in self.blocks:
            if isinstance(block, Variants):
                found.extend(block.usual)
                found.extend(part for _, passage in block.others for part in passage)
            elif not isinstance(block, Slot):
                found.append(block)
        return tuple(found)


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
    return Document(front_matter=front_matter, blocks=_Body(lines, starts=body_starts).blocks())


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


class _Body:
    """The chunks of lines between blank ones, read one after the other."""

    def __init__(self, lines: list[str], *, starts: int) -> None:
        self._chunks: list[tuple[int, list[str]]] = []
        chunk: list[str] = []
        for index in range(starts, len(lines) + 1):
            line = lines[index].strip() if index < len(lines) else ""
            if line:
                chunk.append(line)
            elif chunk:
                self._chunks.append((index - len(chunk) + 1, chunk))
                chunk = []
        self._next = 0

    def blocks(self) -> tuple[Block, ...]:
        found: list[Block] = []
        while self._next < len(self._chunks):
            line, chunk = self._take()
            found.append(
                self._variants(line) if chunk == [_VARIANTS] else _parse_chunk(line, chunk)
            )
        return tuple(found)

    def _take(self) -> tuple[int, list[str]]:
        self._next += 1
        return self._chunks[self._next - 1]

    def _variants(self, begins: int) -> Variants:
        """Everything up to the end of a passage with variants."""
        usual: list[Passage] = []
        others: list[tuple[str, list[Passage]]] = []
        while self._next < len(self._chunks):
            line, chunk = self._take()
            if chunk == [_END]:
                return Variants(
                    usual=tuple(usual), others=tuple((code, tuple(part)) for code, part in others)
                )
            variant = _VARIANT.fullmatch(chunk[0]) if len(chunk) == 1 else None
            if variant is not None:
                others.append((variant["code"], []))
                continue
            block = _parse_chunk(line, chunk)
            if isinstance(block, Slot | Variants):
                raise ContentFormatError(f"line {line}: this can’t stand in a passage")
            (others[-1][1] if others else usual).append(block)
        raise ContentFormatError(f"line {begins}: this passage is never closed by {_END}")


def _parse_chunk(first_line: int, lines: list[str]) -> Block:
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
    if first.startswith("{"):
        return _slot_of(lines)
    if first.startswith(("#", "![", FENCE)):
        if len(lines) > 1:
            raise ContentFormatError("this block must be a line by itself, between blank lines")
        return _single_line_block(first)
    for line in lines:
        if line.startswith(_FIRST_CHARACTERS_WITH_A_MEANING):
            raise ContentFormatError(f"a blank line is missing before “{line}”")
    return Paragraph(text=_checked(" ".join(lines)))


def _single_line_block(line: str) -> Block:
    if line.startswith("## ") and line[3:].strip():
        return Heading(text=_checked(line[3:].strip()))
    picture = _PICTURE.fullmatch(line)
    if picture is not None:
        return Picture(file=picture["file"], alt=picture["alt"], credit=picture["credit"] or "")
    raise ContentFormatError(f"“{line}” is not something this format knows")


def _slot_of(lines: list[str]) -> Slot:
    slot = _SLOT.fullmatch(lines[0])
    if slot is None or slot["name"] not in SLOTS:
        raise ContentFormatError(f"“{lines[0]}” is not something this format knows")
    fields: list[tuple[str, str]] = []
    for line in lines[1:]:
        match = _FRONT_MATTER_LINE.fullmatch(line)
        if match is None or match["name"] not in SLOTS[slot["name"]]:
            raise ContentFormatError(f"“{line}” is nothing that {lines[0]} is told")
        fields.append((match["name"], _checked(match["value"].strip())))
    return Slot(name=slot["name"], fields=tuple(fields))


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
        case Slot(name=name, fields=fields):
            return "\n".join([f"{{{name}}}", *(f"{told}: {value}" for told, value in fields)])
        case Variants(usual=usual, others=others):
            parts = [_VARIANTS, *map(_write_block, usual)]
            for code, passage in others:
                parts += [f"{{for {code}}}", *map(_write_block, passage)]
            return "\n\n".join([*parts, _END])
