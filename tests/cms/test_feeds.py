"""The feeds: whole articles, in XML that RSS 2.0 and RFC 4287 allow, and nothing that asks."""

import re
from datetime import UTC, date, datetime
from email.utils import parsedate_to_datetime
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from django.test import Client

from cms.feeds import whole_addresses, writable
from cms.models import ArticleIndexPage, ArticlePage, SiteSettings
from funnel.models import CallToAction
from tests.factories.pages import SITE_URL, ArticlePageFactory, SiteImageFactory, TopicFactory

ATOM = "{http://www.w3.org/2005/Atom}"
CONTENT = "{http://purl.org/rss/1.0/modules/content/}encoded"
CREATOR = "{http://purl.org/dc/elements/1.1/}creator"
KINDS = {"rss": "application/rss+xml", "atom": "application/atom+xml"}


@pytest.fixture
def article(articles: ArticleIndexPage) -> ArticlePage:
    """An article with everything that must become something else in a feed."""
    offer = CallToAction.objects.create(name="Videos", heading="Begin alone")
    page: ArticlePage = ArticlePageFactory(
        parent=articles,
        title="Salt & <pepper>",
        introduction="How “it” begins.",
        published_on=date(2026, 3, 2),
        image=SiteImageFactory(),
        body=[
            ("heading", "Who begins"),
            (
                "paragraph",
                '<p>See <a href="/about/">me</a> or <a href="https://x.test/">her</a>.</p>',
            ),
            ("image", {"image": SiteImageFactory(), "alt": "", "credit": "", "caption": "Noon"}),
            (
                "variants",
                {
                    "default": [("paragraph", "<p>The usual words</p>")],
                    "variants": [
                        {"cycle": "resentment", "passage": [("paragraph", "<p>Only for some</p>")]}
                    ],
                },
            ),
            ("call_to_action", offer),
            ("opt_in_form", {"call_to_action": None}),
            ("paragraph", "<p>A bell\x07 rings.</p>"),
        ],
    )
    page.topics = [TopicFactory(name="Distance")]
    page.save_revision().publish()
    page.refresh_from_db()
    return page


def fetched(client: Client, articles: ArticleIndexPage, kind: str) -> ET.Element:
    """The feed as XML, which it therefore is."""
    response = client.get(f"{articles.url}feed/{kind}/", headers={"host": "localhost:8000"})
    assert response.status_code == 200
    assert response["Content-Type"] == f"{KINDS[kind]}; charset=utf-8"
    return ET.fromstring(response.content)  # noqa: S314


def text(element: ET.Element, path: str) -> str:
    """The words at this path, which are there."""
    found = element.find(path)
    assert found is not None, path
    assert found.text
    return found.text


def whole_text(entry: ET.Element, kind: str) -> str:
    """The article itself."""
    return text(entry, CONTENT if kind == "rss" else f"{ATOM}content")


def entries(feed: ET.Element, kind: str) -> list[ET.Element]:
    """Its articles."""
    return feed.findall("channel/item" if kind == "rss" else f"{ATOM}entry")


@pytest.mark.parametrize("kind", KINDS)
class TestEither:
    """What holds for both."""

    def test_carries_the_whole_article_with_whole_addresses_and_no_form(
        self, client: Client, articles: ArticleIndexPage, article: ArticlePage, kind: str
    ) -> None:
        [entry] = entries(fetched(client, articles, kind), kind)
        html = whole_text(entry, kind)
        for words in ("How “it” begins.", "Who begins", "The usual words", "Begin alone", "Noon"):
            assert words in html, words
        assert f'<a href="{SITE_URL}/about/">me</a>' in html
        assert 'href="https://x.test/"' in html
        assert "Only for some" not in html
        assert "<form" not in html
        assert "<input" not in html
        assert "<script" not in html
        assert re.search(rf'<a href="{SITE_URL}/[^"]+">Begin alone</a>', html)
        for address in re.findall(r'(?:href|src)="([^"]*)"', html):
            assert address.startswith(("http://", "https://")), address
        assert len(re.findall(rf'<img src="{SITE_URL}/media/[^"]+"', html)) == 2

    def test_identity_stays_when_title_and_address_change(
        self, client: Client, articles: ArticleIndexPage, article: ArticlePage, kind: str
    ) -> None:
        path = "guid" if kind == "rss" else f"{ATOM}id"
        before = text(entries(fetched(client, articles, kind), kind)[0], path)
        article.title, article.slug = "Another title", "another"
        article.save_revision().publish()
        after = entries(fetched(client, articles, kind), kind)[0]
        assert text(after, path) == before == f"urn:uuid:{article.translation_key}"
        assert text(after, "title" if kind == "rss" else f"{ATOM}title") == "Another title"

    def test_twenty_newest_that_anybody_may_read(
        self, client: Client, articles: ArticleIndexPage, kind: str
    ) -> None:
        ArticlePageFactory(parent=articles, live=False, title="Draft")
        for day in range(1, 23):
            ArticlePageFactory(parent=articles, title=f"Day {day}", published_on=date(2026, 1, day))
        found = entries(fetched(client, articles, kind), kind)
        name = "title" if kind == "rss" else f"{ATOM}title"
        assert [text(entry, name) for entry in found] == [f"Day {n}" for n in range(22, 2, -1)]

    def test_queries_do_not_grow_with_the_articles(
        self,
        client: Client,
        articles: ArticleIndexPage,
        kind: str,
        django_assert_max_num_queries: Any,
    ) -> None:
        for _ in range(8):
            ArticlePageFactory(parent=articles, image=SiteImageFactory())
        fetched(client, articles, kind)
        with django_assert_max_num_queries(17):
            fetched(client, articles, kind)

    def test_an_empty_list_is_a_feed_too(
        self, client: Client, articles: ArticleIndexPage, kind: str
    ) -> None:
        assert entries(fetched(client, articles, kind), kind) == []


def test_rss_has_what_rss_2_asks_for(
    client: Client, articles: ArticleIndexPage, article: ArticlePage
) -> None:
    SiteSettings.objects.update(coach_name="Ada Sample")
    feed = fetched(client, articles, "rss")
    assert (feed.tag, feed.get("version")) == ("rss", "2.0")
    channel = feed.find("channel")
    assert channel is not None
    for name in ("title", "link", "description", "language", "lastBuildDate"):
        assert text(channel, name)
    own = channel.find(f"{ATOM}link")
    assert own is not None
    assert own.attrib == {"rel": "self", "href": f"{SITE_URL}{articles.url}feed/rss/"}
    [item] = channel.findall("item")
    assert text(item, "title") == "Salt & <pepper>"
    assert text(item, "link") == f"{SITE_URL}{article.url}"
    assert text(item, "description") == "How “it” begins."
    assert text(item, CREATOR) == "Ada Sample"
    assert text(item, "category") == "Distance"
    guid = item.find("guid")
    assert guid is not None
    assert guid.get("isPermaLink") == "false"
    assert parsedate_to_datetime(text(item, "pubDate")) == article.published_at
    assert item.find("author") is None  # it would have to be a mail address


def test_atom_has_what_rfc_4287_asks_for(
    client: Client, articles: ArticleIndexPage, article: ArticlePage
) -> None:
    SiteSettings.objects.update(coach_name="Ada Sample")
    feed = fetched(client, articles, "atom")
    assert feed.tag == f"{ATOM}feed"
    [entry] = feed.findall(f"{ATOM}entry")
    for element in (feed, entry):
        for name in ("id", "title", "updated"):
            assert len(element.findall(f"{ATOM}{name}")) == 1, name
        moment = datetime.fromisoformat(text(element, f"{ATOM}updated"))
        assert moment.astimezone(UTC) == article.last_published_at
        assert text(element, f"{ATOM}author/{ATOM}name") == "Ada Sample"
    links = {link.get("rel"): link.get("href") for link in feed.findall(f"{ATOM}link")}
    assert links["self"] == f"{SITE_URL}{articles.url}feed/atom/"
    assert links["alternate"] == f"{SITE_URL}{articles.url}"
    [link] = entry.findall(f"{ATOM}link")
    assert (link.get("rel"), link.get("href")) == ("alternate", f"{SITE_URL}{article.url}")
    content = entry.find(f"{ATOM}content")
    assert content is not None
    assert content.get("type") == "html"


def test_addresses_of_others_and_places_on_the_page_stay() -> None:
    html = """<a href="/a/">1</a> <img src='/b.jpg'> <a href="//c.test/">2</a> <a href="#d">3</a>"""
    assert whole_addresses(html, root="https://s.test") == (
        """<a href="https://s.test/a/">1</a> <img src='https://s.test/b.jpg'> """
        """<a href="//c.test/">2</a> <a href="#d">3</a>"""
    )


def test_what_xml_cannot_say_is_left_out() -> None:
    assert writable("a\x00b\x0bc\ud800d\ufffee\tf\n") == "abcde\tf\n"
