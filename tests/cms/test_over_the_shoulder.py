"""What a page gives away to somebody who looks at the screen, the tab or a link to it."""

import re
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.template.loader import render_to_string
from django.test import Client
from django.urls import reverse

from cms.models import ArticleIndexPage, SiteSettings
from cms.models.settings import QUICK_EXIT_URL
from home.models import HomePage
from tests.factories.pages import ArticlePageFactory

AWAY = "https://weather.test/today"
TITLE = "The minute before the shouting"
NEUTRAL = "Reading list"
BEHIND_A_LINK = "/free-videos/confirm/no-link/"
OF_THE_FUNNEL = ("/free-videos/", "/free-videos/check-your-mail/", BEHIND_A_LINK)
NO_LINKS = ("canonical", "stylesheet", "icon", "apple-touch-icon", "preload", "alternate")


@pytest.fixture
def addresses(articles: ArticleIndexPage) -> list[str]:
    """One of every kind of public page."""
    article = ArticlePageFactory(parent=articles, title=TITLE, introduction="Some never decide.")
    return [article.url, articles.url, "/", *OF_THE_FUNNEL, "/nowhere/"]


def _set(**facts: Any) -> None:
    site_settings = SiteSettings.load()
    for name, value in facts.items():
        setattr(site_settings, name, value)
    site_settings.save()


def _page(client: Client, address: str) -> BeautifulSoup:
    return BeautifulSoup(client.get(address).content.decode(), "html.parser")


def test_every_page_has_two_ways_out_that_work_without_scripts(
    client: Client, addresses: list[str]
) -> None:
    _set(quick_exit_url=AWAY)
    for address in set(addresses) - {BEHIND_A_LINK}:
        ways = _page(client, address).select("body a[data-leave-now]")
        assert [way["href"] for way in ways] == [AWAY, AWAY], address
        assert all(way["rel"] == ["nofollow", "noreferrer"] for way in ways), address


@pytest.mark.usefixtures("home")
def test_behind_a_private_link_both_ways_out_forget_this_browser_first(client: Client) -> None:
    _set(quick_exit_url=AWAY)
    page = _page(client, BEHIND_A_LINK)
    assert len(page.select("body button[data-leave-now]")) == 2
    assert page.select_one(f"form[action='{reverse('funnel:close')}'][method=post]")
    assert not page.select("body a[data-leave-now]")
    left = client.post(
        reverse("funnel:close"), headers={"Accept": "text/html", "Sec-Fetch-Site": "same-origin"}
    )
    assert AWAY in left.content.decode()


def test_the_target_is_not_called_before_the_press(client: Client, addresses: list[str]) -> None:
    _set(quick_exit_url=AWAY)
    for address in addresses:
        page = _page(client, address)
        assert not page.select("[src*='weather.test'], link[href*='weather.test']"), address
        kinds = {kind for link in page.find_all("link") for kind in link["rel"]}
        assert kinds <= {*NO_LINKS}, address


def test_the_secondary_way_out_comes_right_after_the_skip_link(
    client: Client, home: HomePage
) -> None:
    first, second = _page(client, "/").body.select("a, button, input")[:2]
    assert first["href"] == "#main"
    assert second.has_attr("data-leave-now")


def test_turned_off_nothing_of_it_is_left(client: Client, addresses: list[str]) -> None:
    _set(quick_exit_enabled=False)
    for address in addresses:
        html = client.get(address).content.decode()
        assert not re.search(r"quick.exit|leave-now", html), address
        assert QUICK_EXIT_URL not in html, address


def test_the_page_for_a_broken_site_has_a_plain_link() -> None:
    page = BeautifulSoup(render_to_string("500.html"), "html.parser")
    (way,) = page.select("a[rel~=noreferrer]")
    assert way["href"] == QUICK_EXIT_URL


def test_neutral_tabs_say_nothing(client: Client, addresses: list[str]) -> None:
    _set(neutral_tabs=True, neutral_title=NEUTRAL, site_name="Stuck", coach_name="Ada Sample")
    for address in addresses:
        page = _page(client, address)
        assert page.head is not None
        assert page.head.title is not None
        assert page.head.title.get_text() == NEUTRAL, address
        assert all("neutral" in icon["href"] for icon in page.select("link[rel*=icon]")), address
        assert len(page.select("link[rel*=icon]")) == 3, address
        said = [str(tag.get("content", "")) for tag in page.head.find_all("meta")]
        told = " ".join(said)
        for telling in (TITLE, "Stuck", "Ada", "Some never decide"):
            assert telling not in told, (address, telling)
        assert not page.select("script[type='application/ld+json']"), address


def test_else_tabs_say_what_the_page_is(client: Client, addresses: list[str]) -> None:
    page = _page(client, addresses[0])
    assert page.head is not None
    assert TITLE in str(page.head.title)
    assert "neutral" not in str(page.head.select("link[rel*=icon]"))
