"""A reader says “this sounds like me”: in a real browser, under a policy like the site's."""

import mimetypes
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.template import engines
from django.test import RequestFactory
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

from funnel.blocks import CallToActionBlock
from funnel.models import CallToAction, OptIn, StuckCycle
from tests.factories.leads import CallToActionFactory, CallToActionVariantFactory

pytestmark = pytest.mark.django_db

ROOT = Path(__file__).resolve().parent.parent.parent
ORIGIN = "http://localhost"
SITE_CSS = ROOT / "static" / "css"
STYLES = {
    "plugin": ["funnel/plain.css"],
    "site": [
        f"css/{file.relative_to(SITE_CSS)}"
        for name in ("tokens.css", "palettes/hearth.css", "base.css", "layout.css", "components/*")
        for file in sorted(SITE_CSS.glob(name))
    ],
}
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'"
)
BODY = """{% include "funnel/includes/chosen_cycle.html" %}
<main id="main" tabindex="-1">
    {% for code in codes %}
        <p>
            <button type="button" data-choose-cycle="{{ code }}" aria-pressed="false">
                Like {{ code }}</button>
        </p>
    {% endfor %}
    {{ block }}
    <p><a href="/two/">Read on</a></p>
</main>"""
# What the usual words looked like at the moment they came into the page, on every page.
WITNESS = """
    window.usual = [];
    new MutationObserver((records) => {
        for (const record of records) for (const added of record.addedNodes) {
            if (added.matches?.(".usual, [data-variant=default]:is(div)"))
                window.usual.push(getComputedStyle(added).display);
        }
    }).observe(document, { childList: true, subtree: true });
"""
BLOCKED = """Object.defineProperty(window, "sessionStorage", {
    get() { throw new DOMException("Blocked", "SecurityError"); }
});"""


def opt_in_form(page: Page) -> Any:
    """The one form of the page."""
    return page.locator("form[data-opt-in-form]")


def chosen_radios(page: Page) -> list[str]:
    """What is chosen in the form."""
    chosen: list[str] = page.evaluate(
        "() => [...document.querySelectorAll('[name=cycle]:checked')].map((each) => each.value)"
    )
    return chosen


class Reader:
    """Somebody with a browser, and the two pages there are for them."""

    def __init__(self, browser: Browser, html: str) -> None:
        self.browser = browser
        self.html = html
        self.sent: list[dict[str, list[str]]] = []
        self.complaints: list[str] = []
        self.contexts: list[BrowserContext] = []
        self.without: tuple[str, ...] = ()

    def open(self, *, javascript: bool = True, script: str = "") -> Page:
        """Open a tab in a browser that knows nothing."""
        context = self.browser.new_context(
            base_url=ORIGIN, java_script_enabled=javascript, reduced_motion="reduce"
        )
        context.set_default_timeout(15_000)
        context.route("**/*", self._answer)
        context.add_init_script(WITNESS + script)
        self.contexts.append(context)
        return self.tab(context)

    def tab(self, context: BrowserContext) -> Page:
        """Open another tab of the same browser."""
        page = context.new_page()
        page.on("console", lambda message: self.complaints.append(message.text))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.goto("/one/")
        return page

    def _answer(self, route: Route) -> None:
        request, path = route.request, urlsplit(route.request.url).path
        if request.method == "POST":
            self.sent.append(parse_qs(request.post_data or "", keep_blank_values=True))
            route.fulfill(status=200, content_type="text/plain", body="Thanks")
            return
        if path in ("/one/", "/two/"):
            headers = {"Content-Type": "text/html", "Content-Security-Policy": POLICY}
            route.fulfill(headers=headers, body=self.html)
            return
        name = path.removeprefix("/static/")
        for folder in (ROOT / "static", ROOT / "funnel" / "static"):
            file = folder / name
            if path.startswith("/static/") and file.is_file() and name not in self.without:
                kind = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
                route.fulfill(body=file.read_bytes(), content_type=kind)
                return
        route.fulfill(status=404, body="")


@pytest.fixture
def offer(db: None) -> CallToAction:
    """An invitation with other words for two cycles, and another button for one of them."""
    action: CallToAction = CallToActionFactory(heading="Usual words")
    for code, words in (
        ("reactive", {"heading": "Fast words", "button_label": "Slow it down"}),
        ("resentment", {"heading": "Tired words"}),
    ):
        cycle = StuckCycle.objects.get(code=code)
        CallToActionVariantFactory(call_to_action=action, cycle=cycle, **words)
    return action


@pytest.fixture(params=["site", "plugin"])
def styles(request: pytest.FixtureRequest) -> list[str]:
    """The look a page may have."""
    return STYLES[request.param]


@pytest.fixture
def reader(chromium: Browser, offer: CallToAction, styles: list[str]) -> Iterator[Reader]:
    """A reader before a page with the invitation."""
    request = RequestFactory().get("/")
    block = CallToActionBlock().render(offer, context={"request": request})
    codes = ["reactive", "criticism", "resentment"]
    body = engines["django"].from_string(BODY).render({"block": block, "codes": codes}, request)
    links = "".join(f'<link rel="stylesheet" href="/static/{name}">' for name in styles)
    html = (
        '<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>A page</title>'
        f'<script src="/static/funnel/head.js"></script>{links}'
        '<script type="module" src="/static/funnel/cycle.js"></script>'
        '<script type="module" src="/static/funnel/opt_in.js"></script>'
        f"</head><body>{body}</body></html>"
    )
    somebody = Reader(chromium, html)
    yield somebody
    for context in somebody.contexts:
        context.close()


@pytest.fixture
def shown() -> Callable[[Page], list[str]]:
    """Return a function that reads the headings a person can see."""

    def visible(page: Page) -> list[str]:
        return [each.inner_text() for each in page.locator("h2").all() if each.is_visible()]

    return visible


Shown = Callable[[Page], list[str]]


def test_without_scripts_everybody_reads_the_usual_words(reader: Reader, shown: Shown) -> None:
    page = reader.open(javascript=False)
    assert shown(page) == ["Usual words"]
    expect(opt_in_form(page).get_by_role("button")).to_have_accessible_name("Send me the videos")
    expect(page.get_by_role("button", name="Like reactive")).to_be_hidden()
    expect(page.get_by_role("button", name="Show the usual words")).to_have_count(0)
    # Nor without the styles: a reader's mode or a text browser.
    reader.without = tuple(STYLES["plugin"] + STYLES["site"])
    page.goto("/two/")
    assert shown(page) == ["Usual words"]


def test_a_choice_shows_its_words_here_and_on_the_next_page(reader: Reader, shown: Shown) -> None:
    page = reader.open()
    assert shown(page) == ["Usual words"]
    assert chosen_radios(page) == []
    button = page.get_by_role("button", name="Like reactive")
    expect(button).to_have_attribute("aria-pressed", "false")
    button.click()
    assert shown(page) == ["Fast words"]
    expect(button).to_have_attribute("aria-pressed", "true")
    expect(opt_in_form(page).get_by_role("button")).to_have_accessible_name("Slow it down")
    note = page.get_by_role("complementary", name="What you chose")
    sentence = StuckCycle.objects.get(code="reactive").experience
    expect(note).to_contain_text(f"You said: “{sentence}”. In this tab")
    expect(page.get_by_role("status")).to_contain_text(sentence)
    assert chosen_radios(page) == ["reactive"]
    kept, *elsewhere = page.evaluate(
        "() => [{...sessionStorage}, {...localStorage}, document.cookie]"
    )
    # Beside it, where this visit began.
    assert (kept["cycle"], set(kept)) == ("reactive", {"cycle", "visit"})
    assert elsewhere == [{}, ""]

    # The classic script alone decides what is painted: the modules never come.
    reader.without = ("funnel/cycle.js", "funnel/opt_in.js")
    page.goto("/two/", wait_until="domcontentloaded")
    assert shown(page) == ["Fast words"]
    assert page.evaluate("() => window.usual") == ["none"]
    expect(page.get_by_role("complementary", name="What you chose")).to_be_visible()
    reader.without = ()

    other_tab = reader.tab(page.context)
    assert shown(other_tab) == ["Usual words"]
    expect(other_tab.get_by_role("complementary", name="What you chose")).to_be_hidden()

    page.goto("/one/")
    assert chosen_radios(page) == ["reactive"]
    expect(button).to_have_attribute("aria-pressed", "true")
    # A cycle nobody wrote for: the usual words, and the note all the same.
    page.get_by_role("button", name="Like criticism").click()
    assert shown(page) == ["Usual words"]
    expect(page.get_by_role("complementary", name="What you chose")).to_be_visible()
    expect(button).to_have_attribute("aria-pressed", "false")
    assert chosen_radios(page) == ["criticism"]
    assert [said for said in reader.complaints if "404" not in said] == []


@pytest.mark.parametrize("styles", [STYLES["site"]], ids=["site"])
def test_one_press_drops_it(reader: Reader, shown: Shown) -> None:
    page = reader.open()
    choice = page.get_by_role("button", name="Like resentment")
    choice.click()
    assert shown(page) == ["Tired words"]
    page.get_by_role("link", name="Read on").click()
    page.wait_for_url("**/two/")
    assert shown(page) == ["Tired words"]
    page.get_by_role("button", name="Show the usual words").click()
    assert shown(page) == ["Usual words"]
    expect(page.locator("main")).to_be_focused()
    expect(page.get_by_role("status")).to_have_text("These are the usual words again.")
    expect(page.get_by_role("complementary", name="What you chose")).to_be_hidden()
    assert chosen_radios(page) == []
    assert page.evaluate("() => sessionStorage.getItem('cycle')") is None
    page.go_back()
    page.wait_for_url("**/one/")
    expect(choice).to_have_attribute("aria-pressed", "false")
    assert shown(page) == ["Usual words"]
    choice.click()
    choice.click()
    assert shown(page) == ["Usual words"]
    assert page.evaluate("() => sessionStorage.getItem('cycle')") is None


@pytest.mark.parametrize("styles", [STYLES["site"]], ids=["site"])
def test_what_a_visitor_answered_stays(reader: Reader) -> None:
    page = reader.open()
    opt_in_form(page).locator("[value=none]").check()
    page.get_by_role("button", name="Like reactive").click()
    assert chosen_radios(page) == ["none"]
    opt_in_form(page).locator("[value=reactive]").check()
    page.get_by_role("button", name="Show the usual words").click()
    assert chosen_radios(page) == ["reactive"]


@pytest.mark.parametrize("styles", [STYLES["site"]], ids=["site"])
def test_an_opt_in_says_whose_words_were_seen(
    reader: Reader, visitor: Any, offer: CallToAction
) -> None:
    page = reader.open()
    page.get_by_role("button", name="Like reactive").click()
    opt_in_form(page).get_by_label("Email address").fill("ada@mail.test")
    opt_in_form(page).get_by_role("button", name="Slow it down").click()
    # The answer is none the script knows, so the form goes a second time by the browser itself.
    page.wait_for_url("**/free-videos/")
    assert [sent["variant"] for sent in reader.sent] == [["reactive"]] * 2
    told = {name: values[-1] for name, values in reader.sent[-1].items()}
    assert (
        visitor.client.post(
            "/free-videos/", told, headers={"Origin": "http://testserver"}
        ).status_code
        == 302
    )
    opt_in = OptIn.objects.get()
    assert opt_in.stated_cycle == StuckCycle.objects.get(code="reactive")
    assert opt_in.call_to_action_variant == offer.variant_for("reactive")

    reader.sent.clear()
    page.goto("/one/")
    page.get_by_role("button", name="Like criticism").click()
    opt_in_form(page).get_by_role("button", name="Send me the videos").click()
    page.wait_for_url("**/free-videos/")
    assert [sent["variant"] for sent in reader.sent] == [[""]] * 2


@pytest.mark.parametrize("styles", [STYLES["site"]], ids=["site"])
@pytest.mark.parametrize(
    "script",
    [
        BLOCKED,
        'sessionStorage.setItem("cycle", "\\"]{}*{display:none}/*");',
        'sessionStorage.setItem("cycle", "gone-by-now");',
        'sessionStorage.setItem("cycle", "default");',
    ],
)
def test_what_makes_no_sense_is_no_choice(reader: Reader, shown: Shown, script: str) -> None:
    page = reader.open(script=script)
    assert shown(page) == ["Usual words"]
    expect(page.get_by_role("complementary")).to_have_count(0)
    page.get_by_role("button", name="Like reactive").click()
    assert shown(page) == ["Fast words"]
    assert reader.complaints == []


def test_the_script_in_the_head_is_small() -> None:
    text = (ROOT / "funnel" / "static" / "funnel" / "head.js").read_text()
    assert len(text.encode()) < 1024
    assert not re.search(r"\binnerHTML|\beval\b|localStorage|document\.cookie", text)
