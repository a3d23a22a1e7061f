"""What is kept and what is not, and what a browser is sent."""

import gzip
from typing import Any

import brotli
import pytest
from django.conf import settings
from django.contrib.auth import get_user_model
from django.test import Client
from pytest_django.fixtures import DjangoAssertNumQueries
from wagtail.models import Page, PageViewRestriction, Site

from cms.models import ArticleIndexPage
from tests.cms.page_cache.visitors import HOST, Process, ask, environ_of
from tests.factories.pages import ArticlePageFactory


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/articles/",
        "/free-videos/",
        "/free-videos/check-your-mail/",
        "/free-videos/which-cycle/",
        "/sitemap.xml",
    ],
)
def test_a_warm_page_costs_no_query_and_never_reaches_django(
    first: Process, path: str, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    cold = first.get(path)
    assert cold.status == 200
    with django_assert_num_queries(0):
        warm = first.get(path)
    assert first.asked_django == [path]
    assert warm == cold


def test_the_first_and_the_next_visitor_get_the_same_headers(first: Process) -> None:
    got = first.get("/", HTTP_ACCEPT_ENCODING="gzip, deflate, br, zstd")
    assert got.headers["Cache-Control"] == "no-cache"
    assert got.headers["Vary"] == "Accept-Encoding"
    assert got.headers["Content-Encoding"] == "br"
    assert got.headers["Content-Length"] == str(len(got.body))
    assert "Content-Security-Policy" in got.headers
    assert "Set-Cookie" not in got.headers


def test_one_rendering_serves_every_encoding(first: Process) -> None:
    plain = first.get()
    assert "Content-Encoding" not in plain.headers
    packed = first.get(HTTP_ACCEPT_ENCODING="br")
    zipped = first.get(HTTP_ACCEPT_ENCODING="gzip;q=1.0, br;q=0")
    assert brotli.decompress(packed.body) == gzip.decompress(zipped.body) == plain.body
    assert len({got.headers["ETag"] for got in (plain, packed, zipped)}) == 3
    assert first.asked_django == ["/"]


def test_a_browser_that_has_the_page_is_told_so(first: Process) -> None:
    got = first.get(HTTP_ACCEPT_ENCODING="br")
    etag = got.headers["ETag"]
    assert etag.startswith('"')
    for known in (etag, f"W/{etag}", f'"other", {etag}', "*"):
        again = first.get(HTTP_ACCEPT_ENCODING="br", HTTP_IF_NONE_MATCH=known)
        assert (again.status, again.body) == (304, b"")
        assert again.headers["ETag"] == etag
        assert again.headers["Content-Security-Policy"] == got.headers["Content-Security-Policy"]
        assert not {"Content-Length", "Content-Encoding", "Content-Type"} & again.headers.keys()
    assert first.get(HTTP_IF_NONE_MATCH=etag).status == 200, "another encoding is another text"
    assert first.get(HTTP_IF_NONE_MATCH='"other"').status == 200


def test_head_is_answered_from_the_page_that_was_got(first: Process) -> None:
    head = ask(first.cache, environ_of("/", "HEAD"))
    assert head.status == 200
    assert len(first.store) == 0
    got = first.get()
    asked = len(first.asked_django)
    head = ask(first.cache, environ_of("/", "HEAD"))
    assert (head.status, head.headers, head.body) == (200, got.headers, b"")
    assert len(first.asked_django) == asked


@pytest.mark.parametrize("name", ["sessionid", "messages"])
def test_somebody_with_a_session_is_neither_served_from_it_nor_kept(
    first: Process, name: str
) -> None:
    first.get()
    first.get(HTTP_COOKIE=f"theme=dark; {name}=x")
    assert first.asked_django == ["/", "/"]
    first.store.clear()
    first.get(HTTP_COOKIE=f"{name}=x")
    assert len(first.store) == 0


def test_other_cookies_are_served_from_it_but_fill_nothing(first: Process) -> None:
    first.get(HTTP_COOKIE="theme=dark")
    assert len(first.store) == 0
    first.get()
    first.get(HTTP_COOKIE="theme=dark")
    assert len(first.asked_django) == 2


@pytest.mark.parametrize("kind", ["password", "login", "groups"])
@pytest.mark.parametrize("on_ancestor", [False, True])
def test_a_restricted_page_is_never_kept(
    first: Process, articles: ArticleIndexPage, kind: str, on_ancestor: bool
) -> None:
    page = ArticlePageFactory(parent=articles)
    restricted = articles if on_ancestor else page
    PageViewRestriction.objects.create(page=restricted, restriction_type=kind, password="x")
    got = first.get(page.url)
    assert got.status == (200 if kind == "password" else 302)
    assert not first.keeps(page.url)


def test_a_page_opened_with_its_password_is_not_kept(
    first: Process, articles: ArticleIndexPage
) -> None:
    page = ArticlePageFactory(parent=articles)
    restriction = PageViewRestriction.objects.create(
        page=page, restriction_type="password", password="x"
    )
    client = Client()
    session = client.session
    session[restriction.passed_view_restrictions_session_key] = [restriction.pk]
    session.save()
    cookie = f"{settings.SESSION_COOKIE_NAME}={session.session_key}"
    got = first.get(page.url, HTTP_COOKIE=cookie)
    assert page.title in got.text
    assert len(first.store) == 0
    assert page.introduction not in first.get(page.url).text


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/nothing/here/", 404),
        ("/articles", 301),
        ("/admin/", 302),
        ("/healthz", 200),
        ("/admin/login/", 200),
        ("/free-videos/watch/", 410),
        ("/free-videos/confirm/abc/", 410),
    ],
)
def test_what_is_no_page_for_all_is_not_kept(first: Process, path: str, status: int) -> None:
    assert first.get(path).status == status
    assert not first.keeps(path)


def test_a_draft_and_its_preview_are_not_kept(first: Process, articles: ArticleIndexPage) -> None:
    draft = ArticlePageFactory(parent=articles, live=False, title="Half written")
    draft.save_revision()
    user = get_user_model().objects.create_superuser("eva", "eva@unstuck.test", "x")
    client = Client()
    client.force_login(user)
    cookie = f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"
    got = first.get(f"/admin/pages/{draft.pk}/view_draft/", HTTP_COOKIE=cookie)
    assert got.status == 200
    assert "Half written" in got.text
    assert len(first.store) == 0
    assert first.get(draft.url).status == 404


def test_a_post_goes_straight_through(first: Process) -> None:
    first.get("/free-videos/")
    got = ask(first.cache, environ_of("/free-videos/", "POST", CONTENT_TYPE="text/plain"))
    assert got.status == 403
    assert first.asked_django == ["/free-videos/", "/free-videos/"]
    assert first.get("/free-videos/").status == 200


def test_each_host_has_its_own_pages_and_a_wrong_one_has_none(first: Process) -> None:
    first.get()
    assert first.get(HTTP_HOST="evil.test").status == 400
    assert first.get(HTTP_HOST="LOCALHOST:8000").status == 200
    assert [key.host for key in first.store] == [HOST]
    first.get(HTTP_HOST="127.0.0.1:8000")
    assert {key.host for key in first.store} == {HOST, "127.0.0.1:8000"}


def test_http_and_https_are_kept_apart(first: Process) -> None:
    first.get()
    first.get(**{"wsgi.url_scheme": "https"})
    assert len(first.asked_django) == 2


def test_words_of_campaigns_are_dropped_where_a_page_is_kept(first: Process) -> None:
    first.get("/articles/?utm_source=mail&mc_eid=abc&page=1")
    first.get("/articles/?fbclid=1&page=1&x=%00")
    assert first.asked_django == ["/articles/"]
    assert first.seen_by_django[0]["QUERY_STRING"] == "page=1"
    first.get("/articles/?page=2")
    assert len(first.asked_django) == 2


def test_a_query_stays_whole_where_nothing_is_kept(first: Process) -> None:
    for path in (
        "/nothing/?q=a&utm_source=b",
        "/admin/login/?next=/admin/",
        "/articles?mc_eid=1",
    ):
        first.get(path)
        assert first.seen_by_django[-1]["QUERY_STRING"] == path.partition("?")[2]
    first.get("/?utm_source=b", HTTP_COOKIE="sessionid=x")
    assert first.seen_by_django[-1]["QUERY_STRING"] == "utm_source=b"


def test_a_redirect_finds_its_query(first: Process) -> None:
    Page.objects.get(slug="articles")
    from wagtail.contrib.redirects.models import Redirect

    Redirect.objects.create(
        old_path=Redirect.normalise_path("/old/?id=5"), redirect_link="/articles/"
    )
    got = first.get("/old/?id=5")
    assert (got.status, got.headers["Location"]) == (301, "/articles/")


@pytest.mark.parametrize("query", ["page=0", "page=01", "page=x", "page=1&page=2", "page=99999"])
def test_odd_page_numbers_are_django_s_to_answer(first: Process, query: str) -> None:
    first.get(f"/articles/?{query}")
    assert len(first.store) == 0
    assert first.seen_by_django[-1]["QUERY_STRING"] == query


def test_an_answer_without_a_page_goes_out_compressed(first: Process) -> None:
    plain = first.get("/nothing/")
    got = first.get("/nothing/", HTTP_ACCEPT_ENCODING="gzip")
    assert got.status == 404
    assert got.headers["Content-Encoding"] == "gzip"
    assert got.headers["Content-Length"] == str(len(got.body))
    assert "Accept-Encoding" in got.headers["Vary"]
    assert gzip.decompress(got.body) == plain.body


@pytest.mark.parametrize("path", ["/admin/login/", "/free-videos/confirm/abc/"])
def test_an_answer_with_a_secret_does_not(first: Process, path: str) -> None:
    got = first.get(path, HTTP_ACCEPT_ENCODING="gzip, br")
    assert "Content-Encoding" not in got.headers


class Plain(list[bytes]):
    """An answer as Django gives it: whole, or a stream."""

    streaming = False


GOOD = [("Content-Type", "text/html; charset=utf-8")]


@pytest.mark.parametrize(
    ("status", "headers", "streaming", "is_kept"),
    [
        ("200 OK", GOOD, False, True),
        ("200 OK", [*GOOD, ("Vary", "Accept-Encoding")], False, True),
        ("200 OK", [*GOOD, ("Cache-Control", "max-age=60, public")], False, True),
        ("200 OK", GOOD, True, False),
        ("404 Not Found", GOOD, False, False),
        ("206 Partial Content", GOOD, False, False),
        ("200 OK", [*GOOD, ("Set-Cookie", "a=b")], False, False),
        ("200 OK", [*GOOD, ("Vary", "Accept-Encoding, Cookie")], False, False),
        ("200 OK", [*GOOD, ("Vary", "*")], False, False),
        ("200 OK", [*GOOD, ("Vary", "Accept-Language")], False, False),
        ("200 OK", [*GOOD, ("Cache-Control", "max-age=0, private")], False, False),
        ("200 OK", [*GOOD, ("cache-control", "No-Store")], False, False),
        ("200 OK", [*GOOD, ("Content-Encoding", "br")], False, False),
        ("200 OK", [*GOOD, ("Content-Security-Policy", "script-src 'nonce-a'")], False, False),
    ],
)
def test_only_whole_answers_for_everybody_are_kept(
    generation_file: Any, status: str, headers: list[Any], streaming: bool, is_kept: bool
) -> None:
    from tests.cms.page_cache.visitors import process_at

    def application(environ: Any, start_response: Any) -> Plain:
        environ["cms.page_cache"].is_marked = True
        start_response(status, headers)
        answer = Plain([b"a" * 500])
        answer.streaming = streaming
        return answer

    process = process_at(generation_file, application)
    assert ask(process.cache, environ_of("/")).body == b"a" * 500
    assert len(process.store) == int(is_kept)


def test_what_nobody_marked_is_not_kept(generation_file: Any) -> None:
    from tests.cms.page_cache.visitors import process_at

    def application(_environ: Any, start_response: Any) -> Plain:
        start_response("200 OK", GOOD)
        return Plain([b"a"])

    process = process_at(generation_file, application)
    process.get()
    assert len(process.store) == 0


def test_a_page_grows_old_after_five_minutes(first: Process) -> None:
    first.get()
    first.clock.seconds += 299
    first.get()
    assert len(first.asked_django) == 1
    first.clock.seconds += 2
    first.get()
    assert len(first.asked_django) == 2


def test_pages_of_another_site_do_not_answer(first: Process) -> None:
    assert Site.objects.count() == 1
    first.get("/", HTTP_HOST="localhost")
    assert not any(key.host == HOST for key in first.store)
