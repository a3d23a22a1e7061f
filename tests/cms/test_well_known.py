"""What programs ask every site for: robots.txt, security.txt, an icon, where the password is."""

from datetime import UTC, datetime, timedelta
from urllib.robotparser import RobotFileParser

import pytest
import time_machine
from django.test import Client
from django.test.utils import override_settings
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st
from wagtail.models import Page

from cms.models import SiteSettings
from cms.well_known import robots_txt, security_txt
from home.models import HomePage
from tests.factories.pages import SITE_URL

AFTER_2000 = st.datetimes(
    min_value=datetime(2000, 1, 1),  # noqa: DTZ001
    max_value=datetime(2900, 1, 1),  # noqa: DTZ001
    timezones=st.just(UTC),
)


def fields(text: str) -> dict[str, list[str]]:
    """The lines of a security.txt by the name before the colon."""
    found: dict[str, list[str]] = {}
    for line in text.splitlines():
        name, _, value = line.partition(": ")
        found.setdefault(name, []).append(value)
    return found


class TestRobots:
    """`/robots.txt`: everything public is open, and nothing private is named."""

    @pytest.fixture
    def robots(self) -> RobotFileParser:
        parser = RobotFileParser()
        parser.parse(robots_txt().splitlines())
        return parser

    @pytest.mark.parametrize(
        "path",
        [
            "/",
            "/articles/",
            "/articles/one/",
            "/free-videos/",
            "/media/images/a.webp",
            "/static/css/base.css",
            "/sitemap.xml",
        ],
    )
    def test_opens_what_is_public(self, robots: RobotFileParser, path: str) -> None:
        assert robots.can_fetch("Anybot", f"{SITE_URL}{path}")

    @pytest.mark.parametrize(
        "path",
        [
            "/admin/login/",
            "/styleguide/",
            "/mail/",
            "/free-videos/confirm/a-token/",
            "/free-videos/open/a-token/",
            "/free-videos/leave/a-token/",
            "/free-videos/watch/",
            "/free-videos/watch/1/file/",
        ],
    )
    def test_closes_what_is_not(self, robots: RobotFileParser, path: str) -> None:
        assert not robots.can_fetch("Anybot", f"{SITE_URL}{path}")

    @override_settings(SITE_URL="https://www.example.test")
    def test_says_where_the_sitemap_is(self, client: Client) -> None:
        answer = client.get("/robots.txt")
        assert answer.status_code == 200
        assert answer["Content-Type"] == "text/plain; charset=utf-8"
        assert "Sitemap: https://www.example.test/sitemap.xml\n" in answer.content.decode()
        assert not answer.cookies
        assert client.post("/robots.txt").status_code == 405


class TestSecurityTxt:
    """`/.well-known/security.txt`, after RFC 9116."""

    def test_names_the_address_for_readers(self, now: datetime) -> None:
        said = fields(security_txt(SiteSettings(contact_address="a+b@mail.test"), now=now))
        assert said["Contact"] == ["mailto:a+b@mail.test"]

    @override_settings(SITE_URL="https://www.example.test")
    def test_without_an_address_it_names_the_site(self, now: datetime) -> None:
        said = fields(security_txt(SiteSettings(contact_address=""), now=now))
        assert said == {
            "Contact": ["https://www.example.test/"],
            "Expires": ["2027-02-28T00:00:00Z"],
            "Preferred-Languages": ["en"],
            "Canonical": ["https://www.example.test/.well-known/security.txt"],
        }

    def test_names_the_page_about_contact_while_it_is_there(
        self, home: HomePage, now: datetime
    ) -> None:
        page = Page.objects.get(slug="about")
        facts = SiteSettings(contact_address="a@mail.test", contact_page=page)
        contacts = fields(security_txt(facts, now=now))["Contact"]
        assert contacts == ["mailto:a@mail.test", f"{SITE_URL}/about/"]
        page.live = False
        assert fields(security_txt(facts, now=now))["Contact"] == ["mailto:a@mail.test"]

    @given(moment=AFTER_2000)
    def test_expires_within_a_year_and_not_soon(self, moment: datetime) -> None:
        (said,) = fields(security_txt(SiteSettings(), now=moment))["Expires"]
        left = datetime.fromisoformat(said) - moment
        assert timedelta(days=290) < left < timedelta(days=365)

    def test_says_each_field_that_may_stand_once_once(self, now: datetime) -> None:
        said = fields(security_txt(SiteSettings(contact_address="a@mail.test"), now=now))
        assert {name: len(values) for name, values in said.items() if name != "Contact"} == {
            "Expires": 1,
            "Preferred-Languages": 1,
            "Canonical": 1,
        }

    @pytest.mark.django_db
    def test_answers_for_today(self, client: Client, now: datetime) -> None:
        with time_machine.travel(now, tick=False):
            answer = client.get("/.well-known/security.txt")
        assert answer.status_code == 200
        assert answer["Content-Type"] == "text/plain; charset=utf-8"
        assert fields(answer.content.decode())["Expires"] == ["2027-02-28T00:00:00Z"]


@pytest.mark.django_db
class TestIcon:
    """`/favicon.ico`: there is one, and it keeps a secret where it should."""

    def test_leads_to_the_icon(self, client: Client) -> None:
        answer = client.get("/favicon.ico")
        assert (answer.status_code, answer["Location"]) == (302, "/static/img/icon-48.png")

    def test_is_none_where_tabs_say_nothing(self, client: Client) -> None:
        facts = SiteSettings.load()
        facts.neutral_tabs = True
        facts.save()
        answer = client.get("/favicon.ico")
        assert (answer.status_code, answer.content) == (204, b"")


def test_a_password_manager_finds_where_to_change_it(client: Client) -> None:
    answer = client.get("/.well-known/change-password")
    assert (answer.status_code, answer["Location"]) == (302, reverse("wagtailadmin_account"))
