"""How an address finds its page, and what is said where there is none."""

from typing import Any

import pytest
from django.conf import settings
from django.template.loader import render_to_string
from django.test import Client, RequestFactory
from wagtail.models import Page, PageViewRestriction, Site

from cms.models import ArticleIndexPage, ArticlePage
from cms.queries.public import for_anybody
from cms.queries.routes import route_to_article, site_root_path
from home.models import HomePage
from tests.factories.pages import ArticlePageFactory, StandardPageFactory

HOST = {"host": "localhost:8000"}


def test_an_article_is_found_as_wagtail_finds_it(articles: ArticleIndexPage) -> None:
    page = ArticlePageFactory(parent=articles, slug="one")
    draft = ArticlePageFactory(parent=articles, slug="two", live=False)
    for path, expected in (
        ("articles/one/", page),
        ("articles/one", page),
        ("articles/", None),
        ("one/", None),
        ("elsewhere/one/", None),
        (draft.url.lstrip("/"), None),
    ):
        request = RequestFactory(headers=HOST).get("/")
        found = route_to_article(request, path)
        assert (found.page if found else None) == expected, path
        usual = Page.route_for_request(RequestFactory(headers=HOST).get("/"), path)
        if expected is not None:
            assert usual is not None
            assert usual.page == expected


@pytest.mark.parametrize("kind", ["password", "login"])
@pytest.mark.parametrize("above", [False, True])
def test_a_restricted_article_stays_behind_its_door(
    client: Client, articles: ArticleIndexPage, kind: str, above: bool
) -> None:
    page = ArticlePageFactory(parent=articles, introduction="Only for friends")
    PageViewRestriction.objects.create(
        page=articles if above else page, restriction_type=kind, password="x"
    )
    response = client.get(page.url, headers=HOST)
    assert response.status_code == (302 if kind == "login" else 200)
    assert "Only for friends" not in response.content.decode()


def test_a_password_opens_its_page_and_no_other(client: Client, articles: ArticleIndexPage) -> None:
    page = ArticlePageFactory(parent=articles, introduction="Only for friends")
    other = ArticlePageFactory(parent=articles, introduction="For other friends")
    for shut, password in ((page, "sesame"), (other, "thyme")):
        PageViewRestriction.objects.create(
            page=shut, restriction_type="password", password=password
        )
    door = client.get(page.url, headers=HOST)
    address = door.context["action_url"]
    told = {"password": "thyme", "return_url": page.url}
    refused = client.post(address, told, headers=HOST).content.decode()
    assert "Please try once more" in refused
    assert "Only for friends" not in refused
    assert page.title not in refused
    inside = client.post(address, {**told, "password": "sesame"}, headers=HOST, follow=True)
    assert "Only for friends" in inside.content.decode()
    assert "private" in inside.headers["Cache-Control"]
    assert "For other friends" not in client.get(other.url, headers=HOST).content.decode()


def test_a_copy_obeys_the_doors_of_what_it_mirrors(
    client: Client, home: HomePage, articles: ArticleIndexPage
) -> None:
    page = ArticlePageFactory(parent=articles, introduction="Only for friends")
    other = ArticleIndexPage(title="Other", slug="other")
    home.add_child(instance=other)
    copy = page.create_alias(parent=other)
    assert "Only for friends" in client.get(copy.url, headers=HOST).content.decode()
    PageViewRestriction.objects.create(page=page, restriction_type="login")
    assert client.get(copy.url, headers=HOST).status_code == 302


def test_public_pages_are_those_wagtail_calls_public(
    home: HomePage, articles: ArticleIndexPage
) -> None:
    inside = ArticlePageFactory(parent=articles)
    StandardPageFactory(parent=home, live=False)
    alone = StandardPageFactory(parent=home)
    for page in (alone, articles):
        before = set(for_anybody(Page.objects.all()).values_list("pk", flat=True))
        assert before == set(Page.objects.live().public().values_list("pk", flat=True))
        assert page.pk in before
        PageViewRestriction.objects.create(page=page, restriction_type="login")
    public = set(for_anybody(Page.objects.all()).values_list("pk", flat=True))
    assert public == set(Page.objects.live().public().values_list("pk", flat=True))
    assert not public & {alone.pk, articles.pk, inside.pk}


def test_the_site_is_the_one_wagtail_finds(home: HomePage) -> None:
    other = StandardPageFactory(parent=home.get_parent(), slug="second")
    Site.objects.create(hostname="second.test", port=80, root_page=other)
    for host in ("localhost:8000", "second.test", "second.test:8000", "unknown.test", "localhost"):
        request = RequestFactory(headers={"host": host}).get("/")
        expected = Site.find_for_request(RequestFactory(headers={"host": host}).get("/"))
        assert site_root_path(request) == (expected.root_page.url_path if expected else None), host
        assert Site.find_for_request(request) == expected, host


class TestNotFound:
    """What leads nowhere leads on."""

    def test_offers_search_articles_and_videos(
        self, client: Client, articles: ArticleIndexPage, django_assert_max_num_queries: Any
    ) -> None:
        page: ArticlePage = ArticlePageFactory(parent=articles)
        client.get("/nowhere/")
        with django_assert_max_num_queries(14):
            response = client.get("/nowhere/")
        html = response.content.decode()
        assert response.status_code == 404
        for part in ('action="/search/"', f'href="{page.url}"', "/free-videos/", 'href="/"'):
            assert part in html, part
        assert '<meta name="robots" content="noindex">' in html
        assert not response.cookies

    def test_says_so_even_where_the_page_for_it_fails(
        self, client: Client, home: HomePage, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def fail(*_args: Any, **_kwargs: Any) -> None:
            raise RuntimeError("The database is gone.")

        monkeypatch.setattr("cms.serving.render", fail)
        response = client.get("/nowhere/")
        assert response.status_code == 404
        assert "There is nothing at this address" in response.content.decode()

    def test_a_missing_file_costs_the_database_nothing(
        self, client: Client, home: HomePage, django_assert_max_num_queries: Any
    ) -> None:
        with django_assert_max_num_queries(6):
            assert client.get("/wp-login.php").status_code == 404

    @pytest.mark.parametrize("name", ["500.html", "404_plain.html", "403_csrf.html"])
    def test_plain_pages_need_neither_request_nor_database(self, name: str) -> None:
        assert "<a" in render_to_string(name)


def test_a_form_without_its_token_is_refused_in_words(home: HomePage) -> None:
    client = Client(enforce_csrf_checks=True)
    answer = client.post("/admin/login/", {"username": "ada"}, headers=HOST)
    assert answer.status_code == 403
    html = answer.content.decode()
    assert "send it once more" in html
    assert "<style" not in html


def test_what_a_session_sees_is_kept_for_nobody_else(home: HomePage, client: Client) -> None:
    client.cookies[settings.SESSION_COOKIE_NAME] = "anything"
    answer = client.get(home.url, headers=HOST)
    assert answer.headers["Cache-Control"] == "private, no-cache"
