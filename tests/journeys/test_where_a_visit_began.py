"""An opt-in says where the visit began; the address bar soon doesn't, and no cookie ever did."""

from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import Page, Route, expect

from tests.journeys.people import fill_invitation, invitation, send_invitation

MARKS = "utm_source=letter&utm_campaign=may&mc_cid=c1&mc_eid=somebody&fbclid=f&gclid=g"
ELSEWHERE = "http://elsewhere.test/a-list?q=marriage"


def _sent(page: Page) -> dict[str, str]:
    """Send the form of the page one is on; return what went along."""
    with page.expect_request(lambda request: request.method == "POST") as posted:
        send_invitation(page)
    return {
        name: values[-1]
        for name, values in parse_qs(posted.value.post_data or "", keep_blank_values=True).items()
    }


def test_the_first_page_and_its_words_go_along_from_a_later_one(
    open_page: Callable[..., Page],
) -> None:
    page = open_page()

    def lead_here(route: Route) -> None:
        body = f'<a href="{here}">Read</a>'
        route.fulfill(content_type="text/html", body=body)

    page.goto("/robots.txt")
    here = (
        f"{urlsplit(page.url).scheme}://{urlsplit(page.url).netloc}/articles/?{MARKS}&page=1#main"
    )
    page.context.route(ELSEWHERE, lead_here)
    page.goto(ELSEWHERE)
    page.get_by_role("link", name="Read").click()
    expect(page).to_have_url(here.replace(f"{MARKS}&", ""))
    page.reload()

    page.get_by_role("link", name="Unstuck", exact=True).first.click()
    page.wait_for_url(lambda url: urlsplit(url).path == "/")
    fill_invitation(page, address="ada.began@mail.test")
    told = _sent(page)
    page.wait_for_url("**/check-your-mail/")
    assert {name: told[name] for name in ("landing_path", "referring_host")} == {
        "landing_path": "/articles/",
        "referring_host": "elsewhere.test",
    }
    assert (told["utm_source"], told["utm_campaign"], told["utm_medium"]) == ("letter", "may", "")
    assert "somebody" not in str(told)
    assert told["time_zone"]
    assert told["stamp"]
    assert told["homepage"] == ""
    assert page.context.cookies() == []


def test_without_scripts_what_is_unknown_stays_empty(open_page: Callable[..., Page]) -> None:
    page = open_page(javascript=False)
    page.goto("/free-videos/?utm_source=letter")
    fill_invitation(page, address="ada.plain@mail.test")
    told = _sent(page)
    page.wait_for_url("**/check-your-mail/")
    assert {told[name] for name in ("landing_path", "referring_host", "time_zone", "stamp")} == {""}


def test_the_quick_exits_empty_memory_begins_no_visit_on_the_way_back(
    open_page: Callable[..., Page],
) -> None:
    page = open_page()
    page.goto("/free-videos/")
    page.evaluate("() => sessionStorage.clear()")
    page.goto("/robots.txt")
    page.go_back()
    expect(invitation(page)).to_be_visible()
    assert page.evaluate("() => sessionStorage.getItem('visit')") is None


def test_a_robots_field_is_nobodys(open_page: Callable[..., Page]) -> None:
    page = open_page()
    page.goto("/free-videos/")
    field = page.locator("[name=homepage]")
    expect(field).to_be_hidden()
    expect(page.get_by_label("Leave this empty")).to_be_hidden()
    assert "Leave this empty" not in page.locator("main").aria_snapshot()


def test_the_first_video_plays_without_an_address(open_page: Callable[..., Page]) -> None:
    page = open_page()
    page.goto("/free-videos/")
    page.get_by_role("link", name="Watch the first video here.").click()
    page.get_by_role("button", name="Play").first.click()
    page.wait_for_function("() => document.querySelector('video').currentTime > 0")
    assert page.evaluate("() => document.querySelector('video').muted")
    assert page.evaluate("() => document.querySelector('video').textTracks[0].mode") == "showing"
    assert page.title() in ("Video", "Home")
    assert page.context.cookies() == []
