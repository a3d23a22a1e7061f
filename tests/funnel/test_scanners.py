"""A mail scanner opens every link of every mail and runs what it finds: nothing happens."""

import re
from datetime import datetime
from email.message import EmailMessage, Message
from typing import Any
from urllib.parse import urlsplit

import pytest
from bs4 import BeautifulSoup
from django.apps import apps
from django.core import mail
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Browser, Page

from funnel.choices import OutboxKind, OutboxState, ReleaseRule
from funnel.models import FunnelSettings, Lead, OutboxEntry
from tests.factories.watching import series_of
from tests.funnel.conftest import ORIGIN as SAME_ORIGIN
from tests.funnel.routed import HOST, RoutedSite

pytestmark = pytest.mark.django_db

SCRIPT_SECONDS = 30
# What scanners do to see whether a page shows something else to a person.
LOOK_AROUND = """() => {
    scrollTo(0, document.body.scrollHeight);
    for (const name of ["mousemove", "pointermove", "focus", "scroll", "visibilitychange"])
        document.dispatchEvent(new Event(name, { bubbles: true }));
    for (const element of document.querySelectorAll("*")) {
        element.dispatchEvent(new Event("mouseover", { bubbles: true }));
        element.focus?.();
    }
}"""
Rows = dict[str, list[dict[str, Any]]]


def everything() -> Rows:
    """Every row of the funnel, and of whoever logs in."""
    models = [
        *apps.get_app_config("funnel").get_models(),
        *apps.get_app_config("auth").get_models(),
    ]
    models += apps.get_app_config("sessions").get_models()
    return {
        model._meta.label: list(model._default_manager.order_by("pk").values()) for model in models
    }


def links_of(message: EmailMessage | Message) -> list[str]:
    """Every link of a mail: in the text, in the HTML, and in the headers."""
    found = re.findall(r"<(https?://[^>]+)>", str(message["List-Unsubscribe"] or ""))
    for part in message.walk():
        kind, content = part.get_content_type(), part.get_payload(decode=True)
        if kind == "text/plain":
            found += re.findall(r"https?://[^\s\"'<>)]+", content.decode())
        elif kind == "text/html":
            page = BeautifulSoup(content.decode(), "html.parser")
            found += [str(tag["href"]) for tag in page.select("[href]")]
            found += [str(tag["src"]) for tag in page.select("[src]")]
    return sorted(set(found))


class Scanner:
    """Opens links as security products of mail providers do: by GET, scripts and all."""

    def __init__(self, browser: Browser) -> None:
        self._browser = browser
        self.opened: list[str] = []
        self.strangers: list[str] = []
        self.posted: list[str] = []

    def scan(self, link: str) -> None:
        """Ask for a link's head, open it, run its scripts, and open what it leads to here."""
        self.opened.append(link)
        path = link.removeprefix(f"http://{HOST}:8000")
        Client(SERVER_NAME=HOST).head(path)
        context = self._browser.new_context(reduced_motion="reduce")
        try:
            site = RoutedSite(context)
            page = context.new_page()
            page.clock.install()
            self._look(page, link)
            for further in self._links_here(page):
                self._look(page, further)
            self.strangers += site.strangers
            self.posted += [each.url for each in site.asked if each.method == "POST"]
        finally:
            context.close()

    def _look(self, page: Page, address: str) -> None:
        page.goto(address)
        page.wait_for_load_state("networkidle")
        page.clock.run_for(SCRIPT_SECONDS * 1000)
        page.evaluate(LOOK_AROUND)
        page.wait_for_load_state("networkidle")

    def _links_here(self, page: Page) -> list[str]:
        found = BeautifulSoup(page.content(), "html.parser").select("main a[href]")
        paths = {str(link["href"]) for link in found if str(link["href"]).startswith("/")}
        return [f"http://{HOST}{path}" for path in sorted(paths)]


@pytest.fixture
def scanner(chromium: Browser) -> Scanner:
    """A scanner."""
    return Scanner(chromium)


@pytest.fixture
def offer(db: None) -> None:
    """Three videos that open a day apart, and an address for the coach."""
    settings = FunnelSettings.load()
    settings.series = series_of(3, release=ReleaseRule.A_DAY_APART)
    settings.coach_address = "coach@site.test"
    settings.save()
    for video in settings.series.videos.all():
        video.file.save("film.mp4", ContentFile(b"not much of a film"))


def scan_new_mails(scanner: Scanner, *, since: int) -> int:
    """Open every link of the mails that have come, see that nothing changed; return how many."""
    for message in mail.outbox[since:]:
        links = links_of(message.message())
        assert links, message.subject
        for link in links:
            before = everything()
            scanner.scan(link)
            after = everything()
            assert {name: rows for name, rows in after.items() if rows != before[name]} == {}, (
                f"{message.subject}: {urlsplit(link).path}"
            )
    return len(mail.outbox)


def test_opening_every_link_of_every_mail_changes_nothing(
    visitor: Any, scanner: Scanner, offer: None, now: datetime
) -> None:
    visitor.opt_in("ada@mail.test", first_name="Ada", cycle="resentment")
    visitor.work()
    seen = scan_new_mails(scanner, since=0)
    assert Lead.objects.get().stage == "pending"
    visitor.move(minutes=5)
    visitor.confirm()
    visitor.work()
    seen = scan_new_mails(scanner, since=seen)

    visitor.client.post(reverse("funnel:my_data"), {"email": "ada@mail.test"}, headers=SAME_ORIGIN)
    visitor.client.post(
        reverse("funnel:call_request"),
        {"email": "bea@mail.test", "topic": "How to begin."},
        headers=SAME_ORIGIN,
    )
    for _ in range(80):
        visitor.work()
        scanned, seen = seen, scan_new_mails(scanner, since=seen)
        for message in mail.outbox[scanned:]:
            for link in links_of(message.message()):
                if "/talk/confirm/" in link:
                    visitor.client.post(urlsplit(link).path, headers=SAME_ORIGIN)
        visitor.move(hours=6)

    delivered = OutboxEntry.objects.filter(state=OutboxState.DELIVERED)
    kinds = {str(kind) for kind in delivered.values_list("kind", flat=True)}
    assert kinds >= {
        OutboxKind.OPT_IN_MAIL,
        OutboxKind.VIDEOS_MAIL,
        OutboxKind.NEXT_VIDEO_MAIL,
        OutboxKind.NUDGE_MAIL,
        OutboxKind.INVITATION_MAIL,
        OutboxKind.MY_DATA_MAIL,
        OutboxKind.CALL_CONFIRM_MAIL,
        OutboxKind.CALL_REQUEST_MAIL,
    }
    assert Lead.objects.get(address_key="ada@mail.test").stage == "confirmed"
    assert scanner.strangers == []
    assert scanner.posted == []
