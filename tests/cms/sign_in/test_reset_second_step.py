"""`manage.py reset_second_step`: asks, does it, and leaves a trace."""

import io
import logging
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from wagtail.models import ModelLogEntry

from cms.sign_in import second_step
from tests.cms.sign_in.authenticator import App

pytestmark = pytest.mark.django_db


def answer(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    """Type something at the question."""
    monkeypatch.setattr("sys.stdin", io.StringIO(text))


@pytest.mark.parametrize("text", ["", "\n", "no\n", "maybe\n"])
def test_does_nothing_without_a_yes(
    phone: App, ada: User, monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    answer(monkeypatch, text)
    with pytest.raises(CommandError, match="Nothing was changed"):
        call_command("reset_second_step", "ada")
    assert second_step.second_step_of(ada)


def test_leaves_a_trace(
    phone: App, ada: User, monkeypatch: pytest.MonkeyPatch, caplog: Any
) -> None:
    answer(monkeypatch, "y\n")
    logging.getLogger("cms").propagate = True
    with caplog.at_level(logging.INFO, "cms"):
        call_command("reset_second_step", "ada", stdout=io.StringIO())
    logging.getLogger("cms").propagate = False
    assert second_step.second_step_of(ada) is None
    assert second_step.recovery_codes_of(ada) == []
    assert ModelLogEntry.objects.get(action=second_step.RESET).object_id == str(ada.pk)
    assert f"account {ada.pk}" in caplog.text
    assert "ada@staff.test" not in caplog.text


def test_says_so_where_there_is_nothing_to_reset(ada: User) -> None:
    told = io.StringIO()
    call_command("reset_second_step", "ada", "--yes", stdout=told)
    assert "has no second step yet" in told.getvalue()
    assert not ModelLogEntry.objects.filter(action=second_step.RESET).exists()


def test_an_unknown_name_is_told(db: None) -> None:
    with pytest.raises(CommandError, match="no account with the name nobody"):
        call_command("reset_second_step", "nobody", "--yes")
