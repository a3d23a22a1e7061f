"""A page for each cycle, which speaks of the experience and not of the label."""

from typing import Any, ClassVar

from django.db import models
from django.http import HttpRequest
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.fields import StreamField
from wagtail.models import Page
from wagtail.search import index

from cms.blocks import BodyBlock

from .articles import ArticlePage
from .bodies import BodyMixin
from .pages import BelowTheFrontDoorMixin

ARTICLES_SHOWN = 6


class CyclePage(BelowTheFrontDoorMixin, BodyMixin, Page):
    """What it is like to be in one cycle, what to read about it, and an invitation."""

    introduction = models.TextField(
        blank=True, help_text="One to three sentences, in the reader’s own words."
    )
    cycle = models.ForeignKey(
        "funnel.StuckCycle",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text="Its description opens the text, and its articles are listed below.",
    )
    image = models.ForeignKey(
        "cms.SiteImage",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name="picture",
        help_text="Stands above the text.",
    )
    body = StreamField(
        BodyBlock(),
        blank=True,
        help_text="Stands below the cycle’s description.",
    )
    call_to_action = models.ForeignKey(
        "funnel.CallToAction",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text="The invitation at the end. Left empty: the form for the free videos alone.",
    )

    content_panels = [
        *Page.content_panels,
        FieldPanel("introduction"),
        MultiFieldPanel([FieldPanel("cycle"), FieldPanel("image")], heading="What it is about"),
        FieldPanel("body"),
        FieldPanel("call_to_action"),
    ]
    search_fields = [
        *Page.search_fields,
        index.SearchField("introduction"),
        index.SearchField("body"),
    ]
    subpage_types: ClassVar[list[str]] = []
    page_description = "A page for one cycle. Let its title be what a reader would say."
    template = "cms/cycle_page.html"

    class Meta:
        verbose_name = "page for a cycle"
        verbose_name_plural = "pages for cycles"

    def articles(self) -> list[ArticlePage]:
        """The newest articles of this cycle that anybody may read."""
        if self.cycle_id is None:
            return []
        articles = ArticlePage.objects.anyone_may_read().filter(cycle_id=self.cycle_id)
        return list(articles.newest_first().for_lists()[:ARTICLES_SHOWN])

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add the articles."""
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        context["articles"] = self.articles()
        return context
