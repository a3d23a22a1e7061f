"""Articles: what readers come for, the list of them, and what they are about."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any, ClassVar

from django import forms
from django.core.paginator import Paginator
from django.db import models
from django.db.models import Count, Max, Q, QuerySet
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone
from modelcluster.fields import ParentalManyToManyField
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.contrib.routable_page.models import RoutablePageMixin, path
from wagtail.fields import StreamField
from wagtail.models import Page, PageManager, PageViewRestriction
from wagtail.search import index

from cms.anchors import new_anchor
from cms.blocks import BodyBlock
from cms.queries.pictures import bring_sizes

from .article_sets import ArticleQuerySet, Surroundings
from .bodies import BodyMixin
from .pages import BelowTheFrontDoorMixin
from .settings import SiteSettings

ARTICLES_ON_A_PAGE = 13
# Shorter ones are seen at a glance.
CONTENTS_FROM_HEADINGS = 3
CONTENTS_FROM_WORDS = 900


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


@dataclass(frozen=True, kw_only=True)
class BodyPart:
    """A block of an article's text; a heading also has its name in the page's address."""

    block: Any
    anchor: str = ""

    @property
    def words(self) -> str:
        """What the heading says."""
        return str(self.block.value)


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

    @property
    def published_at(self) -> datetime | None:
        """The moment for whoever wants one: the first publishing, if it was on the day shown."""
        first = self.first_published_at
        if self.published_on is None or (
            first is not None and timezone.localdate(first) == self.published_on
        ):
            return first
        return timezone.make_aware(datetime.combine(self.published_on, time()))

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add what stands around the text: contents, cycle, topics, and what to read next."""
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        parts = self.parts(request)
        surroundings = self.surroundings()
        facts = SiteSettings.load(request_or_site=request)
        beside = [article.image for article in surroundings.all]
        bring_sizes([self.image, facts.coach_portrait, *self.pictures(), *beside])
        context.update(
            parts=parts,
            contents=self._contents(parts),
            topics=_with_addresses(self.topics.all(), list_url=self.list_url(request)),
            surroundings=surroundings,
        )
        return context

    def list_url(self, request: HttpRequest | None = None) -> str:
        """The address of the list this article stands in, which its own says."""
        return f"{(self.get_url(request) or '/').rsplit('/', 2)[0]}/"

    def parts(self, request: HttpRequest | None) -> list[BodyPart]:
        """The blocks of the text, each heading with an anchor of its own."""
        return [
            BodyPart(
                block=block,
                anchor=new_anchor(request, block.value) if block.block_type == "heading" else "",
            )
            for block in self.body
        ]

    def _contents(self, parts: list[BodyPart]) -> list[BodyPart]:
        """The headings to list above the text; none above one that is short."""
        headings = [part for part in parts if part.anchor]
        is_long = self.word_count >= CONTENTS_FROM_WORDS
        return headings if is_long and len(headings) >= CONTENTS_FROM_HEADINGS else []

    def surroundings(self) -> Surroundings:
        """What a reader may go on to from here."""
        found: Surroundings = ArticlePage.objects.surroundings_of(self)
        return found

    def get_view_restrictions(self) -> QuerySet[PageViewRestriction]:
        """Ask only where the query that found this article saw that there may be some."""
        if getattr(self, "is_for_anybody", False):
            return PageViewRestriction.objects.none()
        restrictions: QuerySet[PageViewRestriction] = super().get_view_restrictions()
        return restrictions


class ArticleIndexPage(BelowTheFrontDoorMixin, RoutablePageMixin, Page):
    """The list of all articles below it, newest first, and one for each topic."""

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

    def topics(self) -> list[Topic]:
        """All topics; `number` says how many of these articles are about one."""
        public = self.articles().order_by().values("pk")
        is_public = Q(articles__in=public)
        return list(
            Topic.objects.annotate(
                number=Count("articles", filter=is_public),
                changed=Max("articles__last_published_at", filter=is_public),
            )
        )

    def topics_with_articles(self, request: HttpRequest | None = None) -> list[Topic]:
        """Those that have any, each with its address as `url`."""
        topics = [topic for topic in self.topics() if topic.number] if self.pk else []
        return _with_addresses(topics, list_url=self.get_url(request))

    def get_context(
        self, request: HttpRequest, *args: Any, topic: Topic | None = None, **kwargs: Any
    ) -> dict[str, Any]:
        """Add `articles`, one page of them; a page number that makes no sense is the nearest."""
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        articles = self.articles().for_lists() if self.pk else ArticlePage.objects.none()
        if topic is not None:
            articles = articles.filter(topics=topic)
        paginator = Paginator(articles, ARTICLES_ON_A_PAGE)
        context["articles"] = paginator.get_page(request.GET.get("page"))
        context["topics"] = self.topics_with_articles(request)
        context["topic"] = topic
        return context

    @path("topics/<slug:slug>/", name="topic")
    def list_topic(self, request: HttpRequest, slug: str) -> HttpResponseBase:
        """List the articles about one topic."""
        topic = Topic.objects.filter(slug=slug).first()
        if topic is None:
            raise Http404("There is no such topic.")
        # As Page.serve() does for an address that is the page's own.
        request.__dict__.setdefault("is_preview", False)
        return self.render(request, topic=topic)

    @path("feed/rss/", name="rss")
    def feed_rss(self, request: HttpRequest) -> HttpResponseBase:
        """Answer a feed reader that wants RSS."""
        return self._feed(request, kind="rss")

    @path("feed/atom/", name="atom")
    def feed_atom(self, request: HttpRequest) -> HttpResponseBase:
        """Answer a feed reader that wants Atom."""
        return self._feed(request, kind="atom")

    def _feed(self, request: HttpRequest, *, kind: str) -> HttpResponseBase:
        from cms.feeds import feed_response

        return feed_response(self, request=request, kind=kind)

    def get_sitemap_urls(self, request: HttpRequest | None = None) -> list[dict[str, Any]]:
        """Add the lists of topics that have articles."""
        urls: list[dict[str, Any]] = super().get_sitemap_urls(request)
        start = self.get_full_url(request)
        for topic in _with_addresses(self.topics(), list_url=start):
            if topic.number:
                urls.append({"location": topic.url, "lastmod": topic.changed})
        return urls


def _with_addresses(topics: Iterable[Any], *, list_url: str | None) -> list[Any]:
    """Give each topic, as `url`, the address of its articles below this address of their list."""
    found = list(topics)
    for topic in found:
        topic.url = f"{list_url or '/'}{topic_path(topic.slug)}"
    return found


def topic_path(slug: str) -> str:
    """Where a topic is listed, below the address of the list of articles."""
    path_below: str = ArticleIndexPage.get_resolver().reverse("topic", slug)
    return path_below
