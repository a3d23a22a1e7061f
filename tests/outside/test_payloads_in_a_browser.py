"""The payloads, opened in a Chromium under the site’s own policies: nothing of them runs.

In the suite the worst of them; `make soak ARGS=payloads` sends all sixty, each through every field.
"""

import os
import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.core import mail
from django.test import Client
from playwright.sync_api import Browser, ConsoleMessage, Page

from funnel.models import FunnelSettings
from tests.factories.assessments import published
from tests.factories.watching import series_of
from tests.in_process import SiteInProcess
from tests.outside.harm import ELSEWHERE, MARK
from tests.outside.payloads import PAYLOADS, WORST
from tests.outside.strangers import Stranger
from tests.outside.test_payloads import pages_about

IS_TRIAL = os.environ.get("SOAK_PAYLOADS") == "1"
ABOUT_PEOPLE = r"/admin/(snippets/funnel/lead|funnel/consent|funnel_(call|retention))"
DESK = {"width": 1280, "height": 900}


class Watch:
    """Opens pages, and notes whatever of a stranger’s text has come alive there."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.found: list[str] = []
        self.opened = 0
        page.on("dialog", self._dialog)
        page.on("console", self._console)
        page.on("request", self._request)

    def _dialog(self, dialog: Any) -> None:
        self.found.append(f"{self.page.url}: a dialog")
        dialog.dismiss()

    def _console(self, message: ConsoleMessage) -> None:
        if "Content Security Policy" in message.text and not _is_wagtails(message.text):
            self.found.append(f"{self.page.url}: {message.text[:200]}")

    def _request(self, request: Any) -> None:
        if ELSEWHERE in request.url.partition("?")[0]:
            self.found.append(f"{self.page.url}: asked {request.url}")

    def open(self, url: str) -> None:
        """Open a page, let its scripts run, point at everything that a stranger could have made."""
        self.page.goto(url)
        self.look()

    def look(self) -> None:
        """Say what has come alive on the page that is open."""
        self.opened += 1
        ran, handlers, width = self.page.evaluate(
            """() => {
                for (const element of document.querySelectorAll("main *"))
                    element.dispatchEvent(new Event("mouseover", { bubbles: true }));
                const all = [...document.querySelectorAll("*")];
                return [
                    window.__ran !== undefined,
                    all.filter((each) => each.getAttributeNames().some((name) =>
                        name.startsWith("on") && each.getAttribute(name).includes("__ran")))
                        .map((each) => each.outerHTML.slice(0, 100)),
                    document.documentElement.scrollWidth - window.innerWidth,
                ];
            }"""
        )
        if ran:
            self.found.append(f"{self.page.url}: {MARK} ran")
        self.found += [f"{self.page.url}: {each}" for each in handlers]
        # Results are a part of a page, which Wagtail's script puts into its place.
        if width > 1 and "/results/" not in self.page.url:
            self.found.append(f"{self.page.url}: {width} px too wide")


def _is_wagtails(text: str) -> bool:
    return "__ran" not in text and ELSEWHERE not in text and "inline event handler" not in text


@pytest.fixture
def site(visitor: Any, now: datetime) -> Iterator[SiteInProcess]:
    """A site on which strangers have sent everything, each from elsewhere."""
    funnel_settings = FunnelSettings.load()
    funnel_settings.series = series_of(2)
    funnel_settings.coach_address = "coach@site.test"
    funnel_settings.save()
    published(now)
    if IS_TRIAL:
        shares = [[payload] for payload in PAYLOADS.values()]
    else:
        worst = [PAYLOADS[name] for name in WORST]
        shares = [worst, worst[5:] + worst[:5]]
    for number, payloads in enumerate(shares):
        Stranger(visitor, payloads, number=number).send_everything()
        if number % 15 == 14:
            visitor.move(hours=1)
    with SiteInProcess().running() as running:
        yield running


def test_nothing_runs_in_the_admin_on_public_pages_or_in_mails(
    site: SiteInProcess, chromium: Browser
) -> None:
    client = Client()
    client.force_login(User.objects.create_superuser("browser"))
    paths = [
        path
        for path, answer in pages_about(client, most=900 if IS_TRIAL else 150)
        if answer.headers["Content-Type"].startswith("text/html")
        and (IS_TRIAL or re.match(ABOUT_PEOPLE, path))
    ]
    context = chromium.new_context(viewport=DESK)  # type: ignore[arg-type]
    try:
        cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
        context.add_cookies(
            [{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": site.url}]
        )
        watch = Watch(context.new_page())
        for path in paths:
            watch.open(f"{site.url}{path}")
        for payload in PAYLOADS.values() if IS_TRIAL else [PAYLOADS[name] for name in WORST]:
            watch.page.goto(f"{site.url}/free-videos/talk/")
            form = watch.page.locator("form[data-opt-in-form]").first
            for field in ("name", "email", "topic", "times_that_suit", "phone"):
                form.locator(f"[name={field}]").evaluate(
                    "(field, text) => { field.value = text; }", payload
                )
            with watch.page.expect_navigation():
                form.evaluate("form => HTMLFormElement.prototype.submit.call(form)")
            watch.look()
        for message in mail.outbox:
            for content, kind in message.alternatives:
                if kind == "text/html":
                    watch.page.set_content(re.sub(r"<meta[^>]*Content-Security[^>]*>", "", content))
                    watch.look()
    finally:
        context.close()
    if IS_TRIAL:
        print(f"\n  {len(PAYLOADS)} payloads, {watch.opened} pages and mails opened in Chromium")
    assert not watch.found, watch.found
    for kind in (r"lead/$", r"lead/inspect/", r"receipt", r"funnel_call_requests/\d+/"):
        assert any(re.search(kind, path) for path in paths), kind


@pytest.mark.parametrize(
    "name", ["script that ends a title", "picture that fails", "drawing that loads"]
)
def test_the_watch_sees_what_runs(chromium: Browser, name: str) -> None:
    page = chromium.new_page()
    try:
        watch = Watch(page)
        page.set_content(f"<title>x</title>{PAYLOADS[name]}")
        page.wait_for_function("window.__ran === 1")
        watch.look()
        assert watch.found
    finally:
        page.close()
