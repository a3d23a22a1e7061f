"""Blocks that ask the reader for a next step, and those that speak to her cycle."""

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import ValidationError
from wagtail import blocks
from wagtail.blocks.list_block import ListBlockValidationError
from wagtail.blocks.struct_block import StructBlockValidationError

from funnel.models import StuckCycle

from .groups import INVITATIONS, TEXT
from .pictures import CreditedPictureBlock, QuoteBlock
from .text import BulletListBlock, HeadingBlock, ParagraphBlock

MOST_VARIANTS = 4


def cycle_choices() -> list[tuple[str, str]]:
    """The cycles a coach can write for, in the reader's words."""
    return [(cycle.code, cycle.experience) for cycle in StuckCycle.objects.all()]


class LetsTalkBlock(blocks.StructBlock):
    """The way to a conversation; where help is always stands before it."""

    heading = blocks.CharBlock(max_length=160, default="Let’s talk")
    text = blocks.TextBlock(required=False, rows=3)
    button_label = blocks.CharBlock(max_length=60, default="Find a time to talk")

    class Meta:
        icon = "calendar-alt"
        label = "Let’s talk"
        group = INVITATIONS
        template = "cms/blocks/lets_talk.html"
        preview_value = {
            "heading": "Let’s talk",
            "text": "Half an hour, free, by phone.",
            "button_label": "Find a time to talk",
        }
        description = "Leads to your booking page, from the site settings; without one, to mail."


class CyclesBlock(blocks.StructBlock):
    """The experiences a reader may recognise, each with its page and “This sounds like me”."""

    heading = blocks.CharBlock(required=False, max_length=160)
    note = blocks.TextBlock(required=False, rows=2)

    class Meta:
        icon = "rotate"
        label = "Which of these sounds like you?"
        group = INVITATIONS
        template = "cms/blocks/cycles.html"
        preview_value = {"heading": "Which of these sounds like you?", "note": ""}
        description = "All the cycles in the reader’s words, with links to their pages."


class PassageBlock(blocks.StreamBlock):
    """The part of a page that can have other words for some readers."""

    heading = HeadingBlock()
    paragraph = ParagraphBlock()
    list = BulletListBlock()
    image = CreditedPictureBlock()
    quote = QuoteBlock()


class CycleChoiceBlock(blocks.ChoiceBlock):
    """A choice of one cycle, kept as its code."""

    def normalize_choice(self, value: Any) -> Any:
        """Return the code as it is: a look at the choices would cost a page a query a variant."""
        return value


class VariantBlock(blocks.StructBlock):
    """The same passage, for whoever says that one cycle sounds like her."""

    cycle = CycleChoiceBlock(choices=cycle_choices, label="For whoever says")
    passage = PassageBlock(label="Reads this instead")

    class Meta:
        icon = "rotate"
        label = "Variant"


class VariantsValue(blocks.StructValue):
    """A passage with its variants."""

    @property
    def codes(self) -> Sequence[str]:
        """The cycles that have words of their own here, in the editor's order."""
        return [variant["cycle"] for variant in self.get("variants") or [] if variant.get("cycle")]


class VariantsBlock(blocks.StructBlock):
    """A passage that has other words for readers of some cycles, and usual words for everybody."""

    default = PassageBlock(
        label="The usual words", help_text="Everybody reads these who has not chosen a cycle."
    )
    variants = blocks.ListBlock(
        VariantBlock(), min_num=0, max_num=MOST_VARIANTS, default=[], label="Other words"
    )

    def clean(self, value: Any) -> Any:
        """Refuse two variants for one cycle: nobody could say which is read."""
        cleaned = super().clean(value)
        seen: set[str] = set()
        errors: dict[int, ValidationError] = {}
        for place, variant in enumerate(cleaned.get("variants") or []):
            if variant["cycle"] and variant["cycle"] in seen:
                errors[place] = ValidationError(
                    "There already is a variant for this cycle. Choose another cycle, or take one "
                    "of the two away."
                )
            seen.add(variant["cycle"])
        if errors:
            raise StructBlockValidationError(
                block_errors={"variants": ListBlockValidationError(block_errors=errors)}
            )
        return cleaned

    class Meta:
        icon = "duplicate"
        label = "Passage with variants"
        group = TEXT
        template = "cms/blocks/variants.html"
        value_class = VariantsValue
        preview_value = {
            "default": [("paragraph", "<p>What one of you changes, the other meets.</p>")],
            "variants": [],
        }
        description = "A passage that reads differently for whoever has chosen a cycle."
