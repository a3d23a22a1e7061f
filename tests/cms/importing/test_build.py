"""What becomes of a parsed article in the site."""

import re
from pathlib import Path
from typing import Any

import pytest

from cms.importing.build import (
    AlreadyThere,
    ImportedArticle,
    ImportProblem,
    build_article,
    list_of_articles,
)
from cms.importing.parse import (
    BulletList,
    Credit,
    Heading,
    Offer,
    Paragraph,
    ParsedArticle,
    parse_article,
)
from cms.importing.sources import read_source
from cms.models import ArticleIndexPage, ArticlePage
from funnel.models import CallToAction
from home.models import HomePage

SHARED_ARTICLE = (
    Path(__file__).resolve().parents[4] / "shared/articles/partner-wont-come-to-coaching.txt"
)
OFFER = Offer(
    eyebrow="Tired?",
    heading="Begin alone",
    offer_line="Two free lessons",
    points_heading="You’ll learn:",
    points=("How to begin", "When to stop"),
)
PARSED = ParsedArticle(
    title="How to begin",
    parts=(
        Heading(text="First"),
        Paragraph(text="This & <that>."),
        BulletList(items=("one", "two")),
        Credit(text="Photo by Ada Sample"),
    ),
    offer=OFFER,
)


def build(parent: ArticleIndexPage, parsed: ParsedArticle = PARSED, **kwargs: Any) -> Any:
    """Import an article."""
    return build_article(parsed=parsed, parent=parent, fallback_title="A file", **kwargs)


def stored_texts(imported: ImportedArticle) -> list[str]:
    """Every text that the site keeps of an article, in the order of the page."""
    page = ArticlePage.objects.get(pk=imported.page.pk)
    texts = [page.title]
    for block in page.body:
        match block.block_type:
            case "paragraph":
                texts.append(re.sub("<[^>]*>", "", block.value.source))
            case "list":
                texts.extend(block.value)
            case "image":
                texts.append(block.value["credit"])
            case "call_to_action":
                offer = block.value
                texts += [offer.eyebrow, offer.heading, offer.offer_line, offer.points_heading]
                texts += offer.all_words[0].point_list
            case _:
                texts.append(block.value)
    return texts


def test_makes_a_draft_with_a_block_for_every_part(articles: ArticleIndexPage) -> None:
    imported = build(articles)
    page = ArticlePage.objects.get(pk=imported.page.pk)
    assert not page.live
    assert page.get_latest_revision() is not None
    assert [(block.block_type, block.block.get_prep_value(block.value)) for block in page.body][
        :2
    ] == [("heading", "First"), ("paragraph", "<p>This &amp; &lt;that&gt;.</p>")]
    assert [block.block_type for block in page.body][2:] == ["list", "image", "call_to_action"]
    assert page.credits_awaiting_picture() == ["Photo by Ada Sample"]
    assert page.slug == "how-to-begin"


def test_publishes_where_asked(articles: ArticleIndexPage) -> None:
    page = build(articles, publish=True).page
    assert page.live
    assert page.published_on is not None


def test_the_offer_becomes_a_call_to_action_once(articles: ArticleIndexPage) -> None:
    first = build(articles)
    second = build(articles, again=True)
    assert first.call_to_action_is_new
    assert not second.call_to_action_is_new
    assert first.call_to_action == second.call_to_action
    offer = CallToAction.objects.get()
    assert (offer.name, offer.eyebrow, offer.offer_line) == (
        "Begin alone",
        "Tired?",
        "Two free lessons",
    )
    assert offer.all_words[0].point_list == ["How to begin", "When to stop"]


def test_another_offer_under_the_same_heading_gets_a_name_of_its_own(
    articles: ArticleIndexPage,
) -> None:
    CallToAction.objects.create(name="Begin alone", heading="Begin alone")
    assert build(articles).call_to_action.name == "Begin alone (2)"


def test_an_article_may_offer_nothing(articles: ArticleIndexPage) -> None:
    imported = build(articles, ParsedArticle(title="T", parts=(Paragraph(text="P."),)))
    assert imported.call_to_action is None
    assert [block.block_type for block in imported.page.body] == ["paragraph"]


def test_is_not_imported_twice_by_accident(articles: ArticleIndexPage) -> None:
    page = build(articles).page
    with pytest.raises(AlreadyThere, match="already is a draft called “How to begin”"):
        build(articles)
    page.title = "How to start"
    page.save_revision()  # an editor's new title, not published yet
    with pytest.raises(AlreadyThere):
        build(articles)
    assert ArticlePage.objects.count() == 1
    assert build(articles, again=True).page.slug == "how-to-begin-2"


@pytest.mark.parametrize(
    ("title", "expected", "slug"), [("", "A file", "a-file"), ("?!", "?!", "article")]
)
def test_every_page_gets_a_title_and_an_address(
    articles: ArticleIndexPage, title: str, expected: str, slug: str
) -> None:
    page = build(articles, ParsedArticle(title=title)).page
    assert (page.title, page.slug) == (expected, slug)


class TestListOfArticles:
    """Where an import goes."""

    def test_is_the_only_one(self, articles: ArticleIndexPage) -> None:
        assert list_of_articles(pk=None) == articles

    def test_none_is_a_problem(self, articles: ArticleIndexPage) -> None:
        articles.delete()
        with pytest.raises(ImportProblem, match="no list of articles yet"):
            list_of_articles(pk=None)

    def test_several_ask_for_a_choice(self, home: HomePage, articles: ArticleIndexPage) -> None:
        letters = home.add_child(instance=ArticleIndexPage(title="Letters"))
        with pytest.raises(ImportProblem, match=f"--parent: .*{letters.pk} \\(“Letters”\\)"):
            list_of_articles(pk=None)
        assert list_of_articles(pk=letters.pk) == letters

    def test_a_wrong_choice_is_named(self, home: HomePage, articles: ArticleIndexPage) -> None:
        with pytest.raises(ImportProblem, match="There is no page 9999"):
            list_of_articles(pk=9999)
        with pytest.raises(ImportProblem, match="is no list of articles"):
            list_of_articles(pk=home.pk)


@pytest.mark.skipif(not SHARED_ARTICLE.is_file(), reason="no shared/articles beside the project")
class TestTheCoachsArticle:
    """The real one, which is not part of this project."""

    @pytest.fixture
    def imported(self, articles: ArticleIndexPage) -> ImportedArticle:
        """It, in the site."""
        imported: ImportedArticle = build(articles, parse_article(read_source(SHARED_ARTICLE)))
        return imported

    def test_has_all_its_parts(self, imported: ImportedArticle) -> None:
        page = imported.page
        kinds = [block.block_type for block in page.body]
        lists = [block.value for block in page.body if block.block_type == "list"]
        assert page.title == "What to do if My Partner Won’t Come to Coaching"
        assert kinds.count("heading") == 9
        assert kinds.count("paragraph") == 32
        assert [len(items) for items in lists] == [9, 5]
        assert page.credits_awaiting_picture() == [
            "Photo by Andrej Lisakov on Unsplash",
            "Photo by Jess on Unsplash",
        ]
        assert kinds[-1] == "call_to_action"
        assert kinds.count("call_to_action") == 1

    def test_its_offer_is_a_call_to_action(self, imported: ImportedArticle) -> None:
        offer = imported.call_to_action
        assert offer is not None
        assert offer.eyebrow == "Ready to enjoy your marriage again?"
        assert offer.heading == "FEEL LIKE YOU’RE THE ONLY ONE TRYING?"
        assert offer.offer_line == "3 FREE 5-MINUTE VIDEOS"
        assert offer.points_heading == "Learn about:"
        assert len(offer.all_words[0].point_list) == 3

    def test_no_word_of_it_is_lost(self, imported: ImportedArticle) -> None:
        source = read_source(SHARED_ARTICLE).replace("•", " ")
        assert " ".join(stored_texts(imported)).split() == source.split()
