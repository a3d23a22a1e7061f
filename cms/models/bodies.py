"""What every page with a body can say about it."""

from collections.abc import Iterable, Iterator
from html import unescape
from typing import Any

from django.utils.html import strip_tags
from django.utils.text import Truncator
from wagtail.blocks import StreamValue

from .images import SiteImage

PROSE = ("heading", "paragraph", "list", "quote", "faq")
WORDS_PER_MINUTE = 200
TEASER_WORDS = 32


class BodyMixin:
    """For pages with a StreamField `body` and a text `introduction`."""

    body: StreamValue
    introduction: str

    def credits_awaiting_picture(self) -> list[str]:
        """The credits whose pictures are still to come, in reading order, each once.

        Such a block shows nothing in its place on the published page, which therefore lists the
        credits at its end: nobody's name is dropped because a file is missing.
        """
        waiting = [
            block.value.credit_line
            for block in self.body
            if block.block_type == "image" and block.value.awaits_picture
        ]
        return list(dict.fromkeys(waiting))

    @property
    def word_count(self) -> int:
        """How many words a reader of the introduction and the body reads."""
        return sum(len(text.split()) for text in [self.introduction, *self._texts()])

    @property
    def reading_minutes(self) -> int:
        """Minutes of unhurried reading, at least one."""
        return max(1, round(self.word_count / WORDS_PER_MINUTE))

    @property
    def teaser(self) -> str:
        """A few sentences for lists of pages: the introduction, else how the text begins."""
        if self.introduction.strip():
            return self.introduction.strip()
        beginning = " ".join(next(self._texts("paragraph"), "").split())
        return Truncator(beginning).words(TEASER_WORDS, truncate="…")

    @property
    def questions(self) -> list[tuple[str, str]]:
        """The questions on the page, each with its answer, as plain text."""
        return [
            (_joined(item["question"]), _joined(item["answer"]))
            for block in self.body.raw_data
            if block["type"] == "faq"
            for item in _items(block["value"].get("questions") or [])
            if item.get("question") and item.get("answer")
        ]

    def pictures(self) -> list[SiteImage]:
        """The pictures in the body, those in variants included."""
        return list(_pictures(self.body))

    def _texts(self, *kinds: str) -> Iterator[str]:
        """The body's texts as plain text, from its stored form.

        Going through the blocks themselves would fetch every picture and snippet of every article
        in a list, only to count words. Of a passage with variants the usual words count: nobody
        reads two of them.
        """
        for block in self.body.raw_data:
            if block["type"] in (kinds or PROSE):
                yield from _plain(block["value"])
            elif block["type"] == "variants" and not kinds:
                for part in block["value"].get("default") or []:
                    if part["type"] in PROSE:
                        yield from _plain(part["value"])


def _items(stored: Iterable[Any]) -> Iterator[Any]:
    """What a stored list block holds; older rows have the bare values."""
    for item in stored:
        yield item["value"] if isinstance(item, dict) and item.get("type") == "item" else item


def _joined(stored: Any) -> str:
    return " ".join(" ".join(_plain(stored)).split())


def _pictures(blocks: Any) -> Iterator[SiteImage]:
    for block in blocks:
        if block.block_type == "variants":
            yield from _pictures(block.value["default"])
            for variant in block.value["variants"]:
                yield from _pictures(variant["passage"])
        elif block.block_type in ("image", "outside_video") and block.value.get("image"):
            yield block.value["image"]


def _plain(stored: Any) -> Iterator[str]:
    if isinstance(stored, str):
        yield unescape(strip_tags(stored.replace("</p>", " ").replace("<br/>", " ")))
    elif isinstance(stored, dict):
        for name, value in stored.items():
            if name not in ("id", "type"):
                yield from _plain(value)
    elif isinstance(stored, list):
        for value in stored:
            yield from _plain(value)
