"""Somebody asks for a call and the coach answers; then she sees what is kept, and has it erased."""

import json
import os
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Locator, Page, expect

from tests.journeys.conftest import DESK
from tests.journeys.people import become_confirmed, log_in, open_the_mail, watching
from tests.journeys.stack import Stack
from tests.processes import wait_until

PICTURES = os.environ.get("PICTURES", "")


def tab_to(page: Page, target: Locator) -> None:
    """Reach something by the Tab key alone."""
    for _ in range(120):
        if target.evaluate("element => element === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError("Tab doesn’t lead there.")


def picture(page: Page, name: str) -> None:
    """Keep a picture, where somebody wants to look."""
    if PICTURES:
        page.screenshot(path=str(Path(PICTURES) / f"{name}.png"), full_page=True)


def test_a_call_by_keyboard_and_without_scripts(
    stack: Stack, open_page: Callable[..., Page]
) -> None:
    address = "nell.reader@mail.test"
    page = open_page(javascript=False)
    page.goto("/free-videos/talk/")
    picture(page, "talk-phone")
    tab_to(page, page.get_by_label("Email address"))
    page.keyboard.type(address)
    tab_to(page, page.get_by_label("When would suit you?"))
    page.keyboard.type("Weekday mornings")
    tab_to(page, page.get_by_label("By email"))
    page.keyboard.press("ArrowDown")
    tab_to(page, page.get_by_role("button", name="Send the request"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("enter the number I may call")
    picture(page, "talk-refused-phone")
    tab_to(page, page.get_by_label("Phone number"))
    page.keyboard.type("+1 555 0100")
    tab_to(page, page.get_by_label("which videos I watched"))
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    page.wait_for_url("**/talk/check-your-mail/")
    assert page.context.cookies() == []

    coach = open_page(DESK)
    log_in(coach, stack, name="coach")
    coach.goto("/admin/funnel_call_requests/")
    expect(coach.locator("main")).to_contain_text("Nobody has asked for a call yet")
    picture(coach, "requests-empty")

    page.goto(open_the_mail(page, address=address))
    picture(page, "call-confirm-phone")
    tab_to(page, page.get_by_role("button", name="Yes, send my request"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("on its way")
    picture(page, "call-confirmed-phone")

    coach.reload()
    coach.get_by_role("link", name="No name given").click()
    request = coach.locator("main")
    for words in ("By phone", "+1 555 0100", "Leave none", "Weekday mornings"):
        expect(request).to_contain_text(words)
    picture(coach, "request-desk")
    coach.get_by_role("button", name="I have answered").click()
    expect(coach.locator("main")).to_contain_text("Answered, since")
    coach.goto("/admin/funnel_call_requests/?state=answered")
    expect(coach.get_by_role("link", name="No name given")).to_be_visible()
    picture(coach, "requests-desk")


def test_somebody_sees_what_is_kept_takes_it_along_and_erases_it(
    stack: Stack, open_page: Callable[..., Page]
) -> None:
    address = "ines.reader@mail.test"
    page = open_page()
    become_confirmed(page, address=address)
    stack.wait_for_member(address)

    page.goto("/free-videos/my-data/")
    picture(page, "my-data-phone")
    page.get_by_label("Email address").fill(address)
    page.get_by_role("button", name="Send me the link").click()
    page.wait_for_url("**/my-data/check-your-mail/")
    page.goto(open_the_mail(page, address=address, number=3))
    with watching(page) as witness:
        page.get_by_role("button", name="Show me what is kept").click()
        page.wait_for_url("**/my-data/see/")
        expect(page.locator("main")).to_contain_text(address)
        picture(page, "see-phone")
        page.get_by_text("What you agreed to").click()
        expect(page.locator("main")).to_contain_text("Mailchimp in the USA")
        page.get_by_label("First name").fill("Ines")
        page.get_by_role("button", name="Save these changes").click()
        expect(page.get_by_role("status").filter(has_text="saved")).to_be_visible()
        with page.expect_download() as download:
            page.get_by_role("link", name="As a file for programs").click()
        assert download.value.suggested_filename == "records.json"
        data = json.loads(Path(download.value.path()).read_text())
        assert data["about"]["First name"] == "Ines"
    assert witness.complaints == []
    assert witness.strangers(stack.url) == []
    wait_until(
        lambda: (stack.member(address) or {}).get("merge_fields", {}).get("FNAME") == "Ines",
        seconds=20,
        what="the name in Mailchimp",
    )

    page.get_by_label("Yes, I mean it").check()
    page.get_by_role("button", name="Erase everything about me").click()
    page.wait_for_url("**/my-data/erased/")
    picture(page, "erased-phone")
    wait_until(lambda: stack.member(address) is None, seconds=20, what="Mailchimp to forget")
    page.goto("/free-videos/my-data/see/")
    expect(page.get_by_role("heading", level=1)).to_contain_text("doesn’t open anything")

    marketing = open_page(DESK)
    log_in(marketing, stack, name="marketing")
    marketing.goto("/admin/snippets/funnel/lead/find/")
    marketing.get_by_label("Address or first name").fill(address)
    marketing.locator("main").get_by_role("button", name="Find").click()
    expect(marketing.locator("main")).to_contain_text("Proof of erasure")
    picture(marketing, "proof-desk")
