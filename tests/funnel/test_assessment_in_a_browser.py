"""Somebody fills in the questionnaire by keyboard alone, with scripts and without, and goes on."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, expect

from funnel.models import AssessmentResult, AssessmentVersion, Lead, OptIn, StuckCycle
from tests.factories.assessments import published
from tests.funnel.routed import ORIGIN, RoutedSite

pytestmark = pytest.mark.django_db

PLACE = "/free-videos/which-cycle/"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
MOST_TABS = 60
Open = Callable[..., Page]


@pytest.fixture
def version() -> AssessmentVersion:
    """Three questions."""
    return published(datetime(2026, 5, 4, 21, 30, tzinfo=UTC))


@pytest.fixture
def open_page(chromium: Browser, version: AssessmentVersion) -> Iterator[Open]:
    """Return a function that opens the questions in a browser that knows nothing."""
    contexts: list[BrowserContext] = []

    def open_questions(*, scripts: bool) -> Page:
        context = chromium.new_context(
            base_url=ORIGIN, java_script_enabled=scripts, reduced_motion="reduce"
        )
        context.set_default_timeout(15_000)
        contexts.append(context)
        context.site = RoutedSite(context)  # type: ignore[attr-defined]
        page = context.new_page()
        page.goto(PLACE)
        return page

    yield open_questions
    for context in contexts:
        assert context.site.strangers == []  # type: ignore[attr-defined]
        assert context.cookies() == []
        context.close()


def focused(page: Page) -> Any:
    """What the keyboard is on: id, name or words."""
    return page.evaluate(
        "() => { const on = document.activeElement;"
        " return [on.id, on.name ?? '', on.textContent.trim()]; }"
    )


def tab_to(page: Page, wanted: str) -> None:
    """Press Tab until the keyboard is there; a person would give up sooner."""
    for _ in range(MOST_TABS):
        page.keyboard.press("Tab")
        if wanted in focused(page):
            return
    raise AssertionError(f"{wanted} can’t be reached: {focused(page)}")


def answer_by_keyboard(page: Page) -> None:
    """The second answer, the second answer, and the last question left."""
    tab_to(page, "q0")
    page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")
    assert "q1" in focused(page)
    page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")
    tab_to(page, "See what my answers point to")
    page.keyboard.press("Enter")
    page.wait_for_load_state()


def faults(page: Page) -> list[str]:
    found = Axe().run(page, options={"runOnly": {"type": "tag", "values": RULES}})
    return [each["id"] for each in found.response["violations"]]


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_by_keyboard_from_the_first_question_to_the_videos(
    open_page: Open, version: AssessmentVersion, scripts: bool
) -> None:
    page = open_page(scripts=scripts)
    answer_by_keyboard(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("One pattern, fairly clearly")
    experience = StuckCycle.objects.get(code="criticism").experience
    expect(page.get_by_role("heading", level=2, name=experience)).to_be_visible()
    assert not Lead.objects.exists()
    form = page.locator("form[data-opt-in-form]")
    expect(form.get_by_text("Your answers suggest")).to_be_visible()
    assert form.locator("[name=cycle]:checked").count() == 0
    tab_to(page, "email")
    page.keyboard.type("ada@mail.test")
    page.keyboard.press("Enter")
    page.wait_for_url("**/check-your-mail/")
    # A script that can't see the redirect (RoutedSite) sends the form once more, the plain way.
    opt_in = OptIn.objects.latest("pk")
    assert (opt_in.stated_cycle, opt_in.page_path) == (None, PLACE)
    result = AssessmentResult.objects.get(opt_in=opt_in)
    assert (result.version, result.answers) == (version, [1, 1, None])
    assert result.cycle == StuckCycle.objects.get(code="criticism")


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_an_empty_sheet_puts_the_keyboard_on_the_sentence_about_it(
    open_page: Open, scripts: bool
) -> None:
    page = open_page(scripts=scripts)
    tab_to(page, "See what my answers point to")
    page.keyboard.press("Enter")
    summary = page.get_by_role("alert")
    expect(summary).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.keyboard.press("Space")
    expect(page.locator("#q0-0")).to_be_checked()


def test_answers_can_be_taken_back(open_page: Open) -> None:
    page = open_page(scripts=False)
    page.locator("#q0-1").check()
    page.get_by_role("button", name="Clear my answers").click()
    assert page.locator(":checked").count() == 0


def test_axe_finds_nothing(open_page: Open) -> None:
    page = open_page(scripts=True)
    assert faults(page) == []
    page.get_by_role("button", name="See what my answers point to").click()
    expect(page.get_by_role("alert")).to_be_visible()
    assert faults(page) == []
    for number, answer in enumerate((0, 0, 1)):
        page.locator(f"#q{number}-{answer}").check()
    page.get_by_role("button", name="See what my answers point to").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Mostly one pattern")
    page.locator("summary", has_text="How this comes about").click()
    assert faults(page) == []
