"""What the measures make of what they are told; they themselves run by `make bench`."""

import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

# pytest's own path ends where a process of its own begins.
sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "scripts"))

from bench import html, lighthouse, screenshots, weight
from bench.__main__ import take
from bench.shared.looks import styleguide_looks
from bench.shared.missing import Missing
from bench.shared.site import Site, paths_in


def _run(**changed: Any) -> lighthouse.Run:
    given: dict[str, Any] = {
        "scores": dict.fromkeys(lighthouse.CATEGORIES, 100),
        "largest_paint": 900.0,
        "shift": 0.0,
        "blocking": 0.0,
        "failed": frozenset(),
        **changed,
    }
    return lighthouse.Run(**given)


def _report(*, score: float = 1, weight: int = 1) -> dict[str, Any]:
    def audit(value: float) -> dict[str, float]:
        return {"score": 1, "numericValue": value}

    references = [{"id": "image-alt", "weight": weight}]
    return {
        "categories": {
            name: {"score": score, "auditRefs": references} for name in lighthouse.CATEGORIES
        },
        "audits": {
            "largest-contentful-paint": audit(1024.5),
            "cumulative-layout-shift": audit(0.002),
            "total-blocking-time": audit(3),
            "image-alt": {"score": 0},
        },
    }


def test_what_is_not_on_this_machine_is_no_failure(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def without_node(name: str, *, package: str) -> str:
        raise Missing(f"there is no {name} here.")

    monkeypatch.setattr("bench.__main__.stop_on_signals", lambda: None)
    monkeypatch.setattr(lighthouse, "program", without_node)
    assert take("lighthouse") == 0
    assert capsys.readouterr().out == "  Skipped: there is no node here.\n"


def test_a_report_is_read() -> None:
    run = lighthouse.read_run(_report(score=0.994))
    assert run.scores == dict.fromkeys(lighthouse.CATEGORIES, 99)
    assert (run.largest_paint, run.shift, run.blocking) == (1024.5, 0.002, 3)
    assert run.failed == {"image-alt"}


def test_an_audit_without_weight_fails_nothing() -> None:
    assert lighthouse.read_run(_report(weight=0)).failed == frozenset()


def test_the_middle_of_the_runs_counts() -> None:
    runs = [
        _run(largest_paint=2000.0, failed=frozenset({"a", "b"})),
        _run(largest_paint=900.0),
        _run(largest_paint=1000.0, failed=frozenset({"a"})),
    ]
    middle = lighthouse.median_of(runs)
    assert middle.largest_paint == 1000
    assert middle.failed == {"a"}


@pytest.mark.parametrize(
    ("changed", "word"),
    [
        ({"largest_paint": 1101.0}, "LCP"),
        ({"shift": 0.011}, "CLS"),
        ({"blocking": 1.0}, "TBT"),
        ({"scores": {**dict.fromkeys(lighthouse.CATEGORIES, 100), "performance": 99}}, "perf"),
    ],
)
def test_each_limit_is_held(changed: dict[str, Any], word: str) -> None:
    assert lighthouse.missed(_run(), is_indexed=True) == []
    (fault,) = lighthouse.missed(_run(**changed), is_indexed=True)
    assert word in fault


def test_a_page_that_hides_from_search_engines_needs_no_score_for_them() -> None:
    hidden = _run(scores={**dict.fromkeys(lighthouse.CATEGORIES, 100), "seo": 54})
    assert lighthouse.missed(hidden, is_indexed=False) == []
    assert lighthouse.missed(hidden, is_indexed=True) == ["seo 54 instead of 100"]


def test_photographs_weigh_nothing_and_everything_else_counts() -> None:
    within = Counter({"HTML": 78 * 1024, "CSS": 12 * 1024, "pictures": 900_000})
    assert weight.over(within) == []
    assert len(weight.over(within + Counter({"fonts": 1}))) == 1
    assert len(weight.over(Counter({"CSS": 12 * 1024 + 1, "JavaScript": 8 * 1024 + 1}))) == 2


def _picture(**changed: Any) -> dict[str, Any]:
    return {
        "shown": "http://site.test/media/a.webp",
        "width": "800",
        "height": "500",
        "loading": "lazy",
        "isBelowTheFold": True,
        "natural": 800,
        "needed": 660,
        **changed,
    }


@pytest.mark.parametrize(
    "changed",
    [
        {"height": None},
        {"loading": "auto"},
        {"isBelowTheFold": False},
        {"natural": 1200},
        {"shown": "http://site.test/media/a.jpg"},
    ],
)
def test_a_picture_that_comes_the_wrong_way_is_named(changed: dict[str, Any]) -> None:
    types = {
        "http://site.test/media/a.webp": "image/webp",
        "http://site.test/media/a.jpg": "image/jpeg",
    }
    assert weight.picture_faults([_picture()], types) == []
    (fault,) = weight.picture_faults([_picture(**changed)], types)
    assert fault.startswith("a.")


def test_warnings_are_no_errors_and_container_queries_no_fault() -> None:
    said = [
        {"type": "info", "message": "Consider a heading."},
        {"type": "error", "message": "CSS: Unrecognized at-rule “@container”"},
        {"type": "error", "message": "Stray end tag “p”."},
        {"type": "non-document-error", "message": "It broke."},
    ]
    assert html.errors(said) == said[2:]


def test_stylesheets_are_found_in_a_page() -> None:
    page = '<link rel="preload" href="/f.woff2"><link rel="stylesheet" href="/a.css">'
    assert html.stylesheets(page) == {"/a.css"}


def test_a_site_names_one_page_of_each_type() -> None:
    sitemap = "".join(
        f"<url><loc>http://site.test{path}</loc></url>"
        for path in ("/", "/articles/a/", "/articles/b/", "/articles/topics/x/")
    )
    paths = paths_in(sitemap)
    types = {"/": "HomePage", "/articles/a/": "ArticlePage", "/articles/b/": "ArticlePage"}
    site = Site(url="http://site.test", password="", paths=paths, types=types)
    assert site.first("ArticlePage") == "/articles/a/"
    assert site.first("LandingPage") is None
    assert list(site.one_of_each().values()) == ["/", "/articles/a/", "/articles/topics/x/"]


def test_the_styleguide_is_followed_once_per_page() -> None:
    index = '<a href="/styleguide/forms/">A</a><a href="/styleguide/forms/?palette=x">B</a>'
    assert [look.path for look in styleguide_looks(index)] == ["/styleguide/", "/styleguide/forms/"]


def test_names_of_looks_become_names_of_files() -> None:
    assert screenshots.file_name("ArticleIndexPage") == "article-index-page"
    assert screenshots.file_name("/articles/topics/…") == "articles-topics"
