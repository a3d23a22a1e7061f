"""Somebody comes into the room: the page is gone at once, and Back brings nothing typed."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest
from playwright.sync_api import Locator, Page, Request, Route, expect

from cms.models.settings import QUICK_EXIT_URL
from tests.journeys.people import become_confirmed, fill_invitation, invitation, open_an_article
from tests.processes import wait_until

SMALL = {"width": 320, "height": 600}
CSS_PIXELS_OF_A_FINGER = 44
SECRET = "ada.secret@mail.test"
ON_TOP = """element => {
    const box = element.getBoundingClientRect();
    const top = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
    return element.contains(top) || (top !== null && top.contains(element));
}"""
LOOK_A_LITTLE_LATER = """() => document.addEventListener("click", () => setTimeout(() => tell({
    nodes: document.body.childNodes.length,
    title: document.title,
    path: location.pathname,
    memory: sessionStorage.length,
    icons: [...document.querySelectorAll("link[rel~=icon]")].map((link) => link.href),
}), 50))"""
COVERED = """() => {
    const exit = document.querySelector(".quick-exit__button").getBoundingClientRect();
    const meets = (box) => box.width > 1 && box.right > exit.left && box.left < exit.right
        && box.bottom > exit.top && box.top < exit.bottom;
    const boxes = [...document.querySelectorAll(".colophon a, .colophon p, main a, main button")]
        .flatMap((element) => [...element.getClientRects()].map((box) => [element, box]));
    return boxes.filter(([, box]) => meets(box)).map(([element]) => element.outerHTML.slice(0, 90));
}"""


@dataclass
class Elsewhere:
    """The page the quick exit leads to; it answers only when it is told to."""

    page: Page
    asked: list[Route] = field(default_factory=list)

    def wait(self) -> Request:
        """Wait until it is asked."""

        def is_asked() -> bool:
            self.page.context.cookies()  # Playwright hears of requests only while it is spoken to.
            return bool(self.asked)

        wait_until(is_asked, seconds=10, what="a call of the target")
        return self.asked[-1].request

    def answer(self) -> None:
        """Let it answer at last; what comes next is asked anew."""
        self.wait()
        self.asked.pop().fulfill(body="<title>Rain</title><h1>Rain</h1>", content_type="text/html")


def _elsewhere(page: Page) -> Elsewhere:
    target = Elsewhere(page)
    page.context.route(QUICK_EXIT_URL, lambda route: target.asked.append(route))
    return target


@pytest.fixture
def reader(open_page: Callable[..., Page]) -> Page:
    """A reader on a small phone."""
    page = open_page(SMALL)
    page.emulate_media(reduced_motion="reduce")
    return page


@pytest.fixture
def elsewhere(reader: Page) -> Elsewhere:
    """The target, which nobody has asked yet."""
    return _elsewhere(reader)


def _button(page: Page) -> Locator:
    return page.locator(".quick-exit__button")


def _said(page: Page) -> Locator:
    return page.locator("[data-quick-exit-said]")


def _arrives(page: Page, elsewhere: Elsewhere) -> None:
    elsewhere.answer()
    expect(page).to_have_title("Rain")


def test_a_slow_target_shows_nothing_and_back_brings_nothing_typed(
    reader: Page, elsewhere: Elsewhere
) -> None:
    article = open_an_article(reader)
    fill_invitation(reader, address=SECRET, first_name="Ada")
    earlier = reader.url
    reader.get_by_role("link", name="Unstuck", exact=True).first.click()
    reader.wait_for_url(lambda url: url != earlier)
    fill_invitation(reader, address=SECRET)
    assert elsewhere.asked == []

    seen: list[dict[str, object]] = []
    reader.expose_function("tell", lambda state: seen.append(state))
    reader.evaluate(LOOK_A_LITTLE_LATER)
    _button(reader).click(no_wait_after=True)

    assert "referer" not in elsewhere.wait().headers
    wait_until(lambda: elsewhere.wait() and seen, seconds=10, what="a look at the page")
    (icon,) = {str(icon).rpartition("/")[2].partition(".")[0] for icon in seen[0].pop("icons")}
    assert icon == "icon-neutral"
    assert seen == [{"nodes": 0, "title": "Loading…", "path": "/", "memory": 0}]

    _arrives(reader, elsewhere)
    reader.go_back()
    expect(reader.get_by_role("heading", level=1)).to_have_text(article)
    assert reader.url == earlier
    assert invitation(reader).get_by_label("Email address").input_value() == ""
    assert invitation(reader).get_by_label("First name").input_value() == ""
    assert reader.evaluate("sessionStorage.length") == 0


def test_going_back_without_having_left_keeps_what_was_typed(reader: Page) -> None:
    open_an_article(reader)
    fill_invitation(reader, address=SECRET)
    reader.get_by_role("link", name="Unstuck", exact=True).first.click()
    reader.wait_for_load_state()
    reader.go_back()
    expect(invitation(reader).get_by_label("Email address")).to_have_value(SECRET)


def test_a_page_kept_whole_by_the_browser_is_loaded_anew(reader: Page) -> None:
    open_an_article(reader)
    fill_invitation(reader, address=SECRET)
    reader.evaluate(
        """() => {
            window.isTheSame = true;
            dispatchEvent(new PageTransitionEvent("pagehide", { persisted: true }));
            sessionStorage.clear();
            dispatchEvent(new PageTransitionEvent("pageshow", { persisted: true }));
        }"""
    )
    reader.wait_for_function("() => !window.isTheSame && document.readyState === 'complete'")
    assert invitation(reader).get_by_label("Email address").input_value() == ""


def test_by_keyboard_the_way_out_is_the_second_stop(reader: Page, elsewhere: Elsewhere) -> None:
    open_an_article(reader)
    for _ in range(2):
        reader.keyboard.press("Tab")
    secondary = reader.locator(":focus")
    expect(secondary).to_have_accessible_name("Leave this site at once")
    assert secondary.evaluate(ON_TOP)
    reader.keyboard.press("Enter")
    _arrives(reader, elsewhere)

    reader.go_back()
    _button(reader).focus()
    assert _button(reader).evaluate("element => getComputedStyle(element).outlineStyle") == "solid"
    reader.keyboard.press("Enter")
    _arrives(reader, elsewhere)


def test_shift_three_times(reader: Page, elsewhere: Elsewhere, now: datetime) -> None:
    reader.clock.install(time=now)
    open_an_article(reader)
    reader.clock.pause_at(now + timedelta(hours=1))
    expect(_said(reader)).to_have_attribute("aria-live", "assertive")
    expect(_said(reader)).to_have_text("")

    reader.keyboard.press("Shift")
    expect(_said(reader)).to_have_text("Quick exit: press Shift two more times.")
    reader.keyboard.press("Shift")
    expect(_said(reader)).to_have_text("Quick exit: press Shift once more.")
    reader.keyboard.press("ArrowDown")
    expect(_said(reader)).to_have_text("")

    for key in ("Shift", "Shift+A", "Shift+A", "Shift+A", "Alt+Shift", "Control+Shift"):
        reader.keyboard.press(key)
    expect(_said(reader)).to_have_text("")

    reader.keyboard.press("Shift")
    reader.keyboard.press("Shift")
    reader.clock.run_for(5_000)
    expect(_said(reader)).to_have_text("Quick exit stopped.")
    reader.keyboard.press("Shift")
    expect(_said(reader)).to_have_text("Quick exit: press Shift two more times.")
    assert elsewhere.asked == []

    reader.keyboard.press("Shift")
    reader.clock.run_for(4_900)
    reader.keyboard.press("Shift")
    _arrives(reader, elsewhere)


def test_it_stays_in_reach_and_covers_nothing_at_the_end(reader: Page) -> None:
    for address in ("/", "/free-videos/", "/free-videos/confirm/no-such-link/", "/no-such-page/"):
        reader.goto(address)
        for position in ("0", "document.body.scrollHeight / 2", "document.body.scrollHeight"):
            reader.evaluate(f"scrollTo({{ top: {position}, behavior: 'instant' }})")
            box = _button(reader).bounding_box()
            assert box is not None
            assert box["height"] >= CSS_PIXELS_OF_A_FINGER
            assert box["width"] >= CSS_PIXELS_OF_A_FINGER
            assert box["x"] >= 0
            assert box["x"] + box["width"] <= SMALL["width"]
            assert SMALL["height"] / 2 < box["y"] < SMALL["height"] - box["height"]
            assert _button(reader).evaluate(ON_TOP), (address, position)
        assert reader.evaluate(COVERED) == [], address


def test_focus_is_never_hidden_behind_it(reader: Page) -> None:
    reader.goto("/free-videos/")
    for _ in range(30):
        reader.keyboard.press("Tab")
        focused = reader.locator(":focus")
        if focused.count():
            assert focused.evaluate(ON_TOP), focused.evaluate("element => element.outerHTML")


@pytest.mark.parametrize("javascript", [True, False])
def test_it_closes_the_videos(open_page: Callable[..., Page], javascript: bool) -> None:
    page = open_page(SMALL, javascript=javascript)
    elsewhere = _elsewhere(page)
    become_confirmed(page, address=f"ada.leaves.{javascript}@mail.test".lower())
    assert len(page.context.cookies()) == 1
    if javascript:
        page.goto("/")
    _button(page).click(no_wait_after=True)
    _arrives(page, elsewhere)
    wait_until(lambda: not page.context.cookies(), seconds=10, what="the cookie to be gone")


def test_without_javascript_it_is_a_plain_link(open_page: Callable[..., Page]) -> None:
    page = open_page(SMALL, javascript=False)
    elsewhere = _elsewhere(page)
    page.goto("/")
    _button(page).click(no_wait_after=True)
    assert "referer" not in elsewhere.wait().headers
    _arrives(page, elsewhere)
