"""What the coach can make where, and that a preview comes up however little is written."""

from typing import Any

import pytest
from django.contrib.auth.models import Group, User
from django.test import Client
from django.urls import reverse
from wagtail.models import Page
from wagtail.test.utils.form_data import inline_formset, nested_form_data, rich_text, streamfield

from cms.models import ArticleIndexPage, ArticlePage, CyclePage, SiteSettings, StandardPage
from cms.roles import ensure_roles
from funnel.models import CallToAction
from home.models import HomePage, LandingPage
from tests.factories.pages import ArticlePageFactory, StandardPageFactory, root


@pytest.fixture
def coach(home: HomePage, client: Client) -> Client:
    """A browser in which the coach has logged in."""
    ensure_roles()
    user = User.objects.create_user("the-coach", email="coach@staff.test")
    user.groups.add(Group.objects.get(name="Coach"))
    client.force_login(user)
    return client


def form(**fields: Any) -> dict[str, Any]:
    """A page's form, blank but for these fields."""
    return dict(
        nested_form_data(
            {
                "title": "",
                "slug": "",
                "introduction": "",
                "body": streamfield([]),
                "comments": inline_formset([]),
                **fields,
            }
        )
    )


class TestPlaces:
    """Which page can be made below which."""

    def test_home_takes_every_kind_of_page_but_itself_and_articles(self) -> None:
        assert set(HomePage.allowed_subpage_models()) == {
            ArticleIndexPage,
            CyclePage,
            LandingPage,
            StandardPage,
        }

    def test_lists_take_articles_only(self) -> None:
        assert ArticleIndexPage.allowed_subpage_models() == [ArticlePage]
        assert ArticlePage.allowed_parent_page_models() == [ArticleIndexPage]

    def test_nothing_lies_below_articles_and_plain_pages(self) -> None:
        assert ArticlePage.allowed_subpage_models() == []
        assert StandardPage.allowed_subpage_models() == []

    def test_there_is_one_home_page_and_nothing_beside_it(self, home: HomePage) -> None:
        for model in (HomePage, ArticleIndexPage, StandardPage, ArticlePage):
            assert not model.can_create_at(root()), model


def preview_of(coach: Client, page: Page, data: dict[str, Any]) -> Any:
    """Send an edit form for preview, and return the preview."""
    address = reverse("wagtailadmin_pages:preview_on_edit", args=[page.pk])
    assert coach.post(address, data).json()["is_valid"]
    return coach.get(address)


class TestPreview:
    """The panel beside the form."""

    def test_of_a_page_not_yet_saved_and_nearly_blank(
        self, coach: Client, home: HomePage, articles: ArticleIndexPage
    ) -> None:
        for name, parent in (("articlepage", articles), ("standardpage", home)):
            address = reverse("wagtailadmin_pages:preview_on_add", args=["cms", name, parent.pk])
            assert coach.post(address, form(title="A beginning")).json()["is_valid"], name
            response = coach.get(address)
            assert response.status_code == 200
            assert "A beginning" in response.content.decode()

    def test_of_every_page_type_without_anything_but_its_title(
        self, coach: Client, home: HomePage, articles: ArticleIndexPage
    ) -> None:
        pages = [
            home,
            articles,
            ArticlePageFactory(parent=articles),
            StandardPageFactory(parent=home),
        ]
        for page in pages:
            response = preview_of(coach, page, form(title="Nearly blank", slug=page.slug))
            assert response.status_code == 200, page
            assert "Nearly blank" in response.content.decode(), page

    def test_of_blocks_that_are_still_blank(
        self, coach: Client, articles: ArticleIndexPage
    ) -> None:
        page = ArticlePageFactory(parent=articles)
        body = streamfield(
            [
                ("heading", ""),
                ("image", {"image": "", "alt": "", "credit": "", "caption": ""}),
                ("quote", {"text": "", "attribution": ""}),
                ("call_to_action", ""),
                ("opt_in_form", {"call_to_action": ""}),
            ]
        )
        response = preview_of(coach, page, form(title="Blocks", slug=page.slug, body=body))
        assert response.status_code == 200

    def test_shows_where_a_picture_is_awaited(
        self, coach: Client, articles: ArticleIndexPage
    ) -> None:
        page = ArticlePageFactory(
            parent=articles,
            body=[("image", {"image": None, "alt": "", "credit": "Photo by Cy", "caption": ""})],
        )
        preview = page.make_preview_request().content.decode()
        assert "Photo by Cy" in preview.split("</article>")[0]


def test_the_picker_shows_what_a_block_looks_like(coach: Client) -> None:
    body = HomePage._meta.get_field("body").stream_block
    own = [name for name in body.child_blocks if name not in ("call_to_action", "opt_in_form")]
    for name in own:
        block = body.child_blocks[name]
        assert block.is_previewable, name
        address = reverse("wagtailadmin_block_preview")
        response = coach.get(address, {"id": block.definition_prefix})
        assert response.status_code == 200, name
        assert "css/site-hearth.css" in response.content.decode(), name


def test_the_coach_writes_an_article_in_blocks_and_publishes_it(
    coach: Client, articles: ArticleIndexPage
) -> None:
    offer = CallToAction.objects.create(name="Videos", heading="Begin alone")
    body = streamfield(
        [
            ("heading", "Who begins"),
            ("paragraph", rich_text("<p>Somebody has to.</p>")),
            (
                "list",
                {
                    "count": "1",
                    "0-deleted": "",
                    "0-order": "0",
                    "0-value": "Say it once",
                    "0-type": "item",
                    "0-id": "",
                },
            ),
            ("image", {"image": "", "alt": "", "credit": "Photo by Cy", "caption": ""}),
            ("quote", {"text": "Still living off it.", "attribution": ""}),
            ("call_to_action", str(offer.pk)),
            ("opt_in_form", {"call_to_action": ""}),
        ]
    )
    data = form(title="Who begins?", slug="who-begins", body=body)
    address = reverse("wagtailadmin_pages:add", args=["cms", "articlepage", articles.pk])
    response = coach.post(address, {**data, "action-publish": "yes"})
    assert response.status_code == 302, response.context["form"].errors
    page = ArticlePage.objects.get(slug="who-begins")
    assert page.live
    assert [block.block_type for block in page.body] == [
        "heading",
        "paragraph",
        "list",
        "image",
        "quote",
        "call_to_action",
        "opt_in_form",
    ]
    assert Client().get(page.url).status_code == 200


def test_publishing_asks_for_what_a_draft_may_lack(
    coach: Client, articles: ArticleIndexPage
) -> None:
    data = form(title="Half", slug="half", body=streamfield([("heading", "")]))
    address = reverse("wagtailadmin_pages:add", args=["cms", "articlepage", articles.pk])
    assert coach.post(address, {**data, "action-publish": "yes"}).status_code == 200
    assert not ArticlePage.objects.filter(slug="half").exists()
    assert coach.post(address, data).status_code == 302
    assert not ArticlePage.objects.get(slug="half").live


def test_site_settings_are_there_before_anybody_looks(db: None) -> None:
    assert SiteSettings.objects.count() == 1
