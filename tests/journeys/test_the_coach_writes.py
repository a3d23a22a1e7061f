"""The coach edits an article, looks at it, publishes it, and rewords an invitation everywhere."""

import re
from collections.abc import Callable

from playwright.sync_api import Locator, Page, expect

from tests.journeys.conftest import DESK
from tests.journeys.people import log_in
from tests.journeys.stack import Stack

ARTICLE = "The minute before the shouting"
PATH = "/articles/the-minute-before-the-shouting/"
PATH_OF_ANOTHER = "/articles/asking-for-the-hundredth-time/"
NEW_HEADING = "Where the shouting begins"
OFFER = "Three free videos"
NEW_INVITATION = "If you would like it to be different by spring"


def find(page: Page, text: str) -> None:
    """Find a page by the search in the menu, and open it for editing."""
    page.get_by_role("textbox", name="Search", exact=True).fill(text)
    page.keyboard.press("Enter")
    page.get_by_role("link", name=text).first.click()
    expect(page.get_by_role("textbox", name="Title")).to_have_value(text)


def block(page: Page, name: str) -> Locator:
    """The first block of this name in the body."""
    kind = page.locator(".c-sf-block__type", has_text=name)
    return page.locator("[data-streamfield-child]", has=kind).first


def add_a_call_to_action(page: Page, *, name: str) -> None:
    """Put one at the end of the body, chosen from those there are."""
    page.get_by_role("button", name="Insert a block").last.click()
    page.get_by_role("option", name="Call to action").click()
    added = page.locator("[data-streamfield-child]").last
    added.get_by_role("button", name="Choose call to action").click()
    page.get_by_role("dialog").get_by_role("link", name=name).click()
    expect(added).to_contain_text(name)


def publish(page: Page) -> None:
    """Publish what is being edited."""
    page.get_by_role("button", name="More actions").last.click()
    page.get_by_role("button", name="Publish").click()
    expect(page.locator(".messages")).to_contain_text("published")


def test_the_coach_writes(stack: Stack, open_page: Callable[..., Page]) -> None:
    coach, reader = open_page(DESK), open_page()
    log_in(coach, stack, name="coach")
    find(coach, ARTICLE)
    heading = block(coach, "Heading").locator("input[type=text]")
    old_heading = heading.input_value()
    heading.fill(NEW_HEADING)
    add_a_call_to_action(coach, name=OFFER)

    coach.get_by_role("button", name="Toggle preview").click()
    preview = coach.frame_locator("iframe[title='Preview']").last
    expect(preview.get_by_role("heading", name=NEW_HEADING)).to_be_visible()

    reader.goto(PATH)
    expect(reader.get_by_role("heading", name=old_heading)).to_be_visible()
    invitations = reader.locator("form[data-opt-in-form]").count()
    publish(coach)
    reader.reload()
    expect(reader.get_by_role("heading", name=NEW_HEADING)).to_be_visible()
    assert reader.locator("form[data-opt-in-form]").count() == invitations + 1

    reword_the_invitation(coach)
    for path in (PATH, PATH_OF_ANOTHER):
        reader.goto(path)
        expect(reader.get_by_role("heading", name=NEW_INVITATION).first).to_be_visible()


def reword_the_invitation(page: Page) -> None:
    """Change one call to action, which several articles use."""
    page.get_by_role("button", name="Funnel").click()
    page.get_by_role("link", name="Calls to action").click()
    page.get_by_role("link", name=OFFER).first.click()
    page.get_by_role("textbox", name=re.compile("^Heading")).first.fill(NEW_INVITATION)
    page.get_by_role("button", name="Save").click()
    expect(page.locator(".messages")).to_contain_text("updated")
