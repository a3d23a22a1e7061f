"""Public pages set no cookie, ask nobody else for anything, and break no rule of their own."""

import re
import urllib.request
from collections.abc import Callable
from urllib.parse import urlsplit

from playwright.sync_api import Page

from tests.journeys.conftest import PHONE
from tests.journeys.people import become_confirmed, watching
from tests.journeys.stack import Stack

UNLISTED_PAGES = ("/free-videos/check-your-mail/", "/search/", "/search/?q=quarrel")
PAGES_OF_A_WRONG_TURN = (
    "/free-videos/watch/",
    "/free-videos/confirm/no-such-link/",
    "/free-videos/leave/no-such-link/",
    "/no-such-page/",
)
FOR_THE_COACH = ("/admin/", "/mail/", "/documents/", "/media/", "/static/", "/styleguide/")
# Chromium says it on the console, too, but not on every page and not for every directive.
TELL_OF_VIOLATIONS = """document.addEventListener("securitypolicyviolation", (event) => {
    console.error(`policy: ${event.effectiveDirective} ${event.blockedURI}`);
});"""
LINKS = """() => [...document.querySelectorAll("a[href], form[method=get]")]
    .map((element) => element.href || element.action)"""
OWN_ANSWERS = re.compile(r"the server responded with a status of (404|410)")


def pages_of_the_sitemap(stack: Stack) -> list[str]:
    """Every path that the sitemap lists."""
    with urllib.request.urlopen(f"{stack.url}/sitemap.xml", timeout=20) as answer:
        assert answer.headers["Set-Cookie"] is None
        listed = re.findall(r"<loc>([^<]+)</loc>", answer.read().decode())
    assert all(url.startswith(stack.url) for url in listed)
    return [urlsplit(url).path for url in listed]


def linked_pages(page: Page, stack: Stack) -> set[str]:
    """The paths of this site's own pages that a page leads to; a feed or a file is no page."""
    own = {urlsplit(url).path for url in page.evaluate(LINKS) if url.startswith(f"{stack.url}/")}
    return {path for path in own if not path.startswith(FOR_THE_COACH) and path.endswith("/")}


def is_a_page(path: str, stack: Stack) -> bool:
    """Whether a browser would show it as a page."""
    request = urllib.request.Request(f"{stack.url}{path}", method="HEAD")
    with urllib.request.urlopen(request, timeout=20) as answer:
        return str(answer.headers["Content-Type"]).startswith("text/html")


def test_nothing_follows_the_reader(stack: Stack, open_page: Callable[..., Page]) -> None:
    listed = pages_of_the_sitemap(stack)
    assert len(listed) >= 7
    ahead = [*listed, *UNLISTED_PAGES, *PAGES_OF_A_WRONG_TURN]
    seen = set[str]()
    page = open_page(PHONE)
    page.add_init_script(TELL_OF_VIOLATIONS)
    with watching(page) as witness:
        while ahead:
            path = ahead.pop(0)
            if path in seen:
                continue
            seen.add(path)
            answer = page.goto(path)
            assert answer is not None
            assert (answer.status == 200) == (path not in PAGES_OF_A_WRONG_TURN), path
            page.mouse.wheel(0, 20_000)
            assert page.context.cookies() == [], path
            width = page.evaluate("() => document.documentElement.scrollWidth")
            assert width <= PHONE["width"], f"{path} is {width} pixels wide"
            linked = linked_pages(page, stack).difference(seen, ahead)
            ahead.extend(path for path in sorted(linked) if is_a_page(path, stack))
        # Behind a private link there may be a cookie, and nothing else of it.
        become_confirmed(page, address="grace.watcher@mail.test")
    assert witness.strangers(stack.url) == []
    complaints = [said for said in witness.complaints if not OWN_ANSWERS.search(said)]
    assert complaints == [], "\n".join(complaints)
