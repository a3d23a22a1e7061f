"""Articles: what readers come for, the list of them, and what they are about."""

from typing import Any, ClassVar, Self

from django import forms
from django.core.paginator import Paginator
from django.db import models
from django.db.models import Count, Q
from django.http import HttpRequest
from django.utils import timezone
from modelcluster.fields import ParentalManyToManyField
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.fields import StreamField
from wagtail.models import Page, PageManager, PageQuerySet
from wagtail.search import index

from cms.blocks import BodyBlock

from .bodies import BodyMixin
from .pages import BelowTheFrontDoorMixin

ARTICLES_ON_A_PAGE = 12
RELATED_ARTICLES = 3


class Topic(index.Indexed, models.Model):
    """What an article is about, in a word or two, so that readers find its neighbours."""

    name = models.CharField(max_length=60, unique=True)
    slug = models.SlugField(
        max_length=60,
        unique=True,
        help_text="The topic’s short name for web addresses: lower case, no spaces.",
    )

    panels = [FieldPanel("name"), FieldPanel("slug")]
    search_fields = [index.SearchField("name"), index.AutocompleteField("name")]

    class Meta:
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name


class ArticleQuerySet(PageQuerySet):
    """Questions about articles that read as sentences."""

    def anyone_may_read(self) -> Self:
        """Published, and not behind a password or a login."""
        return self.live().public()

    def newest_first(self) -> Self:
        """By the date readers see."""
        return self.order_by("-published_on", "-first_published_at", "-pk")

    def for_lists(self) -> Self:
        """With everything a list shows, in as many queries for a hundred articles as for one."""
        return self.select_related("image").prefetch_related("image__renditions")


ArticleManager = PageManager.from_queryset(ArticleQuerySet)


class ArticlePage(BelowTheFrontDoorMixin, BodyMixin, Page):
    """One article of the coach's."""

    introduction = models.TextField(
        blank=True,
        help_text="One to three sentences. They open the article and stand beside it in lists. "
        "Left empty: lists show how the text begins.",
    )
    published_on = models.DateField(
        "date",
        null=True,
        blank=True,
        help_text="The date readers see. Left empty: the day on which you first publish.",
    )
    cycle = models.ForeignKey(
        "funnel.StuckCycle",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text="The cycle this article leans to, if it leans to one.",
    )
    topics = ParentalManyToManyField(Topic, blank=True, related_name="articles")
    image = models.ForeignKey(
        "cms.SiteImage",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name="picture",
        help_text="Stands above the article and beside it in lists. Describe it, and say who made "
        "it, in the picture library.",
    )
    touches_on_fear = models.BooleanField(
        "touches on fear or control",
        default=False,
        help_text="Tick it where a reader might be afraid of her partner: the signposts to help "
        "then stand under the article.",
    )
    body = StreamField(BodyBlock(), blank=True)

    objects: ClassVar[Any] = ArticleManager()

    content_panels = [
        *Page.content_panels,
        FieldPanel("introduction"),
        FieldPanel("image"),
        FieldPanel("body"),
        MultiFieldPanel(
            [
                FieldPanel("published_on"),
                FieldPanel("cycle"),
                FieldPanel("topics", widget=forms.CheckboxSelectMultiple),
                FieldPanel("touches_on_fear"),
            ],
            heading="Where it belongs",
        ),
    ]
    search_fields = [
        *Page.search_fields,
        index.SearchField("introduction"),
        index.SearchField("body"),
        index.FilterField("published_on"),
    ]
    parent_page_types: ClassVar[list[str]] = ["cms.ArticleIndexPage"]
    subpage_types: ClassVar[list[str]] = []
    page_description = "One article, with its text, pictures and invitations."
    template = "cms/article_page.html"

    class Meta:
        verbose_name = "article"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save; an article that goes public without a date gets the day it first did."""
        if self.live and self.published_on is None and self.first_published_at is not None:
            self.published_on = timezone.localdate(self.first_published_at)
        super().save(*args, **kwargs)

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add the articles to read next."""
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        context["related_articles"] = self.related_articles()
        return context

    def related_articles(self) -> list["ArticlePage"]:
        """Up to three others that anybody may read: same cycle, then shared topics, then newest."""
        topics = Topic.objects.filter(articles=self.pk) if self.pk else Topic.objects.none()
        same_cycle = Q(cycle=self.cycle_id) if self.cycle_id else Q(pk__in=[])
        others = (
            ArticlePage.objects.anyone_may_read()
            .exclude(pk=self.pk)
            .annotate(
                in_same_cycle=models.Case(
                    models.When(same_cycle, then=1), default=0, output_field=models.IntegerField()
                ),
                shared_topics=Count("topics", filter=Q(topics__in=topics), distinct=True),
            )
            .for_lists()
            .order_by("-in_same_cycle", "-shared_topics", "-published_on", "-pk")
        )
        return list(others[:RELATED_ARTICLES])


class ArticleIndexPage(BelowTheFrontDoorMixin, Page):
    """The list of all articles below it, newest first."""

    introduction = models.TextField(
        blank=True, help_text="One or two sentences above the list of articles."
    )

    content_panels = [*Page.content_panels, FieldPanel("introduction")]
    search_fields = [*Page.search_fields, index.SearchField("introduction")]
    subpage_types: ClassVar[list[str]] = ["cms.ArticlePage"]
    page_description = "A list of articles. New articles are made below it."
    template = "cms/article_index_page.html"

    class Meta:
        verbose_name = "list of articles"
        verbose_name_plural = "lists of articles"

    def articles(self) -> ArticleQuerySet:
        """The articles below that anybody may read, newest first."""
        articles: ArticleQuerySet = ArticlePage.objects.child_of(self)
        return articles.anyone_may_read().newest_first()

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add `articles`, one page of them; a page number that makes no sense is the nearest."""
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        articles = self.articles().for_lists() if self.pk else ArticlePage.objects.none()
        paginator = Paginator(articles, ARTICLES_ON_A_PAGE)
        context["articles"] = paginator.get_page(request.GET.get("page"))
        return context
