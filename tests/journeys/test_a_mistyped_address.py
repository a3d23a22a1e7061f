"""A form that can't be taken comes back with everything typed, and says what to mend."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.people import (
    fill_invitation,
    invitation,
    open_an_article,
    open_the_mail,
    send_invitation,
)
from tests.journeys.stack import Stack

SENTENCE = "I do it all, and something in me has gone quiet"


@pytest.mark.parametrize("javascript", [True, False], ids=["with scripts", "without scripts"])
def test_a_mistyped_address(stack: Stack, open_page: Callable[..., Page], javascript: bool) -> None:
    page = open_page(javascript=javascript)
    open_an_article(page)
    article_url = page.url
    fill_invitation(page, address="ada@mail", first_name="Ada", sentence=SENTENCE)

    send_invitation(page)

    summary = page.get_by_role("alert")
    expect(summary).to_contain_text("Everything you typed is still here")
    assert page.url == (article_url if javascript else f"{stack.url}/free-videos/")
    if javascript:
        expect(summary).to_be_focused()
    form = invitation(page)
    email = form.get_by_label("Email address")
    expect(email).to_have_value("ada@mail")
    expect(form.get_by_label("First name")).to_have_value("Ada")
    expect(form.get_by_label(SENTENCE)).to_be_checked()
    expect(email).to_have_attribute("aria-invalid", "true")
    described_by = (email.get_attribute("aria-describedby") or "").split()
    told = " ".join(page.locator(f"[id='{target}']").inner_text() for target in described_by)
    assert "complete email address" in told
    target = summary.get_by_role("link").first.get_attribute("href")
    assert target == f"#{email.get_attribute('id')}"
    assert page.locator(f"[id='{email.get_attribute('id')}']").count() == 1
    assert page.context.cookies() == []

    address = f"mended.{javascript}@mail.test".lower()
    email.fill(address)
    send_invitation(page)
    page.wait_for_url("**/free-videos/check-your-mail/")
    assert open_the_mail(page, address=address)
