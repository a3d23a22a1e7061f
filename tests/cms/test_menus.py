"""The menus: as the coach arranged them, else from the pages themselves."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.test import RequestFactory

from cms.blocks import AddressLinkBlock
from cms.models import ArticleIndexPage, SiteSettings
from cms.queries import frame
from home.models import HomePage
from tests.factories.pages import StandardPageFactory


@pytest.fixture
def request_(home: HomePage) -> HttpRequest:
    """A visitor's request for the front page."""
    return RequestFactory(SERVER_NAME="localhost", SERVER_PORT=8000).get("/")


def arrange(**menus: list[tuple[str, Any]]) -> None:
    """Save these lines into the site settings."""
    facts = SiteSettings.load()
    for name, lines in menus.items():
        setattr(facts, name, lines)
    facts.save()


def lines(items: list[frame.MenuItem]) -> list[tuple[str, str]]:
    """What a visitor sees of a menu."""
    return [(item.label, item.url) for item in items]


def test_without_an_arrangement_pages_marked_for_menus_stand_in_the_menu(
    request_: HttpRequest, home: HomePage, articles: ArticleIndexPage
) -> None:
    arrange(main_navigation=[])
    StandardPageFactory(parent=home, title="Hidden", show_in_menus=False)
    StandardPageFactory(parent=home, title="Unpublished", show_in_menus=True, live=False)
    labels = [item.label for item in frame.main_menu(request_)]
    assert articles.title in labels
    assert not {"Hidden", "Unpublished"} & set(labels)


def test_an_arrangement_is_kept_in_its_order_and_words(
    request_: HttpRequest, articles: ArticleIndexPage
) -> None:
    arrange(
        main_navigation=[
            ("address", {"label": "Free videos", "address": "/free-videos/"}),
            ("page", {"page": articles, "label": "Letters"}),
        ]
    )
    assert lines(frame.main_menu(request_)) == [
        ("Free videos", "/free-videos/"),
        ("Letters", "/articles/"),
    ]


def test_a_page_that_is_not_public_any_more_leaves_the_menu(
    request_: HttpRequest, home: HomePage
) -> None:
    page = StandardPageFactory(parent=home, title="Gone soon", slug="gone")
    arrange(main_navigation=[("page", {"page": page, "label": ""})])
    page.unpublish()
    assert "Gone soon" not in [item.label for item in frame.main_menu(request_)]


def test_the_foot_names_the_pages_of_the_settings_unless_arranged(
    request_: HttpRequest, home: HomePage
) -> None:
    named = StandardPageFactory(parent=home, title="Reading safely", slug="reading")
    SiteSettings.objects.update(safety_page=named)
    assert ("Reading safely", "/reading/") in lines(frame.footer_menu(request_))
    arrange(footer_navigation=[("address", {"label": "Elsewhere", "address": "https://a.test/"})])
    fresh = RequestFactory(SERVER_NAME="localhost", SERVER_PORT=8000).get("/")
    assert lines(frame.footer_menu(fresh)) == [("Elsewhere", "https://a.test/")]


@pytest.mark.parametrize("address", ["/articles/", "https://a.test/x", "mailto:hello@unstuck.test"])
def test_an_address_in_a_menu(address: str) -> None:
    block = AddressLinkBlock()
    value = block.normalize({"label": "There", "address": address})
    assert block.clean(value)["address"] == address


@pytest.mark.parametrize("address", ["javascript:alert(1)", "//evil.test/", "articles", "data:x"])
def test_no_address_in_a_menu(address: str) -> None:
    block = AddressLinkBlock()
    with pytest.raises(ValidationError) as raised:
        block.clean(block.normalize({"label": "There", "address": address}))
    assert "https://" in str(raised.value.block_errors["address"])  # type: ignore[attr-defined]
