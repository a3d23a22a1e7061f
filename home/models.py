"""The front door, and the record of what the site was given to start with."""

from typing import Any, ClassVar

from django.db import models
from django.http import HttpRequest
from wagtail.admin.panels import FieldPanel
from wagtail.fields import StreamField
from wagtail.models import Page
from wagtail.search import index

from cms.models.bodies import BodyMixin
from cms.models.pages import BelowTheFrontDoorMixin
from funnel.blocks import opt_in_form
from funnel.queries.videos import videos_offered_by

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
    subpage_types: ClassVar[list[str]] = [
        "cms.ArticleIndexPage",
        "cms.CyclePage",
        "cms.StandardPage",
        "home.LandingPage",
    ]
    max_count = 1
    page_description = "The first page of the site."

    class Meta:
        verbose_name = "home page"

    @classmethod
    def can_exist_under(cls, parent: Any) -> bool:
        """Only at the root of the tree."""
        return bool(parent.is_root() and super().can_exist_under(parent))


class LandingPage(BelowTheFrontDoorMixin, BodyMixin, Page):
    """The page for the free videos: what they are, for whom, and the form at its top."""

    introduction = models.TextField(
        blank=True, help_text="One to three sentences below the title: what a reader gets."
    )
    image = models.ForeignKey(
        "cms.SiteImage",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name="picture",
        help_text="Shown where a link to this page is shared, and above the list of videos.",
    )
    call_to_action = models.ForeignKey(
        "funnel.CallToAction",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text="Whose button, videos and points it uses. Left empty: the usual ones.",
    )
    body = StreamField(
        HomeBodyBlock(),
        blank=True,
        help_text="Stands below the form and the list of videos.",
    )

    content_panels = [
        *Page.content_panels,
        FieldPanel("introduction"),
        FieldPanel("image"),
        FieldPanel("call_to_action"),
        FieldPanel("body"),
    ]
    search_fields = [
        *Page.search_fields,
        index.SearchField("introduction"),
        index.SearchField("body"),
    ]
    subpage_types: ClassVar[list[str]] = []
    page_description = "The page for the free videos, with the form at its top."

    class Meta:
        verbose_name = "page for the videos"
        verbose_name_plural = "pages for the videos"

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add the form, the series and its videos; of these only title, length and summary."""
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        context["series"], context["series_videos"] = videos_offered_by(self.call_to_action)
        context["opt_in_form"] = opt_in_form(
            call_to_action=self.call_to_action, parent_context=context
        )
        return context


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
