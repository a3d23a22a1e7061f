"""Where help is stands wherever a reader might be afraid, and before every booking."""

import re
from typing import Any

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from cms.models import ArticleIndexPage, SiteSettings, SupportPlace, SupportSignpost
from funnel.choices import CallToActionGoal
from funnel.models import CallToAction
from home.models import HomePage
from tests.factories.leads import CallToActionFactory
from tests.factories.pages import ArticlePageFactory, StandardPageFactory

BOOKING = "https://booking.test/half-an-hour"
HELPLINE = "Somebody Who Listens"


@pytest.fixture(autouse=True)
def signposts(db: None) -> None:
    """Two countries; the second comes first by its position."""
    away = SupportSignpost(country="Elsewhere", emergency_number="000", sort_order=2)
    away.save()
    here = SupportSignpost(country="Here", emergency_number="1 12", sort_order=1)
    here.places = [
        SupportPlace(name=HELPLINE, phone="+1 (555) 010-99", website="https://help.test/"),
        SupportPlace(name="A house", note="For everybody.", sort_order=1),
    ]
    here.save()


@pytest.fixture
def booking(db: None) -> SiteSettings:
    """A coach who can be booked."""
    facts = SiteSettings.load()
    facts.booking_url = BOOKING
    facts.save()
    return facts


def shown(client: Client, page: Any) -> str:
    """What anybody reads on this page, without the frame around it."""
    html = client.get(page.url).content.decode()
    return html[html.index("<main") : html.index("</main>")]


def test_says_first_whose_pattern_it_is_not(client: Client, home: HomePage) -> None:
    page = StandardPageFactory(parent=home, body=[("support_signpost", None)])
    html = shown(client, page)
    assert html.index("If you are afraid") < html.index("not your pattern to break")
    assert html.index("neither therapy nor a crisis service") < html.index(HELPLINE)


def test_numbers_can_be_pressed_and_the_first_country_stands_open(
    client: Client, home: HomePage
) -> None:
    html = shown(client, StandardPageFactory(parent=home, body=[("support_signpost", None)]))
    assert 'href="tel:+155501099"' in html
    assert 'href="tel:112"' in html
    details = re.findall(r"<details[^>]*?( open)?>\s*<summary>([^<]+)", html)
    assert details == [(" open", "Here"), ("", "Elsewhere")]
    for link in re.findall(r"<a [^>]*help\.test[^>]*>", html):
        assert 'rel="noopener noreferrer"' in link


def test_under_an_article_that_touches_on_fear_and_only_there(
    client: Client, articles: ArticleIndexPage
) -> None:
    marked = ArticlePageFactory(parent=articles, touches_on_fear=True)
    assert HELPLINE in shown(client, marked)
    assert HELPLINE not in shown(client, ArticlePageFactory(parent=articles))


def test_before_a_conversation(client: Client, home: HomePage, booking: SiteSettings) -> None:
    page = StandardPageFactory(parent=home, body=[("lets_talk", {"button_label": "Find a time"})])
    html = shown(client, page)
    assert html.index(HELPLINE) < html.index(BOOKING)


def test_before_a_conversation_by_mail(client: Client, home: HomePage) -> None:
    facts = SiteSettings.load()
    facts.contact_address = "coach@site.test"
    facts.save()
    html = shown(client, StandardPageFactory(parent=home, body=[("lets_talk", {})]))
    assert html.index(HELPLINE) < html.index("mailto:coach@site.test")


def test_no_way_to_talk_where_nobody_can_be_reached(client: Client, home: HomePage) -> None:
    page = StandardPageFactory(parent=home, body=[("lets_talk", {"heading": "Half an hour"})])
    assert "Half an hour" not in shown(client, page)


def _booking_offers() -> list[dict[str, Any]]:
    return [
        {"goal": CallToActionGoal.CALL_REQUEST},
        {"goal": CallToActionGoal.CALL_REQUEST, "link_url": "https://other.test/book"},
        {"goal": CallToActionGoal.LINK, "link_url": BOOKING},
    ]


@pytest.mark.parametrize("facts", _booking_offers(), ids=["call", "call elsewhere", "link"])
def test_before_a_call_to_action_that_books(
    client: Client, home: HomePage, booking: SiteSettings, facts: dict[str, Any]
) -> None:
    offer = CallToActionFactory(**facts)
    html = shown(client, StandardPageFactory(parent=home, body=[("call_to_action", offer)]))
    target = facts.get("link_url") or reverse("funnel:call_request")
    assert html.index(HELPLINE) < html.index(f'href="{target}"')


@pytest.mark.parametrize(
    "facts",
    [
        {"goal": CallToActionGoal.OPT_IN},
        {"goal": CallToActionGoal.LINK, "link_url": "https://other.test/a-book"},
    ],
    ids=["videos", "link"],
)
@pytest.mark.parametrize("bookable", [True, False])
def test_not_before_other_calls_to_action(
    client: Client, home: HomePage, facts: dict[str, Any], bookable: bool
) -> None:
    site_settings = SiteSettings.load()
    site_settings.booking_url = BOOKING if bookable else ""
    site_settings.save()
    offer: CallToAction = CallToActionFactory(**facts)
    html = shown(client, StandardPageFactory(parent=home, body=[("call_to_action", offer)]))
    assert offer.heading in html
    assert HELPLINE not in html


def test_leads_to_the_page_about_reading_safely(client: Client, home: HomePage) -> None:
    safety = StandardPageFactory(
        parent=home, title="Reading safely", body=[("support_signpost", None)]
    )
    facts = SiteSettings.load()
    facts.safety_page = safety
    facts.save()
    page = StandardPageFactory(parent=home, body=[("support_signpost", None)])
    assert f'<a href="{safety.url}">Reading safely</a>' in shown(client, page)
    assert "<a" in shown(client, safety)
    assert f'href="{safety.url}"' not in shown(client, safety)


def test_nothing_is_recorded(client: Client, articles: ArticleIndexPage) -> None:
    page = ArticlePageFactory(parent=articles, touches_on_fear=True)

    def rows() -> dict[str, int]:
        return {
            model._meta.label: model._default_manager.count()
            for model in apps.get_models()
            if model._meta.managed
        }

    before = rows()
    answer = client.get(page.url)
    assert HELPLINE in answer.content.decode()
    assert not answer.cookies
    assert rows() == before


@pytest.mark.parametrize("number", ["call us", "0800 REFUGE", "1-800-799-SAFE", "", "javascript:1"])
def test_a_number_is_one_that_can_be_dialed(number: str) -> None:
    place = SupportPlace(name="Somebody", phone=number, signpost=SupportSignpost.objects.all()[0])
    if not number:
        place.full_clean()
        assert place.phone_link == ""
        return
    with pytest.raises(ValidationError, match="can be dialed"):
        place.full_clean()
