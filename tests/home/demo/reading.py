"""How tests read the content files: word by word."""

import re
from collections.abc import Iterator

from home.demo import content_format as fmt

_TOLD = re.compile(r"^[a-z_]+: *(?P<value>.*)$")


def all_texts(document: fmt.Document) -> Iterator[str]:
    """Everything a reader of the document reads, piece by piece, in order."""
    for block in document.blocks:
        match block:
            case fmt.Variants(usual=usual, others=others):
                for part in (*usual, *(part for _, passage in others for part in passage)):
                    yield from _passage_texts(part)
            case fmt.Slot(fields=fields):
                yield from (value for _, value in fields)
            case _:
                yield from _passage_texts(block)


def _passage_texts(block: fmt.Passage) -> Iterator[str]:
    match block:
        case fmt.Heading(text=text) | fmt.Paragraph(text=text):
            yield text
        case fmt.BulletList(items=items):
            yield from items
        case fmt.Quote(text=text, attribution=attribution):
            yield text
            yield attribution
        case fmt.Picture(alt=alt, file=file, credit=credit):
            yield from (alt, file, credit)


def all_words(text: str) -> list[str]:
    """The words of a text, without its punctuation."""
    return re.findall(r"\w+(?:[’'.-]\w+)*", text)


def body_of_source(source: str) -> str:
    """What a reader reads of a file: without front matter, slots and the names of what they say."""
    lines = []
    in_slot = False
    for line in source.split("---\n", 2)[2].split("\n"):
        if line.startswith("{"):
            in_slot = True
            continue
        in_slot = in_slot and bool(line)
        told = _TOLD.match(line) if in_slot else None
        lines.append(told["value"] if told else line)
    return "\n".join(lines)
