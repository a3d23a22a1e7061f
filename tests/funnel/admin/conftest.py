"""People at the admin, one for each role."""

from collections.abc import Callable

import pytest
from django.contrib.auth.models import AbstractUser, Group, User
from django.test import Client

from cms.roles import ensure_roles


@pytest.fixture
def login(db: None) -> Callable[[str], Client]:
    """Return a function that logs somebody in with a role's name, or "admin", or "editor"."""
    ensure_roles()

    def login_as(role: str) -> Client:
        user: AbstractUser = User.objects.create_user(
            role.lower(), email=f"{role.lower()}@staff.test", is_superuser=role == "admin"
        )
        group = {"Coach": "Coach", "Marketing": "Marketing", "editor": "Editors"}.get(role)
        if group:
            user.groups.add(Group.objects.get(name=group))
        client = Client()
        client.force_login(user)
        return client

    return login_as


@pytest.fixture
def marketing(login: Callable[[str], Client]) -> Client:
    """Somebody of marketing."""
    return login("Marketing")


@pytest.fixture
def coach(login: Callable[[str], Client]) -> Client:
    """The coach."""
    return login("Coach")
