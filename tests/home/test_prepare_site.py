"""`manage.py prepare_site`: a fresh site gets its first pages, once."""

from datetime import datetime
from io import StringIO

import pytest
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from wagtail.models import Page, Site

from cms.models import ArticleIndexPage, SiteSettings, StandardPage
from home.models import HomePage, StarterContent
from home.services.sites import prepare_site
from home.services.starter_content import Starter
from tests.factories.pages import SITE_URL, StandardPageFactory, make_site, root

pytestmark = pytest.mark.django_db


def test_every_first_page_is_there_for_anybody(client: Client, home: HomePage) -> None:
    for path in ("/", "/articles/", "/about/", "/privacy/"):
        assert client.get(path).status_code == 200, path
    assert "Mailchimp" in client.get("/privacy/").content.decode()


def test_wagtails_own_welcome_page_is_gone(home: HomePage) -> None:
    assert list(root().get_children()) == [home.page_ptr]
    assert Site.objects.get().root_page_id == home.pk
    assert Page.find_problems() == ([], [], [], [], [])


def test_settings_know_the_pages_and_roles_exist(home: HomePage) -> None:
    site_settings = SiteSettings.load()
    assert site_settings.about_page.slug == "about"
    assert site_settings.privacy_page.slug == "privacy"
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
        home.title = "Come in"
        home.save()
        site_settings = SiteSettings.load()
        site_settings.privacy_page = None
        site_settings.save()
        before = set(Page.objects.values_list("title", "slug"))
        make_site(now)
        assert set(Page.objects.values_list("title", "slug")) == before
        assert SiteSettings.load().privacy_page is None

    def test_says_nothing_is_new(self, home: HomePage) -> None:
        out = StringIO()
        call_command("prepare_site", stdout=out)
        assert out.getvalue() == f"The site is ready at {SITE_URL}/\n"

    def test_writes_nothing(self, now: datetime, home: HomePage) -> None:
        with CaptureQueriesContext(connection) as queries:
            make_site(now)
        assert not [
            query["sql"]
            for query in queries
            if query["sql"].startswith(("INSERT INTO", "UPDATE", "DELETE"))
        ]


def test_pages_a_person_made_before_are_kept(now: datetime) -> None:
    home = make_site(now)
    StarterContent.objects.all().delete()
    before = set(Page.objects.values_list("pk", flat=True))
    own = StandardPageFactory(parent=home, title="About", slug="about-me")
    make_site(now)
    assert set(Page.objects.values_list("pk", flat=True)) == before | {own.pk}


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
