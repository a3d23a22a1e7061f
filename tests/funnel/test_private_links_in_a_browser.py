"""A mail’s link in a real browser: it stays neither in the address bar nor in the tab’s history."""

from collections.abc import Iterator
from datetime import datetime

import pytest
from playwright.sync_api import Browser, Page, expect

from funnel.choices import LinkPurpose
from funnel.services.links import create_link
from tests.factories.leads import ConsentFactory
from tests.factories.watching import opted_in, series_of
from tests.funnel.routed import ORIGIN, RoutedSite

pytestmark = pytest.mark.django_db


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    """A tab of a browser that knows nothing."""
    context = chromium.new_context(base_url=ORIGIN)
    RoutedSite(context)
    yield context.new_page()
    context.close()


@pytest.mark.parametrize(
    ("path", "purpose", "clean"),
    [
        ("confirm", LinkPurpose.CONFIRM, "/free-videos/watch/"),
        ("leave", LinkPurpose.LEAVE, "/free-videos/my-data/"),
        ("my-data/open", LinkPurpose.MY_DATA, "/free-videos/my-data/"),
    ],
)
def test_a_link_is_gone_from_the_tab_once_its_page_stands(
    page: Page, now: datetime, time_machine: object, path: str, purpose: LinkPurpose, clean: str
) -> None:
    time_machine.move_to(now, tick=False)  # type: ignore[attr-defined]
    opt_in = opted_in(series_of(1), created_at=now)
    _, token = create_link(purpose=purpose, lead=opt_in.lead, opt_in=opt_in, now=now)
    page.goto(f"/free-videos/{path}/{token}/")
    expect(page.get_by_role("main").get_by_role("button").first).to_be_visible()
    page.wait_for_url(f"**{clean}")
    page.goto("/free-videos/my-data/")
    page.go_back()
    assert token not in page.url


def test_the_press_works_though_the_address_is_gone(
    page: Page, now: datetime, time_machine: object
) -> None:
    time_machine.move_to(now, tick=False)  # type: ignore[attr-defined]
    opt_in = opted_in(series_of(1), created_at=now)
    ConsentFactory(lead=opt_in.lead, opt_in=opt_in, requested=True)
    _, token = create_link(purpose=LinkPurpose.CONFIRM, lead=opt_in.lead, opt_in=opt_in, now=now)
    page.goto(f"/free-videos/confirm/{token}/")
    page.wait_for_url("**/free-videos/watch/")
    page.get_by_role("main").get_by_role("button").first.click()
    expect(page.locator("video").first).to_be_visible()
