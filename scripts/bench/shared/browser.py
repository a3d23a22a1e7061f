"""A Chromium for the measures, and how a page is opened and judged in it."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from bench.shared.looks import REFUSED, Look, Staff
from bench.shared.missing import Missing

NAMES = ("chromium", "chromium-browser", "google-chrome")
ARGUMENTS = ["--no-sandbox", "--disable-dev-shm-usage"]
SEND_AS_IT_IS = """(form, address) => {
    form.querySelector("[type=email]").value = address;
    HTMLFormElement.prototype.submit.call(form);
}"""


def chromium_path() -> str:
    """Return Chromium's path; the variable CHROMIUM goes before PATH."""
    named = os.environ.get("CHROMIUM", "")
    found = shutil.which(named) if named else next(filter(None, map(shutil.which, NAMES)), None)
    if found is None:
        raise Missing("there is no Chromium here (Debian: apt install chromium).")
    return found


@contextmanager
def chromium() -> Iterator[Browser]:
    """Start a Chromium, and end it."""
    path = chromium_path()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        try:
            yield browser
        finally:
            browser.close()


def staff_context(browser: Browser, *, staff: Staff, **options: Any) -> BrowserContext:
    """Return a context that is logged in."""
    context = browser.new_context(**options)
    context.add_cookies(
        [
            {"name": cookie.name, "value": str(cookie.value), "url": staff.site.url}
            for cookie in staff.cookies
        ]
    )
    return context


def open_look(page: Page, look: Look, *, url: str) -> None:
    """Go to a look and wait until everything it asks for has arrived."""
    page.goto(url + look.path, wait_until="load")
    if look.is_refused:
        form = page.locator("form[data-opt-in-form]").first
        with page.expect_navigation(wait_until="load"):
            form.evaluate(SEND_AS_IT_IS, REFUSED["email"])
    page.evaluate("document.fonts.ready.then(() => true)")
