"""The newest articles as feeds, whole, so that they can be read where a reader reads.

A feed holds no form, no script and nothing that is only for some: passages with variants give their
usual words, an invitation becomes a link. What a program keeps for a reader keeps no secrets.
"""

import re
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.feedgenerator import Atom1Feed, Rss201rev2Feed, SyndicationFeed
from django.utils.xmlutils import SimplerXMLGenerator

from cms.models import ArticleIndexPage, ArticlePage, SiteSettings
from cms.queries.frame import videos_url
from cms.queries.pictures import bring_sizes

ARTICLES_IN_A_FEED = 20
_CONTENT = "http://purl.org/rss/1.0/modules/content/"
_DUBLIN_CORE = "http://purl.org/dc/elements/1.1/"
# What XML 1.0 has no way to write.
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_OWN_ADDRESS = re.compile(r"""(\s(?:href|src)=["'])/(?!/)""")


class WholeArticlesRss(Rss201rev2Feed):
    """RSS 2.0 with the articles themselves, and with their author, who needs no address there."""

    content_type = "application/rss+xml; charset=utf-8"

    def rss_attributes(self) -> dict[str, str]:
        """Name the vocabularies."""
        return {
            **super().rss_attributes(),
            "xmlns:content": _CONTENT,
            "xmlns:dc": _DUBLIN_CORE,
        }

    def add_item_elements(self, handler: SimplerXMLGenerator, item: dict[str, Any]) -> None:
        """Add the text and who wrote it."""
        super().add_item_elements(handler, item)
        handler.addQuickElement("dc:creator", item["written_by"])
        handler.addQuickElement("content:encoded", item["html"])


class WholeArticlesAtom(Atom1Feed):
    """Atom with the articles themselves."""

    content_type = "application/atom+xml; charset=utf-8"

    def add_item_elements(self, handler: SimplerXMLGenerator, item: dict[str, Any]) -> None:
        """Add the text."""
        super().add_item_elements(handler, item)
        handler.addQuickElement("content", item["html"], {"type": "html"})


KINDS: dict[str, type[WholeArticlesRss | WholeArticlesAtom]] = {
    "rss": WholeArticlesRss,
    "atom": WholeArticlesAtom,
}


def feed_response(index: ArticleIndexPage, *, request: HttpRequest, kind: str) -> HttpResponse:
    """Answer with the newest articles of this list as a feed of this kind."""
    facts = SiteSettings.load(request_or_site=request)
    start = index.get_full_url(request) or ""
    root = start.removesuffix(index.get_url(request) or "/")
    author = facts.coach_name or facts.site_name
    feed = KINDS[kind](
        title=writable(f"{facts.site_name}: {index.title}"),
        link=start,
        description=writable(index.introduction or facts.tagline or facts.site_name),
        language=index.locale.language_code,
        feed_url=f"{start}feed/{kind}/",
        feed_guid=f"urn:uuid:{index.translation_key}",
        author_name=writable(author),
        author_link=f"{root}/",
    )
    for article in _articles(index):
        _add(feed, article, request=request, root=root, author=author)
    return HttpResponse(feed.writeString("utf-8"), content_type=feed.content_type)


def writable(text: str) -> str:
    """Return the text without the characters that would make the feed unreadable."""
    return _UNWRITABLE.sub("", text)


def _articles(index: ArticleIndexPage) -> list[ArticlePage]:
    articles = index.articles().select_related("image").prefetch_related("topics")
    found = list(articles[:ARTICLES_IN_A_FEED])
    bring_sizes(picture for article in found for picture in [article.image, *article.pictures()])
    return found


def _add(
    feed: SyndicationFeed, article: ArticlePage, *, request: HttpRequest, root: str, author: str
) -> None:
    changed = article.last_published_at or article.published_at
    feed.add_item(
        title=writable(article.title),
        link=article.get_full_url(request),
        description=writable(article.teaser),
        unique_id=f"urn:uuid:{article.translation_key}",
        unique_id_is_permalink=False,
        pubdate=article.published_at,
        updateddate=changed,
        author_name=writable(author),
        categories=[writable(topic.name) for topic in article.topics.all()],
        written_by=writable(author),
        html=article_html(article, request=request, root=root),
    )


def article_html(article: ArticlePage, *, request: HttpRequest, root: str) -> str:
    """Return the article as HTML that can stand anywhere, with whole addresses."""
    html = render_to_string(
        "cms/feed_article.html",
        {
            "page": article,
            "blocks": article.body,
            "videos_url": videos_url(request),
            "facts": SiteSettings.load(request_or_site=request),
        },
    )
    return whole_addresses(writable(html), root=root)


def whole_addresses(html: str, *, root: str) -> str:
    """Return the HTML with this site's name before each address that begins with a slash."""
    return _OWN_ADDRESS.sub(lambda found: f"{found[1]}{root}/", html).strip()
