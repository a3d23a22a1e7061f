"""What a page tells programs about itself: search engines, link previews, feed readers.

Made here from the page, the site's facts and what the view found, and written by
`includes/page_meta.html`, so that no template decides what is a title and what is canonical.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.html import strip_tags
from django.utils.text import Truncator
from wagtail.models import Page

from cms.models import ArticleIndexPage, ArticlePage, SiteImage, SiteSettings
from cms.models.articles import topic_path
from cms.structured_data import Story, graph

PREVIEW_SIZE = "fill-1200x630|format-jpeg"
DESCRIPTION_LENGTH = 200
FEEDS = (("rss", "application/rss+xml", "RSS"), ("atom", "application/atom+xml", "Atom"))


@dataclass(frozen=True, kw_only=True)
class PreviewPicture:
    """The picture beside a link to the page."""

    url: str
    width: int
    height: int
    description: str


@dataclass(frozen=True, kw_only=True)
class Elsewhere:
    """The same thing at another address: a translation, a feed."""

    url: str
    language: str = ""
    content_type: str = ""
    title: str = ""


@dataclass(frozen=True, kw_only=True)
class PageMeta:
    """All of it; what is empty is not written."""

    title: str
    canonical: str = ""
    description: str = ""
    kind: str = "website"
    site_name: str = ""
    robots: str = ""
    previous: str = ""
    next: str = ""
    picture: PreviewPicture | None = None
    published: datetime | None = None
    modified: datetime | None = None
    translations: Sequence[Elsewhere] = ()
    feeds: Sequence[Elsewhere] = ()
    data: dict[str, Any] | None = None


def page_meta(
    *, page: Page, request: HttpRequest, facts: SiteSettings, found: dict[str, Any]
) -> PageMeta:
    """Return what this page says of itself; `found` is what its template knows.

    Where tabs and previews are to say nothing, neither title nor words nor picture nor the data
    for search engines leave the page: a preview is shown to whoever looks at the screen.
    """
    meta = PageMeta(
        title=page.seo_title or page.title,
        description=description_of(page),
        canonical=page.get_full_url(request) or "",
        site_name=facts.site_name,
        picture=_picture(getattr(page, "image", None)),
        translations=_translations(page, request),
    )
    if isinstance(page, ArticlePage):
        meta = replace(
            meta,
            kind="article",
            published=page.published_at,
            modified=page.last_published_at,
            feeds=_feeds(meta.canonical.rsplit("/", 2)[0] + "/", facts),
        )
    elif isinstance(page, ArticleIndexPage):
        meta = _listed(meta, page=page, found=found, facts=facts)
    if facts.neutral_tabs:
        return replace(
            meta,
            title=facts.neutral_title,
            site_name="",
            description="",
            picture=None,
            kind="website",
        )
    story = Story(
        page=page, request=request, facts=facts, found=found, meta=meta, site_url=settings.SITE_URL
    )
    return replace(meta, data=graph(story))


def description_of(page: Page) -> str:
    """One or two sentences about a page: for search engines, else its introduction."""
    text = page.search_description or getattr(page, "teaser", "") or ""
    text = text or getattr(page, "introduction", "") or ""
    return Truncator(" ".join(strip_tags(text).split())).chars(DESCRIPTION_LENGTH)


def _picture(image: SiteImage | None) -> PreviewPicture | None:
    if image is None:
        return None
    preview = image.get_rendition(PREVIEW_SIZE)
    return PreviewPicture(
        url=preview.full_url,
        width=preview.width,
        height=preview.height,
        description=image.description,
    )


def _listed(
    meta: PageMeta, *, page: ArticleIndexPage, found: dict[str, Any], facts: SiteSettings
) -> PageMeta:
    """A list has an address for each topic, and one for each of its pages."""
    topic, articles = found.get("topic"), found.get("articles")
    feeds = _feeds(meta.canonical, facts)
    if topic is not None:
        meta = replace(
            meta,
            title=f"{topic.name}: {meta.title}",
            canonical=f"{meta.canonical}{topic_path(topic.slug)}",
            description=f"Articles about {topic.name}." if articles else "",
            robots="" if articles else "noindex",
        )
    if articles is None:
        return replace(meta, feeds=feeds)
    start = meta.canonical

    def address(number: int) -> str:
        return start if number == 1 else f"{start}?page={number}"

    here = articles.number
    return replace(
        meta,
        title=meta.title if here == 1 else f"{meta.title}, page {here}",
        canonical=address(here),
        previous=address(here - 1) if articles.has_previous() else "",
        next=address(here + 1) if articles.has_next() else "",
        feeds=feeds,
    )


def _feeds(start: str, facts: SiteSettings) -> list[Elsewhere]:
    name = facts.neutral_title if facts.neutral_tabs else facts.site_name
    return [
        Elsewhere(url=f"{start}feed/{kind}/", content_type=content_type, title=f"{name} ({label})")
        for kind, content_type, label in FEEDS
    ]


def _translations(page: Page, request: HttpRequest) -> list[Elsewhere]:
    """Every language the page is there in; nothing where it is alone."""
    if not getattr(settings, "WAGTAIL_I18N_ENABLED", False):
        return []
    pages = page.get_translations(inclusive=True).live().select_related("locale")
    found = list(_in_languages(pages, request))
    return found if len(found) > 1 else []


def _in_languages(pages: Any, request: HttpRequest) -> Iterator[Elsewhere]:
    for page in pages:
        url = page.get_full_url(request)
        if url:
            yield Elsewhere(url=url, language=page.locale.language_code)
