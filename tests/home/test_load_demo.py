"""`manage.py load_demo`: a demo site worth looking at, and three logins that exist only there."""

import time
from datetime import date, datetime
from io import StringIO
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.contrib import auth
from django.contrib.auth.models import Group, User
from django.core.management import CommandError, call_command
from django.test import Client, RequestFactory

from cms.auth import DEMO_GROUP
from cms.models import ArticlePage, CyclePage, SiteImage, SiteSettings
from funnel.models import CallToAction, FunnelSettings, StuckCycle, Video
from home.demo.loader import CONTENT, load_demo
from home.models import HomePage, StarterContent
from home.services.starter_content import Starter
from tests.factories.pages import SELDOM_VISITED, SITE_URL

pytestmark = pytest.mark.django_db
PASSWORD = "for-this-demo-only"


@pytest.fixture(autouse=True)
def demo_settings(settings: Any) -> Any:
    """The settings of a demo on this machine."""
    settings.DEMO = True
    settings.DEMO_PASSWORD = PASSWORD
    return settings


def authenticate(**credentials: str) -> User | None:
    """Ask as the login page does, from somewhere."""
    request = RequestFactory().post("/admin/login/")
    return auth.authenticate(request, **credentials)  # type: ignore[return-value]


def load(now: datetime, **kwargs: Any) -> Starter:
    """Load the demo and return what it gave."""
    starter = Starter(now=now)
    load_demo(starter=starter, site_url=SITE_URL, **{"password": PASSWORD, **kwargs})
    return starter


def outside_addresses() -> list[str]:
    """The hosts of every address that the demo's settings lead to."""
    facts = SiteSettings.load()
    addresses = [link.value["address"] for link in facts.social_links]
    addresses += [facts.booking_url] if facts.booking_url else []
    assert addresses
    return [urlsplit(address).hostname or "" for address in addresses]


def test_the_demo_and_the_demo_again(client: Client, now: datetime) -> None:
    """One long test: reading its pictures and videos once is enough."""
    load(now)

    articles = list(ArticlePage.objects.live().order_by("-published_on"))
    assert len(articles) == 14
    assert {article.cycle for article in articles} - {None} == set(StuckCycle.objects.all())
    assert articles[0].published_on == date(2026, 5, 4)
    for article in articles:
        assert article.image is None or article.image.credit
        assert article.topics.count() >= 1
    with_variants = ArticlePage.objects.get(slug="sunday-at-five")
    fear = next(article for article in articles if article.touches_on_fear)
    for page in (with_variants, fear, CyclePage.objects.all()[0]):
        assert client.get(page.url).status_code == 200, page.url
    landing = client.get("/videos/").content.decode()
    assert "About a minute" in landing
    assert " min<" not in landing
    assert "three short free videos" in landing
    assert "five-minute" not in landing
    drawn = {path.name for path in (CONTENT / "images").iterdir()}
    assert SiteImage.objects.count() == len(drawn), "the same picture is in the library twice"
    first_page = client.get("/").content.decode()
    assert articles[0].title in first_page
    assert "invented for the demo" in first_page
    kinds = [block.block_type for block in HomePage.objects.get().body]
    assert {"coach", "cycles", "call_to_action", "testimonials", "lets_talk"} <= set(kinds)
    lists = [block for block in HomePage.objects.get().body if block.block_type == "article_list"]
    chosen = [article.slug for article in lists[1].value["articles"]]
    assert chosen[0] == "the-minute-before-the-shouting"
    assert len(chosen) == 3
    assert all(address.endswith(".test") for address in outside_addresses())
    variants = CallToAction.objects.get(name="Three free videos").variants
    assert variants.count() == StuckCycle.objects.count()
    assert SiteSettings.load().coach_name == "Maren Holt"
    assert "Maren Holt" in client.get("/about/").content.decode()

    series = FunnelSettings.load().series
    assert series is not None
    videos = list(series.videos.all())
    assert len(videos) == 3
    for video in videos:
        assert video.file.size > 10_000
        assert video.captions.read().startswith(b"WEBVTT")
        assert video.transcript
        assert video.poster.size > 0
        assert video.duration_seconds > 30

    # A person edits, renames and deletes; the next start must not undo any of it.
    articles[0].title, articles[0].slug = "My own title", "my-own"
    articles[0].save_revision().publish()
    articles[1].delete()
    offer = CallToAction.objects.order_by("pk").first()
    assert offer is not None
    offer.name, offer.heading = "Renamed", "Reworded"
    offer.save()
    videos[0].delete()

    begin = time.process_time()
    second = load(now)
    assert time.process_time() - begin < 1
    assert second.given_now == []
    assert set(ArticlePage.objects.values_list("title", flat=True)) == {
        "My own title",
        *(article.title for article in articles[2:]),
    }
    assert CallToAction.objects.count() == 4
    assert Video.objects.count() == 2


class TestWithoutContent:
    """What doesn't need the articles and the videos."""

    @pytest.fixture(autouse=True)
    def everything_given(self, now: datetime) -> None:
        """As if the content had been loaded before."""
        for path in (CONTENT / "articles").glob("*.md"):
            StarterContent.objects.create(key=f"demo:article {path.stem}", given_at=now)
        for path in (CONTENT / "videos").glob("*.mp4"):
            StarterContent.objects.create(key=f"demo:video {path.name}", given_at=now)
        for key in SELDOM_VISITED:
            StarterContent.objects.create(key=key, given_at=now)

    def test_three_people_may_log_in(self, client: Client, now: datetime) -> None:
        load(now)
        people = {name: User.objects.get(username=name) for name in ("coach", "marketing", "admin")}
        for name, user in people.items():
            assert authenticate(username=name, password=PASSWORD) == user
            assert user.email == f"{name}@demo.unstuck.test"
            client.force_login(user)
            assert client.get("/admin/").status_code == 200
        groups = {
            name: set(user.groups.values_list("name", flat=True)) for name, user in people.items()
        }
        assert groups == {
            "coach": {"Coach", DEMO_GROUP},
            "marketing": {"Marketing", DEMO_GROUP},
            "admin": {DEMO_GROUP},
        }
        assert not Group.objects.get(name=DEMO_GROUP).permissions.exists()
        assert [name for name, user in people.items() if user.is_superuser] == ["admin"]

    def test_not_where_there_is_no_demo(self, now: datetime, demo_settings: Any) -> None:
        load(now)
        demo_settings.DEMO = False
        assert authenticate(username="admin", password=PASSWORD) is None

    def test_not_even_under_another_address(self, now: datetime, demo_settings: Any) -> None:
        load(now)
        User.objects.filter(username="admin").update(email="mine@elsewhere.test")
        load(now)
        demo_settings.DEMO = False
        assert authenticate(username="admin", password=PASSWORD) is None

    def test_accounts_of_an_older_demo_get_their_group(self, now: datetime) -> None:
        load(now)
        Group.objects.get(name=DEMO_GROUP).delete()
        load(now)
        assert Group.objects.get(name=DEMO_GROUP).user_set.count() == 3

    def test_a_new_password_replaces_the_old_one(self, now: datetime) -> None:
        load(now)
        load(now, password="another-one")
        assert authenticate(username="coach", password="another-one") is not None
        assert authenticate(username="coach", password=PASSWORD) is None

    def test_a_password_that_a_person_changed_is_the_announced_one_again(
        self, now: datetime
    ) -> None:
        load(now)
        coach = User.objects.get(username="coach")
        coach.set_password("changed in the admin")
        coach.save()
        load(now)
        assert authenticate(username="coach", password=PASSWORD) == coach

    def test_an_account_that_was_deleted_is_made_again(self, now: datetime) -> None:
        load(now)
        User.objects.get(username="coach").delete()
        load(now)
        coach = User.objects.get(username="coach")
        assert coach.groups.filter(name="Coach").exists()

    def test_somebody_elses_account_is_left_alone(self) -> None:
        User.objects.create_superuser("admin", "ada@staff.test", "hers")
        with pytest.raises(CommandError, match="“admin” who is not the demo’s"):
            call_command("load_demo", stdout=StringIO())
        assert authenticate(username="admin", password="hers") is not None

    def test_asks_for_a_password(self, demo_settings: Any) -> None:
        demo_settings.DEMO_PASSWORD = ""
        with pytest.raises(CommandError, match="DEMO_PASSWORD is not set"):
            call_command("load_demo", stdout=StringIO())

    def test_prepare_site_speaks_in_the_demos_words(self, client: Client) -> None:
        call_command("prepare_site", stdout=StringIO())
        assert "Maren Holt" in client.get("/about/").content.decode()


def test_refuses_where_there_is_no_demo(demo_settings: Any) -> None:
    demo_settings.DEMO = False
    with pytest.raises(CommandError, match="not a demo site"):
        call_command("load_demo", stdout=StringIO())
    assert not User.objects.exists()
