"""Who may log in: demo accounts are recognised by their group, which they can't leave."""

from typing import Any

import pytest
from django.contrib import auth
from django.contrib.auth.models import Group, User
from django.db import connection
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext

from cms.auth import DEMO_GROUP

pytestmark = pytest.mark.django_db


def authenticate(**credentials: str) -> Any:
    """Ask as the login page does, from somewhere."""
    return auth.authenticate(RequestFactory().post("/admin/login/"), **credentials)


@pytest.fixture
def renamed_demo_account() -> User:
    """A demo account that gave itself another address."""
    user = User.objects.create_user("coach", "mine@elsewhere.test", "printed")
    user.groups.add(Group.objects.create(name=DEMO_GROUP))
    return user


def test_a_demo_account_is_no_door_of_a_real_site(
    renamed_demo_account: User, client: Client, settings: Any
) -> None:
    settings.DEMO = True
    assert authenticate(username="coach", password="printed") == renamed_demo_account
    client.force_login(renamed_demo_account)
    settings.DEMO = False
    assert authenticate(username="coach", password="printed") is None
    assert client.get("/admin/")["Location"].startswith("/admin/login/")


def test_the_ending_of_the_address_counts_as_well() -> None:
    User.objects.create_user("admin", "admin@demo.unstuck.test", "printed")
    assert authenticate(username="admin", password="printed") is None


def test_everybody_else_comes_in() -> None:
    Group.objects.create(name=DEMO_GROUP)
    user = User.objects.create_user("ada", "ada@staff.test", "hers")
    assert authenticate(username="ada", password="hers") == user


def test_a_demo_site_asks_for_no_group(settings: Any) -> None:
    settings.DEMO = True
    User.objects.create_user("ada", "ada@staff.test", "hers")
    with CaptureQueriesContext(connection) as captured:
        authenticate(username="ada", password="hers")
    assert not [query for query in captured if "auth_group" in query["sql"]]


def test_nobody_changes_an_address_on_a_demo(client: Client, settings: Any) -> None:
    user = User.objects.create_superuser("ada", "ada@staff.test", "hers")
    client.force_login(user)
    assert 'name="name_email-email"' in client.get("/admin/account/").content.decode()
    settings.WAGTAIL_EMAIL_MANAGEMENT_ENABLED = False
    assert 'name="name_email-email"' not in client.get("/admin/account/").content.decode()
