"""“Begin here”: what an empty site still lacks, said to whoever can give it."""

from collections.abc import Callable

import pytest
from django.contrib.auth.models import Group, User
from django.test import Client

from cms.models import SiteSettings, SupportSignpost
from funnel.models import FunnelSettings
from home.models import HomePage
from home.queries.first_steps import first_steps
from tests.factories.leads import VideoFactory
from tests.factories.pages import ArticlePageFactory, article_list

pytestmark = pytest.mark.django_db


def member(client: Client, group: str) -> User:
    """Somebody of this group, logged in."""
    user = User.objects.create_user(group, f"{group}@staff.test", "unimportant")
    user.groups.add(Group.objects.get(name=group))
    client.force_login(user)
    return user


def titles() -> list[str]:
    """What is left to do."""
    return [step.title for step in first_steps()]


def test_the_coach_of_an_empty_site_sees_where_to_begin(client: Client, home: HomePage) -> None:
    member(client, "Coach")
    dashboard = client.get("/admin/").content.decode()
    assert "Begin here" in dashboard
    assert len(first_steps()) == 6
    for step in first_steps():
        assert step.title in dashboard
        assert client.get(step.url).status_code == 200, step.url


def test_marketing_does_not(client: Client, home: HomePage) -> None:
    member(client, "Marketing")
    assert "Begin here" not in client.get("/admin/").content.decode()


def _say_name() -> None:
    facts = SiteSettings.load()
    facts.coach_name = "Ada"
    facts.save()


def _say_address() -> None:
    facts = SiteSettings.load()
    facts.contact_address = "ada@site.test"
    facts.save()


def _choose_sender() -> None:
    funnel = FunnelSettings.load()
    funnel.sender_name = "Ada"
    funnel.save()


def _read_privacy() -> None:
    page = SiteSettings.load().privacy_page
    page.specific.save_revision(user=User.objects.create_user("reader")).publish()


def _write_article() -> None:
    ArticlePageFactory(parent=article_list())


def _upload_video() -> None:
    VideoFactory(series=FunnelSettings.load().series)


STEPS: dict[str, Callable[[], None]] = {
    "Say who you are": _say_name,
    "Say how readers can write to you": _say_address,
    "Choose who the mails are from": _choose_sender,
    "Read the page about privacy": _read_privacy,
    "Write the first article": _write_article,
    "Upload the videos": _upload_video,
}


def test_every_step_goes_when_it_is_done_and_the_panel_with_the_last(
    client: Client, home: HomePage
) -> None:
    assert titles() == list(STEPS)
    left = list(STEPS)
    for title, do in STEPS.items():
        do()
        left.remove(title)
        assert titles() == left
    member(client, "Coach")
    assert "Begin here" not in client.get("/admin/").content.decode()


def test_what_was_taken_away_is_asked_for_again(home: HomePage) -> None:
    SupportSignpost.objects.all().delete()
    funnel = FunnelSettings.load()
    funnel.series = None
    funnel.save()
    assert {"Say where help is", "Choose the free videos"} <= set(titles())
