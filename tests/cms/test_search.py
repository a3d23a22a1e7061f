"""The search: finds by beginnings of words, in what anybody may read, and survives any query."""

import logging
from typing import Any

import pytest
from django.test import Client
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from wagtail.models import PageViewRestriction

from cms.models import ArticleIndexPage, SiteSettings
from cms.search import LONGEST_QUERY, MOST_WORDS, find, words_of
from home.models import HomePage
from tests.factories.pages import ArticlePageFactory, StandardPageFactory, TopicFactory

# What means something to one engine or the other.
SIGNS = "\"'*:()^{}+-&|!<>\\%_ aNEAROND\x00"


@pytest.fixture
def root_path(home: HomePage) -> str:
    """Where the site begins in the tree."""
    return home.url_path


def titles(client: Client, query: str, **more: str) -> list[str]:
    """What a reader finds, in order."""
    response = client.get("/search/", {"q": query, **more})
    assert response.status_code == 200
    return [page.title for page in response.context["results"]]


def test_the_beginning_of_every_word_is_enough(client: Client, articles: ArticleIndexPage) -> None:
    ArticlePageFactory(parent=articles, title="A quiet quagmire", introduction="Xylophones, too.")
    ArticlePageFactory(parent=articles, title="Something else", introduction="")
    assert titles(client, "quag") == ["A quiet quagmire"]
    assert titles(client, "quag xylo") == ["A quiet quagmire"]
    assert titles(client, "QUAGMIRE quie") == ["A quiet quagmire"]
    assert titles(client, "uagmire") == []


def test_reads_titles_introductions_bodies_variants_and_questions(
    client: Client, articles: ArticleIndexPage
) -> None:
    body = [
        ("paragraph", "<p>About <b>ledgers</b>.</p>"),
        ("quote", {"text": "Living off thunder", "attribution": ""}),
        (
            "variants",
            {
                "default": [("paragraph", "<p>Ordinary lanterns</p>")],
                "variants": [
                    {"cycle": "resentment", "passage": [("paragraph", "<p>Special kettles</p>")]}
                ],
            },
        ),
        (
            "faq",
            {
                "heading": "",
                "questions": [
                    {"question": "Who begins walking?", "answer": "<p>The gardener.</p>"}
                ],
            },
        ),
    ]
    ArticlePageFactory(
        parent=articles, title="Hundredth time", introduction="Asking again", body=body
    )
    for word in ("hundredth", "asking", "ledger", "thunder", "lantern", "kettle", "walk", "garden"):
        assert titles(client, word) == ["Hundredth time"], word


def test_a_word_in_the_title_weighs_more(client: Client, articles: ArticleIndexPage) -> None:
    text = [("paragraph", f"<p>{'Silence, ' * 3}{'and other words ' * 60}</p>")]
    ArticlePageFactory(parent=articles, title="In the text", body=text)
    ArticlePageFactory(parent=articles, title="About silence", introduction="")
    ArticlePageFactory(parent=articles, title="Also in the text", body=text)
    assert titles(client, "silence")[0] == "About silence"
    assert titles(client, "silence other")[0] in {"In the text", "Also in the text"}


def test_only_what_anybody_may_read_on_this_site(
    client: Client, home: HomePage, articles: ArticleIndexPage
) -> None:
    ArticlePageFactory(parent=articles, title="Lighthouse draft", live=False)
    secret = StandardPageFactory(parent=home, title="Lighthouse secret")
    PageViewRestriction.objects.create(page=secret, restriction_type="login")
    elsewhere = StandardPageFactory(parent=home.get_parent(), title="Lighthouse of another site")
    StandardPageFactory(parent=home, title="Lighthouse for all")
    assert elsewhere.live
    assert titles(client, "lighthouse") == ["Lighthouse for all"]


def test_many_results_come_in_pages(client: Client, articles: ArticleIndexPage) -> None:
    for number in range(12):
        ArticlePageFactory(parent=articles, title=f"Harbor {number}")
    first, second = titles(client, "harbor"), titles(client, "harbor", page="2")
    assert (len(first), len(second)) == (10, 2)
    assert not set(first) & set(second)
    assert titles(client, "harbor", page="99") == second
    assert "?q=harbor&amp;page=2" in client.get("/search/?q=harbor").content.decode()


def test_queries_do_not_grow_with_the_results(
    client: Client, articles: ArticleIndexPage, django_assert_max_num_queries: Any
) -> None:
    for number in range(9):
        ArticlePageFactory(parent=articles, title=f"Harbor {number}")
    client.get("/search/?q=harbor")
    with django_assert_max_num_queries(14):
        client.get("/search/?q=harbor")


def test_nothing_found_helps_and_shows_what_was_looked_for_harmlessly(
    client: Client, articles: ArticleIndexPage
) -> None:
    page = ArticlePageFactory(parent=articles)
    page.topics = [TopicFactory(name="Distance")]
    page.save()
    html = client.get("/search/", {"q": '<script>"zebra"'}).content.decode()
    assert "&lt;script&gt;&quot;zebra&quot;" in html
    assert "<script>&quot;" not in html
    assert "Distance" in html
    assert "Nothing here has" in html


def test_is_neither_kept_nor_listed_nor_logged(
    client: Client, articles: ArticleIndexPage, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        response = client.get("/search/", {"q": "afraid of him"})
    assert "no-store" in response["Cache-Control"]
    assert '<meta name="robots" content="noindex">' in response.content.decode()
    assert not response.cookies
    said = [record for record in caplog.records if not record.name.startswith("django.db")]
    assert "afraid" not in "".join(record.getMessage() for record in said)


def test_a_question_without_words_is_the_empty_page(client: Client, home: HomePage) -> None:
    for query in ("", "   ", "!?“”", "\x00"):
        assert titles(client, query) == []
    assert client.get("/search/").status_code == 200
    assert client.post("/search/", {"q": "x"}).status_code == 405


def test_a_neutral_tab_says_nothing_here_either(client: Client, home: HomePage) -> None:
    facts = SiteSettings.load()
    facts.neutral_tabs = True
    facts.save()
    assert "<title>Reading list</title>" in client.get("/search/?q=fear").content.decode()


def test_words_are_few_and_short() -> None:
    assert words_of("don’t ask—again_twice") == ["don", "t", "ask", "again", "twice"]
    assert words_of("a\x00b\ud800c") == ["abc"]
    assert len(words_of("one " * 50)) == MOST_WORDS
    assert sum(map(len, words_of("x" * 100_000))) == LONGEST_QUERY


@given(
    query=st.text(max_size=80) | st.text(alphabet="\"'*:()^{}+-&|!<>\\%_ aNEAROND\x00", max_size=40)
)
@example(query='"')
@example(query="marri* AND (")
@example(query="title:x")
@example(query="NEAR(a b, 2)")
@example(query="' OR 1=1 --")
@example(query="a' & !b <-> c:*")
@example(query="%s %d %%")
@example(query="\x00\ud800\udfff")
@example(query="²½Ⅷ٣ ﬁ ß İ")
@example(query="\U0001d54f\u0345\u0e33")
@example(query="a " * 50_000)
@settings(
    deadline=None,
    max_examples=150,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_survives_any_query(root_path: str, query: str) -> None:
    for number in find(query, root_path=root_path):
        assert number > 0


@pytest.mark.parametrize("query", ["%00", "%22", "%ED%A0%80", "%FF", "q=1&q=2", "a" * 20_000, "%u"])
def test_survives_any_address(client: Client, home: HomePage, query: str) -> None:
    response = client.get(f"/search/?q={query}")
    assert response.status_code == 200
    assert len(response.content) < 60_000
