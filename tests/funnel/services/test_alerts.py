"""Whoever looks after the site is told of a flood, once an hour of it."""

from typing import Any

import pytest
from django.core import mail
from pytest_django import Settings

from funnel.models import FunnelSettings
from funnel.services.alerts import tell_of_breaker


@pytest.fixture
def flood(visitor: Any, settings: Settings) -> Any:
    settings.FUNNEL = {**settings.FUNNEL, "OPT_INS_AN_HOUR": 1}
    known = FunnelSettings.load()
    known.alert_address = "engineer@mail.test"
    known.save()
    visitor.opt_in("ada@mail.test")
    return visitor


def test_one_mail_for_one_hour(flood: Any) -> None:
    assert [tell_of_breaker(now=flood.clock()) for _ in range(3)] == [True, False, False]
    flood.move(minutes=40)
    assert not tell_of_breaker(now=flood.clock())
    [message] = mail.outbox
    assert message.to == ["engineer@mail.test"]
    assert "ada" not in message.body


def test_the_last_minute_of_an_hour_is_seen_in_the_next(flood: Any) -> None:
    flood.move(hours=1)
    assert tell_of_breaker(now=flood.clock())


def test_below_the_limit_nobody_is_bothered(flood: Any, settings: Settings) -> None:
    settings.FUNNEL = {**settings.FUNNEL, "OPT_INS_AN_HOUR": 2}
    assert not tell_of_breaker(now=flood.clock())


def test_what_could_not_be_sent_is_tried_again(flood: Any, settings: Settings) -> None:
    working = settings.EMAIL_BACKEND
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    with pytest.raises(OSError, match="refused"):
        tell_of_breaker(now=flood.clock())
    settings.EMAIL_BACKEND = working
    assert tell_of_breaker(now=flood.clock())
