"""Text in its few shapes."""

from typing import Any

from wagtail import blocks

from .groups import TEXT

TEXT_FEATURES = ["bold", "italic", "link"]


class HeadingBlock(blocks.CharBlock):
    """A line that parts the text; its value is a plain string."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"max_length": 160, **kwargs})

    class Meta:
        icon = "title"
        label = "Heading"
        group = TEXT
        template = "cms/blocks/heading.html"
        preview_value = "Who begins"
        description = "A short line above the part of the text that it names."


class ParagraphBlock(blocks.RichTextBlock):
    """Running text with emphasis and links, and nothing that would break the page's look."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"features": TEXT_FEATURES, **kwargs})

    class Meta:
        icon = "pilcrow"
        label = "Paragraph"
        group = TEXT
        template = "cms/blocks/paragraph.html"
        preview_value = (
            "<p>Two people who have lived together for years know each other’s lines. "
            "<i>One</i> of them can say something new.</p>"
        )
        description = "The text itself. Words can be bold, italic or a link."


class BulletListBlock(blocks.ListBlock):
    """Items with bullets; its value is a list of strings."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(blocks.TextBlock(label="Item", rows=2), **kwargs)

    class Meta:
        icon = "list-ul"
        label = "List"
        group = TEXT
        template = "cms/blocks/list.html"
        preview_value = ["Say it once", "Say it early", "Then leave it alone"]
        description = "Several short points, one below the other."
