"""One person’s whole path, mail by mail: from the first click to the erased record.

A real Chromium, and a clock that stands until it is moved: six days pass in a minute.
"""

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.core import mail
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page, expect

from funnel.choices import OutboxState, ReleaseRule, SuppressionReason
from funnel.mailing.base import MemberStatus
from funnel.models import Consent, FunnelSettings, Lead, OptIn, OutboxEntry, Suppression
from tests.factories.pages import make_site
from tests.factories.watching import series_of
from tests.funnel.conftest import visitor
from tests.in_process import SiteInProcess
from tests.journeys.chromium import PATIENCE
from tests.journeys.conftest import PHONE

__all__ = ["visitor"]

ADDRESS = "ada.reader@mail.test"
ZONE = "America/New_York"
WROTE = "We go quiet after supper"


class Reader:
    """Ada, her phone, her mailbox; and the coach's worker, whose clock is hers."""

    def __init__(self, visitor: Any, site: SiteInProcess, open_context: Any) -> None:
        self.visitor = visitor
        self.site = site
        self.open_context = open_context
        self.read = 0
        self.page: Page = open_context().new_page()

    def wait(self, **duration: float) -> None:
        """Let time pass, with the worker looking after what falls due in every hour of it."""
        hours = duration.pop("hours", 0) + 24 * duration.pop("days", 0)
        for _ in range(int(hours)):
            self.visitor.move(hours=1)
            self.site.beside(self.visitor.work)
        if duration:
            self.visitor.move(**duration)
            self.site.beside(self.visitor.work)

    def new_mails(self) -> list[Any]:
        """The mails that have come since she last looked; none shows what it is about."""
        self.site.beside(self.visitor.work)
        found, self.read = mail.outbox[self.read :], len(mail.outbox)
        for message in found:
            beginning = f"{message.subject} {message.from_email} {message.body[:150]}".lower()
            for word in (ADDRESS, "ada", "resentment", "marriage", "quiet after supper"):
                assert word not in beginning, (message.subject, word)
        return found

    def one_mail(self, *, to: str = ADDRESS) -> str:
        """The address that the newest mail's first link opens, on this machine."""
        (message,) = self.new_mails()
        assert message.to == [to]
        return self.link_in(message)

    def link_in(self, message: Any, part: str = "") -> str:
        """The first link of a mail, or the first to a part of the site."""
        (path, *_) = re.findall(rf"https?://[^/\s]+(/\S*{part}\S*)", str(message.body))
        return f"{self.site.url}{path}"

    def press(self, name: str | re.Pattern[str]) -> None:
        """Press a button."""
        self.page.get_by_role("button", name=name).first.click()

    def watched(self, number: int) -> None:
        """Say that the video that stands first on the page has been watched."""
        expect(self.page.locator("main")).to_contain_text(f"Part {number}")
        form = self.page.locator("form[action$='/watched/']").first
        form.locator("button").click()
        expect(self.page.locator("main")).to_contain_text("Watched")


@pytest.fixture
def reader(visitor: Any, now: datetime, chromium: Browser, settings: Any) -> Iterator[Reader]:
    """The site as a coach has set it up, and somebody on her phone."""
    make_site(now, whole=True)
    coach_settings = FunnelSettings.load()
    coach_settings.series = series_of(3, release=ReleaseRule.A_DAY_APART)
    coach_settings.coach_address = "coach@site.test"
    coach_settings.neutral_sender_name = "A. Sample"
    coach_settings.legal_name = "Ada Sample Coaching"
    coach_settings.postal_address = "1 Sample Street, Sampletown"
    coach_settings.time_zone = ZONE
    coach_settings.save()
    contexts: list[BrowserContext] = []
    site = SiteInProcess()
    settings.FUNNEL = {**settings.FUNNEL, "SITE_URL": site.url}

    def open_context(**options: Any) -> BrowserContext:
        # Without scripts the form brings no stamp, and the page no progress: she says it herself.
        context = chromium.new_context(
            **{"viewport": PHONE, "timezone_id": ZONE, "base_url": site.url, **options}
        )
        context.set_default_timeout(PATIENCE)
        contexts.append(context)
        return context

    with site.running():
        yield Reader(visitor, site, open_context)
        for context in contexts:
            context.close()


def staff_page(reader: Reader, user: User) -> Page:
    """A page of the admin, for somebody who has taken both steps."""
    client = Client()
    reader.site.beside(client.force_login, user)
    context = reader.open_context(viewport={"width": 1280, "height": 900})
    cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
    context.add_cookies(
        [{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": reader.site.url}]
    )
    return context.new_page()


def test_from_the_first_click_to_the_call_and_to_the_erased_record(
    reader: Reader, mail_service: Any, time_machine: Any
) -> None:
    page = reader.page

    # Monday, half past five in the afternoon: she asks, and chooses the name that says little.
    page.goto("/free-videos/?utm_source=letter&utm_campaign=spring")
    form = page.locator("form[data-opt-in-form]").first
    form.locator("[name=cycle][value=resentment]").check()
    form.get_by_label("First name").fill("Ada")
    form.get_by_label("Email address").fill(ADDRESS)
    form.locator("[name=sender][value=neutral]").check()
    reader.visitor.move(seconds=20)
    form.locator("[type=submit]").click()
    page.wait_for_url("**/check-your-mail/")
    assert page.context.cookies() == []

    # One mail, one link, one button.
    (confirmation,) = reader.new_mails()
    assert confirmation.to == [ADDRESS]
    assert "A. Sample" in confirmation.from_email
    assert "1 Sample Street" in confirmation.body
    page.goto(reader.link_in(confirmation))
    assert Lead.objects.get().stage == "pending"
    reader.press("Confirm and open the videos")
    page.wait_for_url("**/free-videos/watch/")
    opt_in = OptIn.objects.get()
    assert (opt_in.utm_source, opt_in.utm_campaign) == ("letter", "spring")
    assert Consent.objects.filter(step="confirmed").count() == 1

    # The mail with the videos; Mailchimp hears of her.
    videos_link = reader.one_mail()
    assert mail_service.members[ADDRESS].status == MemberStatus.SUBSCRIBED
    assert "cycle-resentment" in mail_service.members[ADDRESS].tags

    # On another device, without scripts, through that link: she says she has watched the first.
    reader.page = page = reader.open_context(java_script_enabled=False).new_page()
    page.goto(videos_link)
    page.wait_for_url("**/free-videos/watch/")
    reader.watched(1)
    expect(page.locator("main")).to_contain_text("It opens on Tuesday, May 5, at 5:30")

    # Nothing comes at night, nor before the second video is open: Wednesday morning at nine.
    reader.wait(hours=38)
    assert reader.new_mails() == []
    reader.wait(hours=2)
    page.goto(reader.one_mail())
    page.wait_for_url("**/free-videos/watch/")
    reader.watched(2)

    # The third, a day later; and after it the invitation to talk.
    reader.wait(hours=28)
    page.goto(reader.one_mail())
    page.wait_for_url("**/free-videos/watch/")
    reader.watched(3)
    expect(page.locator("main")).to_contain_text("You have watched them all")
    mails = []
    for _ in range(5):
        reader.wait(days=1)
        mails += reader.new_mails()
    (invitation,) = mails
    hour = reader.visitor.clock().astimezone(zone()).hour
    assert 9 <= hour <= 18

    # She asks for a call, and lets the coach see what she watched.
    page.goto(reader.link_in(invitation, "talk"))
    page.get_by_label("What may I call you?").fill("Ada")
    page.get_by_label("Email address").fill(ADDRESS)
    page.get_by_label("What would you like to talk about?").fill(WROTE)
    page.get_by_label("which videos I watched").check()
    reader.press("Send the request")
    page.wait_for_url("**/talk/check-your-mail/")
    page.goto(reader.one_mail())
    reader.press("Yes, send my request")
    expect(page.get_by_role("heading", level=1)).to_contain_text("on its way")

    # The coach's mail says where, and nothing else. He reads it, answers, and they meet.
    told = reader.one_mail(to="coach@site.test")
    coach = staff_page(reader, User.objects.create_superuser("coach-of-the-path"))
    coach.goto(told)
    for words in (WROTE, "Ada", "Resentment"):
        expect(coach.locator("main")).to_contain_text(words)
    coach.get_by_role("button", name="I have answered").click()
    coach.get_by_role("button", name="We have met").click()
    expect(coach.locator("main")).to_contain_text("Met, since")
    reader.wait(days=12)
    assert reader.new_mails() == []

    # She wants to see what is kept, and then that nothing is.
    page.goto("/free-videos/my-data/")
    page.get_by_label("Email address").fill(ADDRESS)
    reader.press("Send me the link")
    page.wait_for_url("**/my-data/check-your-mail/")
    page.goto(reader.one_mail())
    reader.press("Show me what is kept")
    page.wait_for_url("**/my-data/see/")
    for words in (ADDRESS, WROTE, "Part 3"):
        expect(page.locator("main")).to_contain_text(words)
    page.get_by_label("Yes, I mean it").check()
    reader.press("Erase everything about me")
    page.wait_for_url("**/my-data/erased/")
    reader.wait(minutes=1)
    assert reader.new_mails() == []
    assert not Lead.objects.exists()
    assert not OptIn.objects.exists()
    assert not Consent.objects.exists()
    assert not OutboxEntry.objects.exclude(state=OutboxState.DELIVERED).exists()
    assert Suppression.objects.get().reason == SuppressionReason.ERASED
    assert ADDRESS not in mail_service.members
    assert page.goto(videos_link).status == 410  # type: ignore[union-attr]
    coach.goto("/admin/snippets/funnel/lead/")
    expect(coach.locator("main")).not_to_contain_text(ADDRESS)
    coach.goto("/admin/funnel_call_requests/?state=met")
    expect(coach.locator("main")).not_to_contain_text("Ada")


def zone() -> Any:
    """The time zone of the reader and of the site."""
    from zoneinfo import ZoneInfo

    return ZoneInfo(ZONE)
