"""Pictures and voices, each with the name of whom it comes from."""

from typing import Any

from django.core.exceptions import ValidationError
from wagtail import blocks
from wagtail.blocks.struct_block import StructBlockValidationError
from wagtail.images import get_image_model
from wagtail.images.blocks import ImageChooserBlock

from .groups import PICTURES


class CreditedPictureValue(blocks.StructValue):
    """What a picture in the text says about itself, from here or else from the library."""

    @property
    def awaits_picture(self) -> bool:
        """Whether there is a credit already and its picture is still to come."""
        return not self.get("image") and bool(self.credit_line)

    @property
    def credit_line(self) -> str:
        """Who made the picture: as written here, else as the picture itself says; may be empty."""
        image = self.get("image")
        return (self.get("credit") or "").strip() or (image.credit if image else "")

    @property
    def alternative_text(self) -> str:
        """What somebody hears who can't see it; empty for a picture that only decorates."""
        image = self.get("image")
        return (self.get("alt") or "").strip() or (image.description if image else "")


class CreditedPictureBlock(blocks.StructBlock):
    """A picture with its credit, or a credit that waits for its picture."""

    image = ImageChooserBlock(
        required=False,
        label="Picture",
        help_text="You can publish without it: the credit then stands at the end of the page.",
    )
    alt = blocks.CharBlock(
        required=False,
        max_length=255,
        label="In words",
        help_text="What the picture shows, for readers who can’t see it. Leave it empty if the "
        "picture only decorates, or if it is described in the library.",
    )
    credit = blocks.CharBlock(
        required=False,
        max_length=255,
        search_index=False,
        help_text="For example “Photo by Ada Sample on Unsplash”. Left empty: the credit that the "
        "picture has in the library.",
    )
    caption = blocks.CharBlock(
        required=False, max_length=255, help_text="A line below the picture, if it needs one."
    )

    def get_preview_value(self) -> Any:
        """Show the library's newest picture in the list of blocks."""
        return self.normalize({"image": get_image_model().objects.order_by("-pk").first()})

    def clean(self, value: Any) -> Any:
        """Refuse to publish a block with neither picture nor credit; a draft may have it."""
        cleaned = super().clean(value)
        if not self.is_deferred_validation and not (cleaned["image"] or cleaned["credit"]):
            message = "Choose a picture, or write the credit of the one that will come."
            raise StructBlockValidationError(block_errors={"image": ValidationError(message)})
        return cleaned

    class Meta:
        icon = "image"
        label = "Picture"
        group = PICTURES
        template = "cms/blocks/image.html"
        value_class = CreditedPictureValue
        description = "A picture with its credit. The credit can be there before the picture is."


class QuoteBlock(blocks.StructBlock):
    """Somebody's words, set apart."""

    text = blocks.TextBlock(label="What was said", rows=3)
    attribution = blocks.CharBlock(
        required=False, max_length=160, label="Who said it", help_text="Leave empty for your own."
    )

    class Meta:
        icon = "openquote"
        label = "Quote"
        group = PICTURES
        template = "cms/blocks/quote.html"
        preview_value = {
            "text": "I came to find out how to get him to come. By spring I’d forgotten to mind.",
            "attribution": "A reader",
        }
        description = "Words of somebody else’s, or of yours that should be seen."
