"""`manage.py prepare_site`: a fresh site gets its first pages, once."""

import re
from datetime import datetime
from io import StringIO

import pytest
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.html import escape
from wagtail.models import Page, Site

from cms.models import (
    ArticleIndexPage,
    CyclePage,
    SiteSettings,
    StandardPage,
    SupportSignpost,
)
from funnel.models import StuckCycle
from home.models import HomePage, LandingPage, StarterContent
from home.services.sites import prepare_site
from home.services.starter_content import Starter
from tests.factories.pages import SITE_URL, StandardPageFactory, make_site, root

pytestmark = pytest.mark.django_db
FIRST_PAGES = (
    "/",
    "/articles/",
    "/videos/",
    "/about/",
    "/contact/",
    "/privacy/",
    "/reading-safely/",
    "/i-keep-asking-and-nothing-changes/",
)


def test_every_first_page_is_there_for_anybody(client: Client, home: HomePage) -> None:
    for path in FIRST_PAGES:
        assert client.get(path).status_code == 200, path


def test_the_pages_of_the_cycles_speak_of_the_experience(client: Client, home: HomePage) -> None:
    pages = {page.cycle: page for page in CyclePage.objects.live()}
    assert set(pages) == set(StuckCycle.objects.all())
    for cycle, page in pages.items():
        assert page.title == cycle.experience
        assert cycle.code not in page.url
        assert cycle.name.casefold() not in page.title.casefold()
        answer = client.get(page.url).content.decode()
        assert escape(cycle.description.split(".")[0]) in answer
        assert "not your pattern to break" in answer


def test_the_page_for_the_videos_has_the_form_at_its_top(client: Client, home: HomePage) -> None:
    answer = client.get("/videos/").content.decode()
    assert answer.index("<h1") < answer.index("<form") < answer.index("<h2")


def test_the_menu_is_calm_and_complete(client: Client, home: HomePage) -> None:
    menu = re.search(r'aria-label="Main".*?</nav>', client.get("/").content.decode(), re.DOTALL)
    assert menu is not None
    labels = re.findall(r"<a href=\"([^\"]+)\"[^>]*>([^<]+)</a>", menu[0])
    assert labels == [
        ("/articles/", "Articles"),
        ("/videos/", "Free videos"),
        ("/about/", "About"),
        ("/contact/", "Contact"),
    ]


def test_the_signposts_can_be_dialed_and_opened(home: HomePage) -> None:
    signposts = list(SupportSignpost.objects.prefetch_related("places"))
    assert [signpost.country for signpost in signposts][:1] == ["United States"]
    assert len(signposts) == 6
    for signpost in signposts:
        signpost.full_clean()
        assert signpost.emergency_number
        assert signpost.places.count() >= 2
        for place in signpost.places.all():
            place.full_clean()
            assert place.website.startswith("https://")


def test_wagtails_own_welcome_page_is_gone(home: HomePage) -> None:
    assert list(root().get_children()) == [home.page_ptr]
    assert Site.objects.get().root_page_id == home.pk
    assert Page.find_problems() == ([], [], [], [], [])


def test_settings_know_the_pages_and_roles_exist(home: HomePage) -> None:
    site_settings = SiteSettings.load()
    assert site_settings.about_page.slug == "about"
    assert site_settings.contact_page.slug == "contact"
    assert site_settings.privacy_page.slug == "privacy"
    assert site_settings.safety_page.slug == "reading-safely"
    assert site_settings.videos_page.slug == "videos"
    assert Group.objects.filter(name__in=["Coach", "Marketing"]).count() == 2


@pytest.mark.parametrize(
    ("url", "host", "port"),
    [
        ("http://localhost:8000", "localhost", 8000),
        ("https://coach.test", "coach.test", 443),
        ("http://coach.test", "coach.test", 80),
        ("http://[::1]:81", "::1", 81),
    ],
)
def test_the_site_follows_its_address(now: datetime, url: str, host: str, port: int) -> None:
    make_site(now)
    prepare_site(starter=Starter(now=now), site_url=url)
    site = Site.objects.get()
    assert (site.hostname, site.port) == (host, port)


class TestAgain:
    """The second run, and every one after it."""

    def test_changes_nothing_a_person_edited(self, now: datetime, home: HomePage) -> None:
        privacy = StandardPage.objects.get(slug="privacy")
        privacy.title, privacy.slug = "What we keep", "what-we-keep"
        privacy.save_revision().publish()
        StandardPage.objects.get(slug="about").delete()
        LandingPage.objects.get().delete()
        CyclePage.objects.get(cycle__code="resentment").delete()
        SupportSignpost.objects.exclude(country="Ireland").delete()
        home.title = "Come in"
        home.save()
        site_settings = SiteSettings.load()
        site_settings.privacy_page = None
        site_settings.main_navigation = []
        site_settings.save()
        before = set(Page.objects.values_list("title", "slug"))
        make_site(now, whole=True)
        assert set(Page.objects.values_list("title", "slug")) == before
        assert SiteSettings.load().privacy_page is None
        assert not SiteSettings.load().main_navigation
        assert [signpost.country for signpost in SupportSignpost.objects.all()] == ["Ireland"]

    def test_says_nothing_is_new(self, home: HomePage) -> None:
        out = StringIO()
        call_command("prepare_site", stdout=out)
        assert out.getvalue() == f"The site is ready at {SITE_URL}/\n"

    def test_writes_nothing(self, now: datetime, home: HomePage) -> None:
        with CaptureQueriesContext(connection) as queries:
            make_site(now, whole=True)
        assert not [
            query["sql"]
            for query in queries
            if query["sql"].startswith(("INSERT INTO", "UPDATE", "DELETE"))
        ]


def test_pages_a_person_made_before_are_kept(now: datetime) -> None:
    home = make_site(now, whole=True)
    StarterContent.objects.all().delete()
    before = set(Page.objects.values_list("pk", flat=True))
    own = StandardPageFactory(parent=home, title="About", slug="about-me")
    make_site(now, whole=True)
    assert set(Page.objects.values_list("pk", flat=True)) == before | {own.pk}


class TestAnOlderSite:
    """One that was prepared before there were pages for the videos, the cycles and safety."""

    @pytest.fixture
    def older(self, now: datetime) -> HomePage:
        """Such a site, in use: its coach has renamed a page and made one for contact."""
        home = make_site(now, whole=True)
        new = ("contact", "safety", "videos", "cycle")
        for key in StarterContent.objects.values_list("key", flat=True):
            if key in ("menu", "signposts") or key.startswith(tuple(f"page:{n}" for n in new)):
                StarterContent.objects.filter(key=key).delete()
        CyclePage.objects.all().delete()
        LandingPage.objects.all().delete()
        StandardPage.objects.filter(slug__in=["contact", "reading-safely"]).delete()
        SupportSignpost.objects.all().delete()
        site_settings = SiteSettings.load()
        site_settings.main_navigation = []
        site_settings.save()
        about = StandardPage.objects.get(slug="about")
        about.title = "Who I am"
        about.save_revision().publish()
        StandardPageFactory(parent=home, title="Write to me", slug="contact", show_in_menus=True)
        return home

    def test_gets_the_new_pages_once(self, older: HomePage, now: datetime) -> None:
        make_site(now, whole=True)
        assert CyclePage.objects.count() == 4
        assert LandingPage.objects.count() == 1
        assert SiteSettings.load().safety_page.live
        assert SupportSignpost.objects.count() == 6
        LandingPage.objects.all().delete()
        make_site(now, whole=True)
        assert not LandingPage.objects.exists()

    def test_keeps_what_its_coach_made(
        self, client: Client, older: HomePage, now: datetime
    ) -> None:
        make_site(now, whole=True)
        assert StandardPage.objects.get(slug="about").title == "Who I am"
        assert StandardPage.objects.get(slug="contact").title == "Write to me"
        assert SiteSettings.load().contact_page is None
        first_page = client.get("/").content.decode()
        menu = first_page[first_page.index('aria-label="Main"') :].partition("</nav>")[0]
        labels = re.findall(r">([^<]+)</a>", menu)
        assert labels == ["Articles", "Free videos", "Who I am", "Write to me"]

    def test_keeps_the_menu_its_coach_made(self, older: HomePage, now: datetime) -> None:
        site_settings = SiteSettings.load()
        site_settings.main_navigation = [("address", {"label": "Home", "address": "/"})]
        site_settings.save()
        make_site(now, whole=True)
        assert [line.value["label"] for line in SiteSettings.load().main_navigation] == ["Home"]


def test_a_welcome_page_that_is_in_use_is_not_deleted(now: datetime) -> None:
    welcome = root().get_children().get(slug="home")
    welcome.add_child(instance=Page(title="Kept", slug="kept"))
    make_site(now)
    assert Page.objects.filter(slug="kept").exists()
    assert HomePage.objects.get().url == "/"
    assert ArticleIndexPage.objects.get().url == "/articles/"


def test_a_failure_half_way_gives_the_thing_again(now: datetime) -> None:
    def fail() -> None:
        StandardPageFactory(parent=root(), title="Half")
        raise RuntimeError

    with pytest.raises(RuntimeError):
        Starter(now=now).once("a thing", fail)
    assert not Page.objects.filter(title="Half").exists()
    given: list[str] = []
    Starter(now=now).once("a thing", lambda: given.append("whole"))
    Starter(now=now).once("a thing", lambda: given.append("twice"))
    assert given == ["whole"]
