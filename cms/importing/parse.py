"""Finds out what the lines of a plain-text article are. Pure: text in, `ParsedArticle` out.

The rules, in the order in which they are tried:

- The first line is the title, if it stands alone and is short.
- Lines between blank lines belong together. In a file with lines longer than `WRAPPED_AT`, or
  without any blank line, nothing was wrapped by a program, and every line stands for itself.
- A line that begins with a bullet is an item of a list; neighbouring items make one list.
- A short line that begins like “Photo by” is a credit.
- A short line of its own that ends like no sentence is a heading, if anything follows it. One that
  ends in “?” or “!” is a heading if it is written as the file's other headings are.
- At the end of the file, up to three short lines of which one says “free”, with a line ending in
  a colon and a list below them or without, are an offer.
- Everything else is a paragraph.

Whatever they decide, no word is lost: `ParsedArticle.texts()` has all of them, in order.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

WRAPPED_AT = 100
TITLE_CHARACTERS = 120
HEADING_CHARACTERS = 80
HEADING_WORDS = 12
CREDIT_WORDS = 14
OFFER_LINES = 3

_BULLET = re.compile(r"\s*[•‣▪◦●∙·*–-]\s+(?P<text>\S.*)")
_NUMBER = re.compile(r"\s*\d{1,2}[.)]\s")
_ORNAMENT = re.compile(r"[\s*\-_=~•‣▪◦●∙·–—#]*")
_CREDIT = re.compile(
    r"(?:photos?|photographs?|pictures?|images?|illustrations?|artwork)"
    r"(?:\s+credits?)?\s*(?:by\b|:|©|courtesy\b)|©",
    re.IGNORECASE,
)
_FREE = re.compile(r"(?<![\w-])free(?![\w-])(?!\s+(?:of|from|to)\b)", re.IGNORECASE)
_CLOSING_MARKS = "\"'”’»)]"
_SENTENCE_ENDS = (".", "…", ",", ";", ":")
_CONTROLS = dict.fromkeys([*range(0x20), *range(0x7F, 0xA0), 0xFEFF], " ") | {
    ord(character): character for character in "\n\r\t\x0b\x0c\x85"
}


@dataclass(frozen=True, kw_only=True)
class Heading:
    """A line above a part of the text."""

    text: str


@dataclass(frozen=True, kw_only=True)
class Paragraph:
    """Running text, on one line."""

    text: str


@dataclass(frozen=True, kw_only=True)
class BulletList:
    """Items without their bullets."""

    items: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Credit:
    """Who made a picture that is not in the file."""

    text: str


Part = Heading | Paragraph | BulletList | Credit


@dataclass(frozen=True, kw_only=True)
class Offer:
    """What the article offers at its end, in the fields of a call to action."""

    eyebrow: str = ""
    heading: str
    offer_line: str = ""
    points_heading: str = ""
    points: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class ParsedArticle:
    """An article; the title is empty where the file has none."""

    title: str = ""
    parts: tuple[Part, ...] = ()
    offer: Offer | None = None

    def texts(self) -> Iterator[str]:
        """Yield every text of the article in the order of the file."""
        yield self.title
        for part in self.parts:
            if isinstance(part, BulletList):
                yield from part.items
            else:
                yield part.text
        if self.offer is not None:
            yield from (self.offer.eyebrow, self.offer.heading, self.offer.offer_line)
            yield self.offer.points_heading
            yield from self.offer.points


@dataclass(kw_only=True)
class _Unit:
    """One item of a list, or the lines that make one text; `alone` between blank lines."""

    lines: list[str]
    is_item: bool = False
    alone: bool = field(default=False)

    @property
    def text(self) -> str:
        """The lines as one, with single plain spaces."""
        return " ".join(" ".join(self.lines).split())

    @property
    def is_one_line(self) -> bool:
        """Whether it is a line by itself and no item."""
        return self.alone and not self.is_item and len(self.lines) == 1


def parse_article(text: str) -> ParsedArticle:
    """Parse the text of a file; there is no text that it refuses."""
    units = _units(text.translate(_CONTROLS))
    title = ""
    if units and units[0].is_one_line and len(units[0].text) <= TITLE_CHARACTERS:
        title = units.pop(0).text
    units, offer = _split_off_offer(units)
    return ParsedArticle(title=title, parts=tuple(_parts(units)), offer=offer)


def _units(text: str) -> list[_Unit]:
    """Group the lines of a text into what a person would point at as one thing."""
    lines = text.splitlines()
    has_blank_lines = any(not line.strip() for line in lines)
    is_wrapped = has_blank_lines and all(len(line) <= WRAPPED_AT for line in lines)
    chunks: list[list[_Unit]] = [[]]
    for line in lines:
        if _ORNAMENT.fullmatch(line):
            chunks.append([])
        elif chunks[-1] and _continues(line, chunks[-1][-1], is_wrapped=is_wrapped):
            chunks[-1][-1].lines.append(line)
        elif bullet := _BULLET.match(line):
            chunks[-1].append(_Unit(lines=[bullet["text"]], is_item=True))
        else:
            chunks[-1].append(_Unit(lines=[line]))
    for chunk in chunks:
        for unit in chunk:
            unit.alone = len(chunk) == 1 or not has_blank_lines
    return [unit for chunk in chunks for unit in chunk]


def _continues(line: str, unit: _Unit, *, is_wrapped: bool) -> bool:
    if _BULLET.match(line) or _NUMBER.match(line):
        return False
    return is_wrapped or (unit.is_item and line[:1].isspace())


def _parts(units: Sequence[_Unit]) -> list[Part]:
    parts: list[Part] = []
    questions_too = _headings_are_sentences(units)
    for place, unit in enumerate(units, start=1):
        if unit.is_item:
            last = parts[-1] if parts else None
            if isinstance(last, BulletList):
                parts[-1] = BulletList(items=(*last.items, unit.text))
            else:
                parts.append(BulletList(items=(unit.text,)))
        elif _is_credit(unit):
            parts.append(Credit(text=unit.text))
        elif place < len(units) and _is_heading(unit, questions_too=questions_too):
            parts.append(Heading(text=unit.text))
        else:
            parts.append(Paragraph(text=unit.text))
    return parts


def _is_credit(unit: _Unit) -> bool:
    return (
        unit.is_one_line
        and _CREDIT.match(unit.text) is not None
        and len(unit.text.split()) <= CREDIT_WORDS
        and not _ends_with(unit.text, ("?", "!", ","))
    )


def _is_short_line(unit: _Unit) -> bool:
    """Whether it could be a heading or a line of an offer."""
    text = unit.text
    return (
        unit.is_one_line
        and len(text) <= HEADING_CHARACTERS
        and len(text.split()) <= HEADING_WORDS
        and any(character.isalnum() for character in text)
        and not text[0].islower()
        and not _ends_with(text, _SENTENCE_ENDS)
        and not _is_credit(unit)
    )


def _is_heading(unit: _Unit, *, questions_too: bool) -> bool:
    if not _is_short_line(unit):
        return False
    is_spoken = _ends_with(unit.text, ("?", "!"))
    return not is_spoken or questions_too or _is_title_case(unit.text)


def _headings_are_sentences(units: Sequence[_Unit]) -> bool:
    """Whether the plain headings are written like sentences; then a question may be one too."""
    plain = [
        unit.text
        for unit in units
        if _is_short_line(unit) and not _ends_with(unit.text, ("?", "!"))
    ]
    return bool(plain) and sum(map(_is_title_case, plain)) * 2 < len(plain)


def _is_title_case(text: str) -> bool:
    """Whether Most of the Longer Words Begin Like This."""
    longer = re.findall(r"[^\W\d_]{4,}", text) or text.split()
    return sum(not word[0].islower() for word in longer) * 3 >= len(longer) * 2


def _ends_with(text: str, marks: tuple[str, ...]) -> bool:
    return text.rstrip(_CLOSING_MARKS).endswith(marks)


def _split_off_offer(units: list[_Unit]) -> tuple[list[_Unit], Offer | None]:
    """Take the offer from the end; where there is none, everything stays."""
    end = len(units)
    while end and units[end - 1].is_item:
        end -= 1
    points = tuple(unit.text for unit in units[end:])
    points_heading = ""
    if points and end and _introduces_points(units[end - 1]):
        end -= 1
        points_heading = units[end].text
    begin = end
    while begin and end - begin < OFFER_LINES and _is_short_line(units[begin - 1]):
        begin -= 1
    lines = [unit.text for unit in units[begin:end]]
    if not any(map(_FREE.search, lines)) or (len(lines) < 2 and not points):
        return units, None
    eyebrow = lines.pop(0) if len(lines) == OFFER_LINES else ""
    offer = Offer(
        eyebrow=eyebrow,
        heading=lines[0],
        offer_line=lines[1] if len(lines) > 1 else "",
        points_heading=points_heading,
        points=points,
    )
    return units[:begin], offer


def _introduces_points(unit: _Unit) -> bool:
    return (
        unit.is_one_line and len(unit.text) <= HEADING_CHARACTERS and _ends_with(unit.text, (":",))
    )
