"""Pages that are no articles, and rules that all pages share."""

from typing import Any, ClassVar

from django.db import models
from wagtail.admin.panels import FieldPanel
from wagtail.fields import StreamField
from wagtail.models import Page
from wagtail.search import index

from cms.blocks import PlainPageBodyBlock

from .bodies import BodyMixin


class BelowTheFrontDoorMixin:
    """For pages that belong to a site: directly below the tree's root nobody would find them."""

    @classmethod
    def can_exist_under(cls, parent: Any) -> bool:
        """Allow what the page types say, except for the root of the tree."""
        return not parent.is_root() and bool(super().can_exist_under(parent))  # type: ignore[misc]


class StandardPage(BelowTheFrontDoorMixin, BodyMixin, Page):
    """A page that is there for good, such as the one about you or the one about privacy."""

    introduction = models.TextField(
        blank=True, help_text="One or two sentences that stand, larger, above the text."
    )
    image = models.ForeignKey(
        "cms.SiteImage",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name="picture",
        help_text="Stands beside or above the text.",
    )
    body = StreamField(PlainPageBodyBlock(), blank=True)

    content_panels = [
        *Page.content_panels,
        FieldPanel("introduction"),
        FieldPanel("image"),
        FieldPanel("body"),
    ]
    search_fields = [
        *Page.search_fields,
        index.SearchField("introduction"),
        index.SearchField("body"),
    ]
    subpage_types: ClassVar[list[str]] = []
    page_description = "A page that is there for good: about you, privacy, how you work."
    template = "cms/standard_page.html"

    class Meta:
        verbose_name = "plain page"
