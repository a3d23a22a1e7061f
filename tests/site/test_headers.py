"""Every answer of a site on https carries the headers that protect its reader."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from cms.middleware import ContentSecurityPolicyMiddleware, allow_frames
from tests.own_site import ROOT, copy_test_database, own_environment
from tests.processes import run_python
from tests.site.observatory import Answer, read_policy, results, score

pytestmark = pytest.mark.django_db
ASK = Path(__file__).resolve().parent / "inside" / "ask_production.py"
HOST = "www.example.test"
FORM = "application/x-www-form-urlencoded"
OWN = {"origin": f"https://{HOST}", "content-type": FORM}
# What is asked, by name: the status it gets, the path, and what else belongs to the request.
REQUESTS: dict[str, tuple[int, str, dict[str, Any]]] = {
    "home": (200, "/", {}),
    "home again": (304, "/", {"again": "home"}),
    "article": (200, "/articles/one/", {}),
    "form": (200, "/free-videos/", {}),
    "form sent badly": (
        422,
        "/free-videos/",
        {"method": "POST", "headers": OWN, "body": "email=ada%40"},
    ),
    "form from elsewhere": (
        403,
        "/free-videos/",
        {"method": "POST", "headers": {**OWN, "origin": "https://elsewhere.test"}},
    ),
    "private link": (410, "/free-videos/confirm/no-such-link/", {}),
    "not found": (404, "/nowhere/", {}),
    "without a slash": (301, "/articles", {}),
    "moved": (301, "/old/", {}),
    "on http": (301, "/", {"headers": {"x-forwarded-proto": "http"}}),
    "for another host": (400, "/", {"headers": {"host": "elsewhere.test"}}),
    "for another host on http": (
        400,
        "/",
        {"headers": {"host": "elsewhere.test", "x-forwarded-proto": "http"}},
    ),
    "odd charset": (400, "/", {"headers": {"content-type": f"{FORM}; charset=rot13"}}),
    "static file": (200, "/static/css/base.css", {}),
    "static file again": (304, "/static/css/base.css", {"again": "static file"}),
    "missing static file": (404, "/static/css/none.css", {}),
    "picture": (200, "/media/images/a.png", {}),
    "missing picture": (404, "/media/images/b.png", {}),
    "sitemap": (200, "/sitemap.xml", {}),
    "robots": (200, "/robots.txt", {}),
    "health": (200, "/healthz", {}),
    "login": (200, "/admin/login/", {}),
    "admin": (302, "/admin/", {}),
    "breakdown": (500, "/favicon.ico", {"fault": "cms.well_known.static"}),
}
ADMIN = {"login", "admin"}
UNREACHABLE_ON_HTTPS = {"on http", "for another host on http"}
HEADERS = {
    "Content-Security-Policy",
    "Cross-Origin-Opener-Policy",
    "Cross-Origin-Resource-Policy",
    "Permissions-Policy",
    "Referrer-Policy",
    "X-Content-Type-Options",
    "X-Frame-Options",
}


@pytest.fixture(scope="module")
def answers(django_db_setup: None, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Answer]:
    """What production's settings answer on https, by name."""
    folder = tmp_path_factory.mktemp("production")
    copy_test_database(target=folder / "site.sqlite3")
    asked = [
        {"name": name, "path": path, **more} for name, (_status, path, more) in REQUESTS.items()
    ]
    ran = run_python(
        ASK,
        json.dumps(asked),
        folder=ROOT,
        environment=own_environment(
            folder, SITE_URL=f"https://{HOST}", DEMO="0", EMAIL_URL="smtp://mail.test:25"
        ),
    )
    assert ran.returncode == 0, ran.stderr
    told = json.loads(ran.stdout.splitlines()[-1])
    return {
        name: Answer(
            url=f"https://{HOST}{REQUESTS[name][1]}",
            status=answer["status"],
            headers=[(header, value) for header, value in answer["headers"]],
            body=answer["body"],
        )
        for name, answer in told.items()
    }


@pytest.mark.parametrize("name", REQUESTS)
class TestEveryAnswer:
    """Pages, files, redirects, refusals and breakdowns alike."""

    def test_is_the_one_that_was_meant(self, answers: dict[str, Answer], name: str) -> None:
        assert answers[name].status == REQUESTS[name][0]

    def test_carries_each_header_once(self, answers: dict[str, Answer], name: str) -> None:
        names = [header for header, _value in answers[name].headers]
        assert {header: names.count(header) for header in HEADERS} == dict.fromkeys(HEADERS, 1)

    def test_binds_to_https(self, answers: dict[str, Answer], name: str) -> None:
        expected = [] if name in UNREACHABLE_ON_HTTPS else ["max-age=31536000"]
        assert answers[name].all("Strict-Transport-Security") == expected

    def test_has_a_policy_without_exceptions(self, answers: dict[str, Answer], name: str) -> None:
        (policy,) = answers[name].all("Content-Security-Policy")
        assert ("unsafe-" in policy) == (name in ADMIN)
        assert "default-src" in read_policy(policy)

    def test_sets_no_cookie(self, answers: dict[str, Answer], name: str) -> None:
        assert bool(answers[name].all("Set-Cookie")) == (name == "login")

    def test_tells_other_sites_nothing(self, answers: dict[str, Answer], name: str) -> None:
        assert answers[name].all("Referrer-Policy") == ["same-origin"]
        assert answers[name].all("Cross-Origin-Opener-Policy") == ["same-origin"]
        assert answers[name].all("Access-Control-Allow-Origin") == []

    def test_is_no_part_of_another_sites_page(self, answers: dict[str, Answer], name: str) -> None:
        expected = "cross-origin" if name == "picture" else "same-origin"
        assert answers[name].all("Cross-Origin-Resource-Policy") == [expected]

    def test_is_asked_about_before_it_is_used_again(
        self, answers: dict[str, Answer], name: str
    ) -> None:
        (control,) = answers[name].all("Cache-Control") or [""]
        is_file = name in ("picture", "static file", "static file again")
        assert ("no-cache" in control or "no-store" in control) == (not is_file)


def test_static_files_are_still_cached(answers: dict[str, Answer]) -> None:
    assert answers["static file"].all("Cache-Control") == ["max-age=60, public"]
    assert answers["static file"].all("ETag")


class TestObservatory:
    """The rules add up to 100 or more, and to less as soon as something is missing."""

    @pytest.mark.parametrize(
        ("name", "expected"),
        [
            ("home", 130),
            ("article", 130),
            ("form", 130),
            ("not found", 130),
            ("static file", 130),
            ("picture", 120),
            ("breakdown", 130),
        ],
    )
    def test_scores(self, answers: dict[str, Answer], name: str, expected: int) -> None:
        found = results(answers[name], plain=answers["on http"])
        assert score(answers[name], plain=answers["on http"]) == expected, found

    @pytest.mark.parametrize(
        ("header", "value", "result", "expected"),
        [
            ("Content-Security-Policy", None, "csp-not-implemented", 75),
            (
                "Content-Security-Policy",
                "default-src 'none'; script-src 'self' 'unsafe-inline'",
                "csp-implemented-with-unsafe-inline",
                80,
            ),
            (
                "Content-Security-Policy",
                "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
                "csp-implemented-with-unsafe-inline-in-style-src-only",
                120,
            ),
            (
                "Content-Security-Policy",
                "script-src 'self'; frame-ancestors 'none'",
                "csp-implemented-with-unsafe-inline",
                80,
            ),
            (
                "Content-Security-Policy",
                "default-src 'self'; script-src 'self' 'unsafe-eval'; frame-ancestors 'none'",
                "csp-implemented-with-unsafe-eval",
                110,
            ),
            (
                "Content-Security-Policy",
                "default-src 'self' http://a.test",
                "csp-implemented-with-insecure-scheme",
                80,
            ),
            (
                "Content-Security-Policy",
                "default-src 'none'; img-src http:",
                "csp-implemented-with-insecure-scheme-in-passive-content-only",
                105,
            ),
            (
                "Content-Security-Policy",
                "default-src 'none'; default-src 'self'",
                "csp-header-invalid",
                75,
            ),
            (
                "Content-Security-Policy",
                "default-src 'self'; frame-ancestors 'none'",
                "csp-implemented-with-no-unsafe",
                125,
            ),
            ("Strict-Transport-Security", None, "hsts-not-implemented", 80),
            (
                "Strict-Transport-Security",
                "max-age=86400",
                "hsts-implemented-max-age-less-than-six-months",
                120,
            ),
            ("Strict-Transport-Security", "for ever", "hsts-header-invalid", 80),
            ("Referrer-Policy", None, "referrer-policy-not-implemented", 125),
            ("Referrer-Policy", "unsafe-url", "referrer-policy-unsafe", 120),
            ("Referrer-Policy", "whatever", "referrer-policy-header-invalid", 120),
            ("X-Content-Type-Options", None, "x-content-type-options-not-implemented", 125),
            ("X-Content-Type-Options", "sniff", "x-content-type-options-header-invalid", 125),
            ("Cross-Origin-Resource-Policy", None, "corp-not-implemented", 120),
            ("Cross-Origin-Resource-Policy", "mine", "corp-header-invalid", 115),
            ("Set-Cookie", "a=b", "cookies-without-secure-flag-but-protected-by-hsts", 125),
            (
                "Set-Cookie",
                "sessionid=b; Secure; SameSite=Lax",
                "cookies-session-without-httponly-flag",
                70,
            ),
            (
                "Set-Cookie",
                "csrftoken=b; Secure; HttpOnly",
                "cookies-anticsrf-without-samesite-flag",
                80,
            ),
            ("Set-Cookie", "a=b; Secure; SameSite=Some", "cookies-samesite-flag-invalid", 80),
            ("Set-Cookie", "a=b; Secure", "cookies-secure-with-httponly-sessions", 130),
        ],
    )
    def test_sees_what_is_wrong(
        self,
        answers: dict[str, Answer],
        header: str,
        value: str | None,
        result: str,
        expected: int,
    ) -> None:
        home = answers["home"]
        kept = [(name, said) for name, said in home.headers if name != header]
        changed = Answer(
            url=home.url,
            status=home.status,
            headers=kept if value is None else [*kept, (header, value)],
            body=home.body,
        )
        assert result in results(changed, plain=answers["on http"])
        assert score(changed, plain=answers["on http"]) == expected

    @pytest.mark.parametrize(
        ("script", "result"),
        [
            ("", "but-no-scripts-loaded"),
            ("<script src='/a.js'></script>", "but-all-scripts-loaded-from-secure-origin"),
            ("<script src='https://a.test/a.js'></script>", "but-external-scripts-loaded-securely"),
            (
                "<script src='//a.test/a.js'></script>",
                "and-external-scripts-not-loaded-securely",
            ),
        ],
    )
    def test_reads_the_scripts_of_a_page(
        self, answers: dict[str, Answer], script: str, result: str
    ) -> None:
        page = Answer(
            url=f"https://{HOST}/", status=200, headers=[("Content-Type", "text/html")], body=script
        )
        assert f"sri-not-implemented-{result}" in results(page, plain=answers["on http"])

    @pytest.mark.parametrize(
        ("status", "target", "result"),
        [
            (200, "", "redirection-missing"),
            (301, "/b/", "redirection-not-to-https"),
            (301, "https://elsewhere.test/", "redirection-off-host-from-http"),
            (301, f"https://{HOST}/", "redirection-to-https"),
        ],
    )
    def test_reads_the_way_to_https(
        self, answers: dict[str, Answer], status: int, target: str, result: str
    ) -> None:
        plain = Answer(url=f"http://{HOST}/", status=status, headers=[("Location", target)])
        assert result in results(answers["home"], plain=plain)


class TestFramesOfAVideo:
    """`allow_frames`: one page may hold a player from elsewhere, the others may not."""

    @pytest.fixture
    def policy_of(self) -> Callable[[HttpResponse, str], str]:
        def policy(response: HttpResponse, path: str = "/a/") -> str:
            middleware = ContentSecurityPolicyMiddleware(lambda request: response)
            return str(middleware(RequestFactory().get(path))["Content-Security-Policy"])

        return policy

    def test_only_that_answer_may(self, policy_of: Callable[..., str]) -> None:
        opened = read_policy(policy_of(allow_frames(HttpResponse())))
        assert opened["frame-src"] == {
            "https://www.youtube-nocookie.com",
            "https://player.vimeo.com",
        }
        closed = read_policy(policy_of(HttpResponse()))
        assert "frame-src" not in closed
        assert {name: found for name, found in opened.items() if name != "frame-src"} == closed

    def test_a_preview_in_the_admin_may_too(self, policy_of: Callable[..., str]) -> None:
        opened = read_policy(policy_of(allow_frames(HttpResponse()), "/admin/pages/1/preview/"))
        assert "https://player.vimeo.com" in opened["frame-src"]
        assert "'self'" in opened["frame-src"]
        assert "https:" not in policy_of(HttpResponse(), "/admin/")

    def test_keeps_what_else_was_added(self, policy_of: Callable[..., str]) -> None:
        response = HttpResponse()
        response._csp_update = {"img-src": ["https://a.test"]}  # type: ignore[attr-defined]
        opened = read_policy(policy_of(allow_frames(response)))
        assert opened["img-src"] == {"'self'", "https://a.test"}
        assert "frame-src" in opened
