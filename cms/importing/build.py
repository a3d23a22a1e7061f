"""Makes a draft of a parsed article, and a call to action of the offer at its end."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.html import escape
from django.utils.text import slugify
from wagtail.coreutils import find_available_slug
from wagtail.models import Page

from cms.models import ArticleIndexPage, ArticlePage
from funnel.models import CallToAction

from .parse import BulletList, Credit, Heading, Offer, Paragraph, ParsedArticle

NAME_CHARACTERS = 100


class ImportProblem(Exception):
    """Why an article can't be taken in, as a sentence for the person who tries."""


class AlreadyThere(ImportProblem):
    """There is a page with this title; `page` is it."""

    def __init__(self, page: ArticlePage) -> None:
        state = "a published article" if page.live else "a draft"
        super().__init__(f"There already is {state} called “{page.title}”. Nothing was imported.")
        self.page = page


@dataclass(frozen=True, kw_only=True)
class ImportedArticle:
    """What an import made; `call_to_action` is None where the article offers nothing."""

    page: ArticlePage
    call_to_action: CallToAction | None
    call_to_action_is_new: bool


def list_of_articles(*, pk: int | None) -> ArticleIndexPage:
    """Return the list that new articles go into: the one named by `pk`, else the only one.

    Raises `ImportProblem` where there is none, or more than one and none is named.
    """
    lists = list(ArticleIndexPage.objects.order_by("path"))
    if not lists:
        raise ImportProblem(
            "This site has no list of articles yet. Run `python manage.py prepare_site`, or make "
            "one in the admin below the home page."
        )
    choices = ", ".join(f"{page.pk} (“{page.title}”)" for page in lists)
    if pk is not None:
        chosen = [page for page in lists if page.pk == pk]
        if not chosen:
            named = Page.objects.filter(pk=pk).first()
            what = (
                f"Page {pk} (“{named.title}”) is no list of articles"
                if named
                else (f"There is no page {pk}")
            )
            raise ImportProblem(f"{what}. Articles can go into: {choices}.")
        return chosen[0]
    if len(lists) > 1:
        raise ImportProblem(
            f"This site has several lists of articles. Say which with --parent: {choices}."
        )
    return lists[0]


@transaction.atomic
def build_article(
    *,
    parsed: ParsedArticle,
    parent: ArticleIndexPage,
    fallback_title: str,
    publish: bool = False,
    again: bool = False,
) -> ImportedArticle:
    """Make a draft, or a published page, of a parsed article below `parent`.

    Raises `AlreadyThere` where an article below `parent` has its title, unless `again`.
    """
    title = parsed.title or fallback_title
    existing = ArticlePage.objects.child_of(parent).filter(Q(title=title) | Q(draft_title=title))
    if not again and (found := existing.order_by("pk").first()):
        raise AlreadyThere(found)
    call_to_action, is_new = _call_to_action(parsed.offer)
    body = list(_body(parsed))
    if call_to_action is not None:
        body.append(("call_to_action", call_to_action))
    page = ArticlePage(title=title, body=body, live=False)
    if not slugify(title, allow_unicode=True):
        page.slug = find_available_slug(parent, "article")
    parent.add_child(instance=page)
    revision = page.save_revision()
    if publish:
        revision.publish()
        page.refresh_from_db()
    return ImportedArticle(page=page, call_to_action=call_to_action, call_to_action_is_new=is_new)


def _body(parsed: ParsedArticle) -> Iterator[tuple[str, Any]]:
    for part in parsed.parts:
        match part:
            case Heading(text=text):
                yield "heading", text
            case Paragraph(text=text):
                yield "paragraph", f"<p>{escape(text)}</p>"
            case BulletList(items=items):
                yield "list", list(items)
            case Credit(text=text):
                yield "image", {"image": None, "alt": "", "credit": text, "caption": ""}


def _call_to_action(offer: Offer | None) -> tuple[CallToAction | None, bool]:
    """Return the call to action with exactly this offer's words, and whether it was just made."""
    if offer is None:
        return None, False
    words = {
        "eyebrow": offer.eyebrow,
        "heading": offer.heading,
        "offer_line": offer.offer_line,
        "points_heading": offer.points_heading,
        "points": "\n".join(offer.points),
    }
    found = CallToAction.objects.filter(**words).order_by("pk").first()
    if found is not None:
        return found, False
    name = next(
        name
        for name in _names(offer.heading[:NAME_CHARACTERS])
        if not CallToAction.objects.filter(name=name).exists()
    )
    return CallToAction.objects.create(name=name, **words), True


def _names(wanted: str) -> Iterator[str]:
    yield wanted
    for number in count(2):
        yield f"{wanted} ({number})"
