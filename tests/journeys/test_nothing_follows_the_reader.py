"""Public pages set no cookie, ask nobody else for anything, and break no rule of their own."""

import re
import urllib.request
from collections.abc import Callable

from playwright.sync_api import Page

from tests.journeys.conftest import PHONE
from tests.journeys.people import watching
from tests.journeys.stack import Stack

PAGES_OF_THE_FUNNEL = ("/free-videos/", "/free-videos/check-your-mail/")
PAGES_OF_A_WRONG_TURN = (
    "/free-videos/watch/",
    "/free-videos/confirm/no-such-link/",
    "/free-videos/leave/no-such-link/",
    "/no-such-page/",
)


def pages_of_the_sitemap(stack: Stack) -> list[str]:
    """Every address that the sitemap lists."""
    with urllib.request.urlopen(f"{stack.url}/sitemap.xml", timeout=20) as answer:
        assert answer.headers["Set-Cookie"] is None
        return re.findall(r"<loc>([^<]+)</loc>", answer.read().decode())


def test_nothing_follows_the_reader(stack: Stack, open_page: Callable[..., Page]) -> None:
    listed = pages_of_the_sitemap(stack)
    assert all(url.startswith(stack.url) for url in listed)
    assert len(listed) >= 7
    page = open_page(PHONE)
    with watching(page) as witness:
        for address in (*listed, *PAGES_OF_THE_FUNNEL, *PAGES_OF_A_WRONG_TURN):
            answer = page.goto(address)
            assert answer is not None
            assert (answer.status == 200) == (address not in PAGES_OF_A_WRONG_TURN), address
            page.mouse.wheel(0, 20_000)
            assert page.context.cookies() == [], address
            width = page.evaluate("() => document.documentElement.scrollWidth")
            assert width <= PHONE["width"], f"{address} is {width} pixels wide"
    assert witness.strangers(stack.url) == []
    own_answers = re.compile(r"the server responded with a status of (404|410)")
    complaints = [said for said in witness.complaints if not own_answers.search(said)]
    assert complaints == [], "\n".join(complaints)
