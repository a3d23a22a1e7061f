"""What stands in a page for the reader's sake: help, questions, ways to write."""

from wagtail import blocks

from .groups import HELP
from .text import TEXT_FEATURES


class SupportSignpostBlock(blocks.StaticBlock):
    """Where help is for somebody who is afraid; its words are kept once, in the admin."""

    class Meta:
        icon = "help"
        label = "Where help is"
        group = HELP
        template = "cms/blocks/support_signpost.html"
        admin_text = (
            "Shows the signposts to help. Their words are under Snippets → Signposts to help."
        )
        preview_value = None
        description = "For readers who are afraid of their partner: where help is, by country."


class FaqBlock(blocks.StructBlock):
    """Questions with their answers; search engines are told that they are."""

    heading = blocks.CharBlock(required=False, max_length=160)
    questions = blocks.ListBlock(
        blocks.StructBlock(
            [
                ("question", blocks.CharBlock(max_length=200)),
                ("answer", blocks.RichTextBlock(features=TEXT_FEATURES)),
            ],
            label="Question",
        ),
        label="Questions",
    )

    class Meta:
        icon = "help"
        label = "Questions and answers"
        group = HELP
        template = "cms/blocks/faq.html"
        preview_value = {
            "heading": "Before you ask",
            "questions": [
                {"question": "Can one person begin?", "answer": "<p>Yes. One of two can.</p>"}
            ],
        }
        description = "Questions a reader has, each with a short answer that opens below it."


class ContactBlock(blocks.StructBlock):
    """How to reach the coach; the address itself is kept in the site settings."""

    heading = blocks.CharBlock(required=False, max_length=160)
    note = blocks.TextBlock(
        required=False,
        rows=3,
        help_text="For example when you answer, and what you can’t help with.",
    )

    class Meta:
        icon = "mail"
        label = "How to write to me"
        group = HELP
        template = "cms/blocks/contact.html"
        preview_value = {"heading": "Write to me", "note": "I answer on Tuesdays and Fridays."}
        description = "Your address for readers and your social links, from the site settings."
