"""Lines of menus and lists of links, as the site settings keep them."""

from typing import Any

from django.core.exceptions import ValidationError
from wagtail import blocks
from wagtail.blocks.struct_block import StructBlockValidationError


class PageLinkBlock(blocks.StructBlock):
    """A page of this site in a menu."""

    page = blocks.PageChooserBlock()
    label = blocks.CharBlock(
        required=False, max_length=40, help_text="Left empty: the title of the page."
    )

    class Meta:
        icon = "doc-empty"
        label = "Page"


class AddressLinkBlock(blocks.StructBlock):
    """Another address in a menu, on this site or elsewhere."""

    label = blocks.CharBlock(max_length=40)
    address = blocks.CharBlock(
        max_length=300,
        help_text="A whole address (https://…), or one on this site that begins with a slash.",
    )

    def clean(self, value: Any) -> Any:
        """Refuse what is neither."""
        cleaned = super().clean(value)
        address = cleaned["address"]
        on_this_site = address.startswith("/") and not address.startswith("//")
        if not (on_this_site or address.startswith(("https://", "http://", "mailto:"))):
            message = "Write a whole address that begins with https://, or one beginning with /."
            raise StructBlockValidationError(block_errors={"address": ValidationError(message)})
        return cleaned

    class Meta:
        icon = "link"
        label = "Address"


class NavigationBlock(blocks.StreamBlock):
    """The lines of one menu, in order."""

    page = PageLinkBlock()
    address = AddressLinkBlock()


class SocialLinkBlock(blocks.StructBlock):
    """Where else the coach can be found."""

    name = blocks.CharBlock(max_length=40, help_text="For example “Instagram”.")
    address = blocks.URLBlock(help_text="The whole address of your page there.")

    class Meta:
        icon = "link"
        label = "Link"


class SocialLinksBlock(blocks.StreamBlock):
    """All of them; plain links, nothing of theirs is loaded."""

    link = SocialLinkBlock()
