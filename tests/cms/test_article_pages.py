"""Articles as readers and lists see them."""

import re
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.core.cache import caches
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from wagtail.models import PageViewRestriction

from cms.models import ArticleIndexPage, ArticlePage, SiteSettings, SupportSignpost, Topic
from cms.models.article_sets import Surroundings
from funnel.models import CallToAction, StuckCycle
from home.models import HomePage
from tests.factories.pages import (
    ArticlePageFactory,
    CyclePageFactory,
    SiteImageFactory,
    StandardPageFactory,
    TopicFactory,
)


@pytest.fixture
def offer(db: None) -> CallToAction:
    """A call to action."""
    return CallToAction.objects.create(name="Videos", heading="Begin alone", points="One\nTwo")


def full_body(offer: CallToAction) -> list[tuple[str, Any]]:
    """One block of every kind that an article may have."""
    return [
        ("heading", "Who begins"),
        ("paragraph", "<p>Somebody <b>has to</b>.</p>"),
        ("list", ["Say it once", "Leave it"]),
        ("image", {"image": SiteImageFactory(), "alt": "", "credit": "", "caption": "At noon"}),
        ("image", {"image": None, "alt": "", "credit": "Photo by Cy Waiting", "caption": ""}),
        ("quote", {"text": "I have been living off it.", "attribution": "R. T."}),
        ("call_to_action", offer),
        ("opt_in_form", {"call_to_action": None}),
    ]


def test_a_reader_finds_every_block(
    client: Client, articles: ArticleIndexPage, offer: CallToAction
) -> None:
    page = ArticlePageFactory(parent=articles, body=full_body(offer))
    html = client.get(page.url).content.decode()
    for words in (
        "Who begins",
        "<b>has to</b>",
        "Leave it",
        "At noon",
        "Photo by Ada Sample",
        'alt="Two chairs at a window"',
        "I have been living off it.",
        "Begin alone",
        "<form",
    ):
        assert words in html, words


def test_a_credit_without_its_picture_stands_at_the_end(
    client: Client, articles: ArticleIndexPage, offer: CallToAction
) -> None:
    page = ArticlePageFactory(parent=articles, body=full_body(offer))
    assert page.credits_awaiting_picture() == ["Photo by Cy Waiting"]
    html = client.get(page.url).content.decode()
    assert html.count("Photo by Cy Waiting") == 1
    assert html.index("I have been living off it.") < html.index("Photo by Cy Waiting")


def test_changing_a_call_to_action_changes_every_article_that_has_it(
    client: Client, articles: ArticleIndexPage, offer: CallToAction
) -> None:
    pages = [
        ArticlePageFactory(parent=articles, body=[("call_to_action", offer)]) for _ in range(2)
    ]
    offer.heading = "Begin on a Tuesday"
    offer.save()
    for page in pages:
        html = client.get(page.url).content.decode()
        assert "Begin on a Tuesday" in html
        assert "Begin alone" not in html


def test_a_page_for_everybody_sets_no_cookie_and_can_be_cached(
    client: Client, articles: ArticleIndexPage, offer: CallToAction
) -> None:
    page = ArticlePageFactory(parent=articles, body=full_body(offer))
    for path in ("/", articles.url, page.url, "/privacy/"):
        response = client.get(path)
        assert response.status_code == 200, path
        assert not response.cookies, path
        assert "cookie" not in response.get("Vary", "").lower(), path


class TestQueries:
    """What a page costs the database when nothing is cached."""

    MOST = 12

    @pytest.fixture
    def full_page(self, articles: ArticleIndexPage) -> ArticlePage:
        """An article with everything an article may have."""
        offers = [
            CallToAction.objects.create(name=f"Offer {number}", heading="Begin alone")
            for number in range(2)
        ]
        cycle = StuckCycle.objects.get(code="resentment")
        CyclePageFactory(parent=articles.get_parent(), cycle=cycle)
        for _ in range(5):
            ArticlePageFactory(parent=articles, image=SiteImageFactory(), cycle=cycle)
        signpost = SupportSignpost.objects.create(country="Atlantis")
        signpost.places.create(name="Somebody")
        facts = SiteSettings.load()
        facts.coach_name = "Ada Sample"
        facts.coach_portrait = SiteImageFactory()
        facts.about_page = articles.get_parent()
        facts.main_navigation = [("page", {"page": articles, "label": ""})]
        facts.footer_navigation = [("page", {"page": articles, "label": "All"})]
        facts.save()
        words = [("heading", "One more"), ("paragraph", f"<p>{'word ' * 400}</p>")] * 4
        page: ArticlePage = ArticlePageFactory(
            parent=articles,
            image=SiteImageFactory(),
            cycle=cycle,
            touches_on_fear=True,
            body=[
                *full_body(offers[0]),
                ("call_to_action", offers[1]),
                *words,
                ("image", {"image": SiteImageFactory(), "alt": "", "credit": "", "caption": ""}),
                ("support_signpost", None),
            ],
        )
        page.topics = [TopicFactory() for _ in range(3)]
        page.save()
        return page

    def test_an_article_with_everything_stays_in_its_budget(
        self, full_page: ArticlePage, django_assert_max_num_queries: Any
    ) -> None:
        visitor = Client(headers={"host": "localhost:8000"})
        first = visitor.get(full_page.url).content.decode()
        for words in ("In this article", "Atlantis", "Ada Sample", "Read on", "Before this"):
            assert words in first, words
        for backend in caches.all():
            backend.clear()
        with django_assert_max_num_queries(self.MOST):
            assert visitor.get(full_page.url).status_code == 200

    def test_passages_with_variants_cost_the_same_however_many_there_are(
        self, articles: ArticleIndexPage
    ) -> None:
        def passage() -> tuple[str, Any]:
            picture = {"image": SiteImageFactory(), "alt": "", "credit": "", "caption": ""}
            words = [("paragraph", "<p>Other words</p>"), ("image", picture)]
            variants = [{"cycle": code, "passage": words} for code in ("resentment", "criticism")]
            return ("variants", {"default": words, "variants": variants})

        visitor = Client(headers={"host": "localhost:8000"})
        costs = []
        for number in (1, 4):
            page = ArticlePageFactory(parent=articles, body=[passage() for _ in range(number)])
            visitor.get(page.url)
            with CaptureQueriesContext(connection) as asked:
                visitor.get(page.url)
            costs.append(len(asked))
            page.unpublish()
        assert costs[0] == costs[1]

    def test_pages_of_more_articles_cost_no_more(
        self, full_page: ArticlePage, django_assert_max_num_queries: Any
    ) -> None:
        visitor = Client(headers={"host": "localhost:8000"})
        path = full_page.get_parent().url
        for address in (path, f"{path}topics/{full_page.topics.first().slug}/"):
            visitor.get(address)
            with django_assert_max_num_queries(17):
                visitor.get(address)


class TestReadingAid:
    """What lists say about an article."""

    def test_minutes_count_prose_only(self) -> None:
        page = ArticlePage(
            introduction="",
            body=[
                ("paragraph", f"<p>{'word ' * 500}</p>"),
                ("list", ["word " * 100]),
                ("image", {"image": None, "credit": "word " * 900, "alt": "", "caption": ""}),
            ],
        )
        assert page.word_count == 600
        assert page.reading_minutes == 3

    def test_of_a_passage_the_usual_words_count_and_of_questions_all(self, db: None) -> None:
        page = ArticlePage(
            body=[
                (
                    "variants",
                    {
                        "default": [
                            ("paragraph", f"<p>{'word ' * 100}</p>"),
                            ("image", {"image": None, "credit": "word " * 50}),
                        ],
                        "variants": [
                            {
                                "cycle": "resentment",
                                "passage": [("paragraph", f"<p>{'word ' * 900}</p>")],
                            }
                        ],
                    },
                ),
                (
                    "faq",
                    {
                        "heading": "Before you ask",
                        "questions": [
                            {"question": "Can one begin?", "answer": "<p>Yes, <b>one</b> can.</p>"},
                            {"question": "Must two?", "answer": "<p>No.</p>"},
                        ],
                    },
                ),
            ]
        )
        assert page.word_count == 100 + 3 + 3 + 3 + 2 + 1
        assert page.questions == [("Can one begin?", "Yes, one can."), ("Must two?", "No.")]

    def test_an_empty_draft_takes_a_minute(self) -> None:
        assert ArticlePage().reading_minutes == 1
        assert ArticlePage().credits_awaiting_picture() == []
        assert ArticlePage().teaser == ""

    def test_teaser_is_how_the_text_begins_where_there_is_no_introduction(self) -> None:
        body = [("heading", "A"), ("paragraph", "<p>One &amp; <i>two</i>, three.</p>")]
        assert ArticlePage(body=body).teaser == "One & two, three."
        assert ArticlePage(body=body, introduction="Short.").teaser == "Short."


class TestContents:
    """What a long article says of its parts."""

    WORDS = ("paragraph", f"<p>{'word ' * 300}</p>")

    def test_a_long_one_lists_its_headings_each_with_a_place_of_its_own(
        self, client: Client, articles: ArticleIndexPage
    ) -> None:
        headings = ["Who begins", "Who begins", "…?!", "Main", "Read on"]
        body = [part for heading in headings for part in (("heading", heading), self.WORDS)]
        others = ArticlePageFactory(parent=articles)
        html = client.get(ArticlePageFactory(parent=articles, body=body).url).content.decode()
        ids = re.findall(r' id="([^"]*)"', html)
        assert len(ids) == len(set(ids))
        folded, opened = html.split('class="contents__open"')
        for part in (folded, opened):
            places = re.findall(r'<li><a href="#([^"]+)">', part)
            assert places == ["who-begins", "who-begins-2", "part", "main-2", "read-on-2"]
            assert set(places) <= set(ids)
        assert 'aria-label="In this article"' in html
        assert others.title in html

    @pytest.mark.parametrize(("headings", "words"), [(2, 500), (5, 100)])
    def test_a_short_one_does_not(
        self, client: Client, articles: ArticleIndexPage, headings: int, words: int
    ) -> None:
        body = [("heading", "Who begins"), ("paragraph", f"<p>{'word ' * words}</p>")] * headings
        html = client.get(ArticlePageFactory(parent=articles, body=body).url).content.decode()
        assert "In this article" not in html
        assert 'id="who-begins-2"' in html


class TestBeforeAndAfter:
    """The articles beside one in time."""

    def test_are_the_next_that_anybody_may_read(self, articles: ArticleIndexPage) -> None:
        def article(day: int, **kwargs: Any) -> ArticlePage:
            page: ArticlePage = ArticlePageFactory(
                parent=articles, published_on=date(2026, 1, day), **kwargs
            )
            return page

        first, middle, twin, last = article(1), article(5), article(5), article(9)
        article(6, live=False)
        for _ in range(4):  # which are related as well, and nearer to nothing
            article(20)
        restricted = article(4)
        PageViewRestriction.objects.create(page=restricted, restriction_type="login")
        assert (middle.surroundings().earlier, middle.surroundings().later) == (first, twin)
        assert (twin.surroundings().earlier, twin.surroundings().later) == (middle, last)
        assert first.surroundings().earlier is None

    def test_another_list_is_another_story(
        self, home: HomePage, articles: ArticleIndexPage
    ) -> None:
        other = ArticleIndexPage(title="Other", slug="other")
        home.add_child(instance=other)
        page, stranger = ArticlePageFactory(parent=articles), ArticlePageFactory(parent=other)
        assert stranger not in page.surroundings().all

    def test_a_draft_without_date_or_place_has_none(self, db: None) -> None:
        assert ArticlePage(title="Not saved").surroundings() == Surroundings()


class TestEnd:
    """What stands under an article."""

    def test_who_wrote_it_where_help_is_and_where_to_go_on(
        self, client: Client, home: HomePage, articles: ArticleIndexPage
    ) -> None:
        cycle = StuckCycle.objects.get(code="resentment")
        about = StandardPageFactory(parent=home, title="Who I am")
        SiteSettings.objects.update(
            coach_name="Ada Sample", coach_summary="She listens.", about_page=about
        )
        about_cycle = CyclePageFactory(parent=home, title="I keep the ledger", cycle=cycle)
        page = ArticlePageFactory(parent=articles, cycle=cycle, touches_on_fear=True)
        page.topics = [TopicFactory(name="Distance", slug="distance")]
        page.save()
        html = client.get(page.url).content.decode().partition('class="article-end')[2]
        for part in (
            "Ada Sample",
            "She listens.",
            f'href="{about.url}"',
            SiteSettings.load().support_heading,
            f'<a href="{about_cycle.url}">I keep the ledger</a>',
            f'href="{articles.url}topics/distance/"',
        ):
            assert part in html, part
        about_cycle.unpublish()
        ArticlePage.objects.update(touches_on_fear=False)
        html = client.get(page.url).content.decode().partition('class="article-end')[2]
        assert "I keep the ledger" not in html
        assert SiteSettings.load().support_heading not in html


class TestRelatedArticles:
    """What to read next."""

    def test_same_cycle_then_shared_topics_then_newest(self, articles: ArticleIndexPage) -> None:
        cycle = StuckCycle.objects.get(code="resentment")
        topic = TopicFactory()

        def article(title: str, day: int, **kwargs: Any) -> ArticlePage:
            page: ArticlePage = ArticlePageFactory(
                parent=articles, title=title, published_on=date(2026, 1, day), **kwargs
            )
            return page

        page = article("This one", 1, cycle=cycle)
        same_topic = article("Same topic", 2)
        for tagged in (page, same_topic):
            tagged.topics = [topic]
            tagged.save()
        same_cycle = article("Same cycle", 3, cycle=cycle)
        article("Old", 4)
        newest = article("Newest", 5)
        both = article("Both", 1, cycle=cycle)
        both.topics = [topic]
        both.save()
        assert page.surroundings().related == [both, same_cycle, same_topic]
        both.unpublish()
        assert page.surroundings().related == [same_cycle, same_topic, newest]

    def test_only_what_anybody_may_read(self, articles: ArticleIndexPage) -> None:
        page = ArticlePageFactory(parent=articles)
        ArticlePageFactory(parent=articles, live=False)
        restricted = ArticlePageFactory(parent=articles)
        PageViewRestriction.objects.create(page=restricted, restriction_type="login")
        assert page.surroundings() == Surroundings()


class TestDate:
    """The date readers see."""

    def test_is_the_day_of_first_publishing_where_none_was_chosen(
        self, articles: ArticleIndexPage
    ) -> None:
        page = ArticlePageFactory(parent=articles, live=False, published_on=None)
        assert page.published_on is None
        page.first_published_at = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
        page.live = True
        page.save()
        assert page.published_on == date(2026, 3, 1)  # still the first of March in New York

    def test_stays_as_chosen(self, articles: ArticleIndexPage) -> None:
        page = ArticlePageFactory(parent=articles, live=False, published_on=date(2025, 12, 24))
        page.save_revision().publish()
        page.refresh_from_db()
        assert page.published_on == date(2025, 12, 24)


class TestList:
    """The page that lists articles."""

    def test_newest_first_a_page_at_a_time(
        self, client: Client, articles: ArticleIndexPage
    ) -> None:
        for day in range(1, 16):
            ArticlePageFactory(
                parent=articles, title=f"Day {day}.", published_on=date(2026, 1, day)
            )
        first = client.get(articles.url).content.decode()
        assert first.index("Day 15.") < first.index("Day 14.") < first.index("Day 3.")
        assert "Day 2." not in first
        assert "Day 2." in client.get(articles.url, {"page": "2"}).content.decode()

    @pytest.mark.parametrize("number", ["0", "-1", "99", "x", "\x00", "٢", "1e9"])
    def test_a_page_number_that_makes_no_sense_is_the_nearest(
        self, client: Client, articles: ArticleIndexPage, number: str
    ) -> None:
        ArticlePageFactory(parent=articles, title="The only one")
        response = client.get(articles.url, {"page": number})
        assert response.status_code == 200
        assert "The only one" in response.content.decode()

    def test_drafts_are_not_listed_and_not_served(
        self, client: Client, articles: ArticleIndexPage
    ) -> None:
        draft = ArticlePageFactory(parent=articles, title="Not yet", live=False)
        assert "Not yet" not in client.get(articles.url).content.decode()
        assert client.get(draft.url).status_code == 404


class TestTopics:
    """The list of articles about one topic."""

    @pytest.fixture
    def distance(self, articles: ArticleIndexPage) -> Topic:
        """A topic with one public article and one that is not, beside one with none."""
        topic = TopicFactory(name="Distance", slug="distance")
        TopicFactory(name="Silence", slug="silence")
        for title, live in (("Far away", True), ("Not yet", False)):
            page = ArticlePageFactory(parent=articles, title=title, live=live)
            page.topics = [topic]
            page.save()
        ArticlePageFactory(parent=articles, title="Close by")
        return topic

    def test_lists_its_public_articles(
        self, client: Client, articles: ArticleIndexPage, distance: Topic
    ) -> None:
        html = client.get(f"{articles.url}topics/distance/").content.decode()
        assert "<h1>Distance</h1>" in html
        assert "Far away" in html
        assert "Close by" not in html
        assert "Not yet" not in html
        assert 'aria-current="page">Distance' in html

    def test_only_topics_with_public_articles_are_offered(
        self, articles: ArticleIndexPage, distance: Topic
    ) -> None:
        offered = [(topic.name, topic.number) for topic in articles.topics_with_articles()]
        assert offered == [("Distance", 1)]

    def test_one_without_articles_says_so_and_an_unknown_one_is_not_there(
        self, client: Client, articles: ArticleIndexPage, distance: Topic
    ) -> None:
        response = client.get(f"{articles.url}topics/silence/")
        assert response.status_code == 200
        assert "Nothing is published about this yet" in response.content.decode()
        assert '<meta name="robots" content="noindex">' in response.content.decode()
        for path in ("topics/nothing/", "topics/", "topics/DISTANCE/", "topics/distance/x/"):
            assert client.get(f"{articles.url}{path}").status_code == 404, path

    def test_numbers_of_pages_that_make_no_sense_are_the_nearest(
        self, client: Client, articles: ArticleIndexPage, distance: Topic
    ) -> None:
        for number in ("0", "99", "x", "\x00"):
            response = client.get(f"{articles.url}topics/distance/", {"page": number})
            assert "Far away" in response.content.decode(), number
