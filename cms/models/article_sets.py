"""Questions about articles, each answered in one query."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any, Self

from django.db.models import (
    Case,
    Count,
    Exists,
    F,
    IntegerField,
    OuterRef,
    Q,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce, Length, Substr
from django.utils import timezone
from wagtail.models import Page, PageQuerySet

from cms.queries.public import for_anybody, restrictions_of_page

if TYPE_CHECKING:
    from .articles import ArticlePage

RELATED_ARTICLES = 3
# What was begun later goes first among those of one day.
NEWEST_FIRST = ("-published_on", "-pk")


@dataclass(frozen=True, kw_only=True)
class Surroundings:
    """What a reader may go on to from one article."""

    related: Sequence["ArticlePage"] = field(default_factory=list)
    earlier: "ArticlePage | None" = None
    later: "ArticlePage | None" = None

    @property
    def all(self) -> list["ArticlePage"]:
        """Each of these articles, perhaps more than once."""
        beside = [article for article in (self.earlier, self.later) if article is not None]
        return [*self.related, *beside]


class ArticleQuerySet(PageQuerySet):
    """Questions about articles that read as sentences."""

    def anyone_may_read(self) -> Self:
        """Published, and not behind a password or a login."""
        public: Self = for_anybody(self)
        return public

    def newest_first(self) -> Self:
        """By the date readers see."""
        return self.order_by(*NEWEST_FIRST)

    def for_lists(self) -> Self:
        """With everything a list shows, in as many queries for a hundred articles as for one."""
        return self.select_related("image").prefetch_related("image__renditions")

    def for_reading(self) -> Self:
        """With what stands on the article's own page, and whether anybody may read it.

        An alias obeys the restrictions of the page it mirrors, so that one among the ancestors
        leaves the question to Wagtail.
        """
        above = Page.objects.filter(path=Substr(OuterRef("path"), 1, Length("path")))
        mirrors = above.filter(alias_of__isnull=False)
        lists = above.filter(depth=OuterRef("depth") - 1)
        return self.select_related("image", "cycle", "locale").annotate(
            is_for_anybody=~Exists(restrictions_of_page()) & ~Exists(mirrors),
            list_title=Subquery(lists.values("title")),
        )

    def beside(self, article: "ArticlePage") -> Self:
        """The other articles of its list that anybody may read."""
        return (
            self.anyone_may_read()
            .filter(path__startswith=article.path[: -article.steplen], depth=article.depth)
            .exclude(pk=article.pk)
        )

    def surroundings_of(self, article: "ArticlePage") -> Surroundings:
        """Return what to read after this article.

        Related are those of its cycle that share topics with it, then those of its cycle, then
        those that share topics, then the newest. One query brings the related ones, the one before
        and the one after: at most five rows, in which both orders can be seen.
        """
        others = self.beside(article).annotate(
            in_same_cycle=_in_same_cycle(article), shared_topics=_shared_topics(article)
        )
        ranking = ("-in_same_cycle", "-shared_topics", *NEWEST_FIRST)
        day, number = _place(article)
        is_earlier = Q(published_on__lt=day) | Q(published_on=day, pk__lt=number)
        is_later = Q(published_on__gt=day) | Q(published_on=day, pk__gt=number)
        wanted = (
            others.order_by(*ranking)[:RELATED_ARTICLES],
            others.filter(is_earlier).newest_first()[:1],
            others.filter(is_later).order_by("published_on", "pk")[:1],
        )
        is_wanted = Q(pk__in=[])
        for few in wanted:
            is_wanted |= Q(pk__in=few.values("pk"))
        found = list(others.filter(is_wanted).select_related("image").order_by(*ranking))
        dated = [each for each in found if each.published_on is not None]
        earlier = [each for each in dated if _place(each) < (day, number)]
        later = [each for each in dated if _place(each) > (day, number)]
        return Surroundings(
            related=found[:RELATED_ARTICLES],
            earlier=max(earlier, key=_place, default=None),
            later=min(later, key=_place, default=None),
        )


def _place(article: "ArticlePage") -> tuple[date, int]:
    """Where an article stands in time; a draft without a date stands at today."""
    return (article.published_on or timezone.localdate(), article.pk or 0)


def _in_same_cycle(article: "ArticlePage") -> Any:
    if not article.cycle_id:
        return Value(0, output_field=IntegerField())
    return Case(When(cycle=article.cycle_id, then=1), default=0, output_field=IntegerField())


def _shared_topics(article: "ArticlePage") -> Any:
    if not article.pk:
        return Value(0, output_field=IntegerField())
    links = type(article).topics.through.objects
    own = links.filter(articlepage=article.pk).values("topic")
    counted = (
        links.filter(articlepage=OuterRef("pk"), topic__in=own)
        .order_by()
        .values("articlepage")
        .annotate(number=Count(F("topic")))
        .values("number")
    )
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)
