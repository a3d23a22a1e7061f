"""A member of staff, a phone, and a clock that a test moves."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.contrib.auth.models import User
from django.test import Client

from cms.sign_in import second_step
from cms.sign_in.progress import PROOF
from tests.cms.sign_in.authenticator import App

PASSWORD = "a long way home in rain"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


@pytest.fixture
def clock(now: datetime) -> Iterator[time_machine.Traveller]:
    """The time of day as the views see it; it stands still until a test moves it."""
    with time_machine.travel(now, tick=False) as traveller:
        yield traveller


@pytest.fixture
def ada(db: None) -> User:
    """Staff, with a password and nothing else yet."""
    return User.objects.create_superuser("ada", "ada@staff.test", PASSWORD)


@pytest.fixture
def phone(ada: User, now: datetime, clock: time_machine.Traveller) -> App:
    """Ada’s phone, set up a while ago; her recovery codes lie in a drawer."""
    app, then = App(SECRET), now - timedelta(days=3)
    assert second_step.set_up(user=ada, secret=SECRET, code=app.code(then), now=then)
    second_step.keep_codes(user=ada, now=then)
    return app


class Visitor(Client):
    """A browser with somebody at the login page."""

    def give_password(self, password: str = PASSWORD, *, name: str = "ada", **fields: Any) -> Any:
        """Fill in the first page."""
        return self.post(
            "/admin/login/", {"username": name, "password": password, "next": "/admin/", **fields}
        )

    def give_code(self, code: str) -> Any:
        """Fill in the second page."""
        return self.post("/admin/login/code/", {"code": code})

    def is_in(self) -> bool:
        """Whether the admin opens."""
        return self.get("/admin/").status_code == 200


@pytest.fixture
def visitor() -> Visitor:
    """A browser that has been nowhere."""
    return Visitor()


def with_password_only(client: Client, user: User) -> Client:
    """Put a browser into a session that Django’s own login made, as before there were two steps."""
    client.force_login(user)
    session = client.session
    del session[PROOF]
    session.save()
    return client
