"""What every page with a body can say about it."""

from django.utils.html import strip_tags
from django.utils.text import Truncator
from wagtail.blocks import StreamValue

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
        texts = [self.introduction] + [
            text
            for child in self.body
            if child.block_type != "image"
            for text in child.block.get_searchable_content(child.value)
        ]
        return sum(len(str(text).split()) for text in texts)

    @property
    def reading_minutes(self) -> int:
        """Minutes of unhurried reading, at least one."""
        return max(1, round(self.word_count / WORDS_PER_MINUTE))

    @property
    def teaser(self) -> str:
        """A few sentences for lists of pages: the introduction, else how the text begins."""
        if self.introduction.strip():
            return self.introduction.strip()
        for child in self.body:
            if child.block_type == "paragraph":
                words = strip_tags(str(child.value.source).replace("</p>", " "))
                return Truncator(" ".join(words.split())).words(TEASER_WORDS, truncate="…")
        return ""
