"""What pages say of themselves: head, link previews, structured data."""

import json
import re
from datetime import date
from typing import Any

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from cms.models import ArticleIndexPage, ArticlePage, SiteSettings
from cms.models.articles import ARTICLES_ON_A_PAGE
from cms.structured_data import as_script_content
from funnel.models import FunnelSettings, Video, VideoSeries
from home.models import HomePage, LandingPage
from tests.factories.pages import (
    SITE_URL,
    ArticlePageFactory,
    SiteImageFactory,
    StandardPageFactory,
    TopicFactory,
)

SCRIPT = re.compile(r'<script type="application/ld\+json">(.*?)</script>', re.DOTALL)
# What each type must have to be worth reading, by schema.org and the search engines' own pages.
REQUIRED = {
    "WebSite": {"@id", "name", "url", "potentialAction"},
    "Article": {"headline", "datePublished", "dateModified", "author", "publisher", "image"},
    "BreadcrumbList": {"itemListElement"},
    "Person": {"name", "url", "image", "description", "sameAs"},
    "VideoObject": {"name", "description", "duration", "thumbnailUrl"},
    "FAQPage": {"mainEntity"},
}


@pytest.fixture
def facts(home: HomePage) -> SiteSettings:
    """A coach with everything about her."""
    row = SiteSettings.load()
    row.coach_name, row.coach_summary = "Ada Sample", "She listens."
    row.coach_portrait = SiteImageFactory()
    row.about_page = StandardPageFactory(parent=home, title="Who I am")
    row.social_links = [("link", {"name": "Elsewhere", "address": "https://social.test/ada"})]
    row.save()
    return row


@pytest.fixture
def article(articles: ArticleIndexPage, facts: SiteSettings) -> ArticlePage:
    """An article with a picture, topics and questions."""
    page: ArticlePage = ArticlePageFactory(
        parent=articles,
        title="Salt & </script><pepper>",
        introduction="What “one” can do.",
        published_on=date(2026, 3, 2),
        image=SiteImageFactory(),
        body=[
            (
                "faq",
                {
                    "heading": "Before you ask",
                    "questions": [
                        {"question": "Can one begin?", "answer": "<p>Yes, <b>one</b> can.</p>"}
                    ],
                },
            )
        ],
    )
    page.topics = [TopicFactory(name="Distance", slug="distance")]
    page.save_revision().publish()
    page.refresh_from_db()
    return page


def html_of(client: Client, path: str) -> str:
    """The page as a visitor's browser gets it."""
    response = client.get(path, headers={"host": "localhost:8000"})
    assert response.status_code == 200, path
    return str(response.content.decode())


def data_of(html: str) -> dict[str, dict[str, Any]]:
    """The page's structured data by type, checked for what each type must have."""
    [content] = SCRIPT.findall(html)
    document = json.loads(content)
    assert document["@context"] == "https://schema.org"
    found = {part["@type"]: part for part in document["@graph"]}
    assert len(found) == len(document["@graph"])
    for kind, part in found.items():
        assert part.keys() >= REQUIRED[kind], kind
    return found


def meta(html: str, name: str) -> str | None:
    """The content of a meta element."""
    found = re.search(rf'<meta (?:name|property)="{re.escape(name)}" content="([^"]*)">', html)
    return found[1] if found else None


def links(html: str, rel: str) -> list[str]:
    """Where links of this kind lead."""
    return re.findall(rf'<link rel="{rel}"[^>]* ?href="([^"]*)"', html)


def test_an_article_says_what_it_is(client: Client, article: ArticlePage) -> None:
    html = html_of(client, article.url)
    assert '<html lang="en' in html
    assert "<title>Salt &amp; &lt;/script&gt;&lt;pepper&gt; – Unstuck</title>" in html
    assert links(html, "canonical") == [f"{SITE_URL}{article.url}"]
    assert meta(html, "description") == meta(html, "og:description") == "What “one” can do."
    assert meta(html, "og:type") == "article"
    assert meta(html, "og:url") == f"{SITE_URL}{article.url}"
    assert (meta(html, "og:image") or "").startswith(f"{SITE_URL}/media/")
    assert meta(html, "og:image:alt") == "Two chairs at a window"
    assert meta(html, "article:published_time") == article.published_at.isoformat()
    assert meta(html, "robots") is None
    index = article.get_parent().url
    assert links(html, "alternate") == [f"{SITE_URL}{index}feed/{k}/" for k in ("rss", "atom")]


def test_an_article_in_structured_data(client: Client, article: ArticlePage) -> None:
    found = data_of(html_of(client, article.url))
    assert found.keys() == {"WebSite", "Article", "BreadcrumbList", "FAQPage"}
    said = found["Article"]
    assert said["headline"] == article.title
    assert said["author"]["@type"] == "Person"
    assert said["author"]["name"] == "Ada Sample"
    assert said["datePublished"].startswith("2026-03-02")
    assert said["mainEntityOfPage"] == f"{SITE_URL}{article.url}"
    assert said["articleSection"] == ["Distance"]
    steps = found["BreadcrumbList"]["itemListElement"]
    assert [step["position"] for step in steps] == [1, 2, 3]
    assert [step["name"] for step in steps] == ["Unstuck", "Articles", article.title]
    assert [step["item"] for step in steps] == [
        f"{SITE_URL}{path}" for path in ("/", "/articles/", article.url)
    ]
    [question] = found["FAQPage"]["mainEntity"]
    assert question["name"] == "Can one begin?"
    assert question["acceptedAnswer"] == {"@type": "Answer", "text": "Yes, one can."}


def test_the_coach_stands_on_the_front_page_and_on_the_page_about_her(
    client: Client, facts: SiteSettings
) -> None:
    for path in ("/", facts.about_page.url):
        found = data_of(html_of(client, path))
        assert found.keys() == {"WebSite", "Person"}, path
        assert found["Person"]["sameAs"] == ["https://social.test/ada"]
        assert found["Person"]["url"] == f"{SITE_URL}{facts.about_page.url}"


def test_without_a_coach_nobody_is_made_up(client: Client, articles: ArticleIndexPage) -> None:
    page = ArticlePageFactory(parent=articles)
    SiteSettings.objects.update(coach_name="")
    html = html_of(client, page.url)
    document = json.loads(SCRIPT.findall(html)[0])
    kinds = {part["@type"]: part for part in document["@graph"]}
    assert kinds["Article"]["author"]["@type"] == "Organization"
    assert "Person" not in {part["@type"] for part in document["@graph"]}


def test_videos_say_what_is_public_and_nothing_else(
    client: Client, home: HomePage, facts: SiteSettings
) -> None:
    series = VideoSeries.objects.create(name="A", title="Three videos", mailchimp_tag="three")
    Video.objects.create(
        series=series,
        title="The first",
        summary="How it begins.",
        duration_seconds=305,
        file="videos/private.mp4",
        poster="posters/private.jpg",
    )
    row = FunnelSettings.load()
    row.series = series
    row.save()
    page = LandingPage(title="The videos", slug="the-videos", image=SiteImageFactory())
    home.add_child(instance=page)
    html = html_of(client, page.url)
    video = data_of(html)["VideoObject"]
    assert (video["name"], video["duration"]) == ("The first", "PT5M5S")
    assert not video.keys() & {"contentUrl", "embedUrl", "uploadDate"}
    assert "private" not in html


class TestLists:
    """A list has an address for each topic and for each of its pages."""

    @pytest.fixture
    def many(self, articles: ArticleIndexPage) -> ArticleIndexPage:
        """Three pages of articles about one topic."""
        topic = TopicFactory(name="Distance", slug="distance")
        for number in range(ARTICLES_ON_A_PAGE * 2 + 1):
            page = ArticlePageFactory(parent=articles, title=f"No. {number}")
            page.topics = [topic]
            page.save()
        return articles

    def test_each_page_names_itself_and_its_neighbours(
        self, client: Client, many: ArticleIndexPage
    ) -> None:
        for base in (many.url, f"{many.url}topics/distance/"):
            start = f"{SITE_URL}{base}"
            first, second = html_of(client, base), html_of(client, f"{base}?page=2")
            assert links(first, "canonical") == [start]
            assert links(first, "prev") == []
            assert links(first, "next") == [f"{start}?page=2"]
            assert links(second, "canonical") == [f"{start}?page=2"]
            assert links(second, "prev") == [start]
            assert links(second, "next") == [f"{start}?page=3"]
            assert "page 2" in second.partition("</title>")[0]
        topic = html_of(client, f"{many.url}topics/distance/")
        assert "<title>Distance: Articles – Unstuck</title>" in topic
        names = [step["name"] for step in data_of(topic)["BreadcrumbList"]["itemListElement"]]
        assert names == ["Unstuck", "Articles", "Distance"]


class TestNeutralTabs:
    """With them on, nothing on a screen or in a preview says what this site is about."""

    def test_head_says_nothing(self, client: Client, article: ArticlePage) -> None:
        SiteSettings.objects.update(neutral_tabs=True, neutral_title="Reading list")
        for path in (article.url, article.get_parent().url, "/", "/search/"):
            head = html_of(client, path).partition("<body>")[0]
            assert "<title>Reading list</title>" in head
            assert meta(head, "og:title") in ("Reading list", None)
            for name in ("description", "og:description", "og:image", "og:site_name"):
                assert meta(head, name) is None, name
            assert "ld+json" not in head
            assert "Salt" not in head
            assert "Unstuck" not in head


def test_there_are_no_translations_to_name(client: Client, article: ArticlePage) -> None:
    assert "hreflang" not in html_of(client, article.url)


_anything = st.text(st.characters(codec="utf-8"))


@given(st.dictionaries(_anything, _anything | st.lists(_anything)))
def test_no_data_ends_its_script(data: dict[str, Any]) -> None:
    content = as_script_content(data)
    assert not set("<>&") & set(content)
    assert json.loads(content) == data
