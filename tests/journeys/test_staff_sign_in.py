"""Somebody new on the staff signs in: a second step with the phone, codes to keep, and then in."""

import re
from collections.abc import Callable
from datetime import UTC, datetime

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.cms.sign_in.authenticator import App
from tests.journeys.conftest import DESK, PHONE
from tests.journeys.stack import Stack
from tests.own_site import ROOT
from tests.processes import run_python

NAME, PASSWORD = "bea", "a long way home in rain"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


def make_account(stack: Stack) -> None:
    """Make an account as the README says, and no demo account."""
    made = run_python(
        *("manage.py", "createsuperuser", "--noinput"),
        *("--username", NAME, "--email", "bea@staff.test"),
        folder=ROOT,
        environment={**stack.environment, "DJANGO_SUPERUSER_PASSWORD": PASSWORD},
    )
    assert made.returncode == 0, made.stderr


def give_password(page: Page) -> None:
    """Fill in the first page."""
    page.goto("/admin/")
    page.get_by_label("Username").fill(NAME)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()


def is_fine(page: Page) -> None:
    """Look for what somebody could not read, reach or see."""
    found = Axe().run(page, options={"runOnly": {"type": "tag", "values": RULES}})
    assert not found.response["violations"], found.generate_report()
    wide = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert page.evaluate(wide) <= 0


def test_a_new_member_of_staff(stack: Stack, open_page: Callable[..., Page]) -> None:
    make_account(stack)
    page = open_page(PHONE)
    complaints: list[str] = []
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    give_password(page)

    expect(page.get_by_role("heading", level=1)).to_have_text("Set up your second step")
    expect(page.get_by_role("img", name="QR code").locator("svg")).to_be_visible()
    expect(page.get_by_role("link", name="open the app")).to_have_attribute(
        "href", re.compile(r"^otpauth://totp/.*issuer=Unstuck")
    )
    is_fine(page)
    app = App(page.locator("code").inner_text())
    page.get_by_role("textbox", name="Code").fill(app.code(datetime.now(UTC)))
    page.get_by_role("button", name="Go on").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Keep these recovery codes")
    is_fine(page)
    codes = page.locator("li code").all_inner_texts()
    assert len(codes) == 10
    with page.expect_download() as saving:
        page.get_by_role("link", name="Save them as a text file").click()
    assert saving.value.path().read_text().split() == codes
    page.get_by_label("I have put these codes in a safe place").check()
    page.get_by_role("button", name="Go on").click()
    page.wait_for_url("**/admin/")
    assert not complaints

    another = open_page(DESK)
    give_password(another)
    expect(another.get_by_role("heading", level=1)).to_have_text("Now the code from your app")
    expect(another.get_by_label("Code")).to_be_focused()
    is_fine(another)
    another.goto("/admin/pages/")
    another.wait_for_url("**/admin/login/**")
    another.goto("/admin/login/code/")
    another.keyboard.type("12 34 56 78")
    another.keyboard.press("Enter")
    expect(another.get_by_text("This code isn’t right")).to_be_visible()
    is_fine(another)
    another.get_by_label("Code").fill(codes[0])
    another.keyboard.press("Enter")
    another.wait_for_url("**/admin/")
    another.goto("/admin/account/")
    another.get_by_role("tab", name="More actions").click()
    another.get_by_role("link", name="Second step of signing in").click()
    expect(another.get_by_text("You have 9 recovery codes left")).to_be_visible()
    is_fine(another)
