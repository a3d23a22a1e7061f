"""The front door, and the record of what the site was given to start with."""

from typing import Any, ClassVar

from django.db import models
from wagtail.admin.panels import FieldPanel
from wagtail.fields import StreamField
from wagtail.models import Page
from wagtail.search import index

from cms.models.bodies import BodyMixin

from .blocks import HomeBodyBlock


class HomePage(BodyMixin, Page):
    """The first page; there is one, and everything else lies below it."""

    introduction = models.TextField(
        blank=True, help_text="One to three sentences below the title: for whom this is."
    )
    image = models.ForeignKey(
        "cms.SiteImage",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name="picture",
        help_text="Stands beside the title.",
    )
    body = StreamField(HomeBodyBlock(), blank=True)

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
    subpage_types: ClassVar[list[str]] = ["cms.ArticleIndexPage", "cms.StandardPage"]
    max_count = 1
    page_description = "The first page of the site."

    class Meta:
        verbose_name = "home page"

    @classmethod
    def can_exist_under(cls, parent: Any) -> bool:
        """Only at the root of the tree."""
        return bool(parent.is_root() and super().can_exist_under(parent))


class StarterContent(models.Model):
    """One thing the site was given to start with, so that it is given only once.

    What a person has since reworded, renamed, moved or deleted stays as that person left it.
    """

    key = models.CharField(max_length=120, unique=True)
    given_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "starter content"

    def __str__(self) -> str:
        return self.key
