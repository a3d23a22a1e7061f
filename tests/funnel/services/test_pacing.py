"""A mailbox gets one such mail an hour and three a day, and nothing is lost."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core import mail
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from funnel.choices import OutboxKind, OutboxState
from funnel.models import Lead, OutboxEntry
from funnel.services import pacing
from funnel.services.limits import HOUR, Limit
from funnel.services.pacing import PACE, turn_of


def test_who_asks_again_within_the_hour_gets_it_when_the_hour_is_over(visitor: Any) -> None:
    visitor.opt_in()
    visitor.work()
    visitor.move(minutes=10)
    visitor.opt_in(first_name="Ada")
    visitor.work()
    assert len(mail.outbox) == 1
    visitor.move(minutes=49)
    visitor.work()
    assert len(mail.outbox) == 1
    visitor.move(minutes=1)
    visitor.work()
    assert len(mail.outbox) == 2
    visitor.confirm()
    assert Lead.objects.get().first_name == "Ada"


def test_the_first_mails_link_works_meanwhile(visitor: Any) -> None:
    visitor.opt_in()
    visitor.work()
    visitor.opt_in()
    visitor.work()
    assert visitor.confirm().status_code == 303


def test_who_answered_is_no_victim(visitor: Any) -> None:
    visitor.become_confirmed()
    sent = len(mail.outbox)
    visitor.opt_in()
    visitor.work()
    assert len(mail.outbox) == sent + 1


def test_a_label_makes_no_other_mailbox(visitor: Any) -> None:
    for address in ("ada@mail.test", "ada+1@mail.test", "ada+two@mail.test"):
        visitor.opt_in(address)
        visitor.work()
    assert [message.to for message in mail.outbox] == [["ada@mail.test"]]
    visitor.opt_in("adam@mail.test")
    visitor.work()
    assert len(mail.outbox) == 2


def test_one_victim_and_a_thousand_networks(visitor: Any, now: datetime) -> None:
    sent: list[datetime] = []
    for step in range(1000):
        visitor.opt_in(("ada@mail.test", "ADA@Mail.test", "ada+x@mail.test")[step % 3])
        visitor.move(minutes=3)
        before = len(mail.outbox)
        visitor.work()
        sent += [visitor.clock()] * (len(mail.outbox) - before)
    assert 6 <= len(sent) <= 9
    for span, most in ((timedelta(hours=1), 1), (timedelta(days=1), 3)):
        for moment in sent:
            assert len([each for each in sent if moment <= each < moment + span]) <= most


@pytest.mark.django_db
@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(st.integers(0, 60 * 30), min_size=1, max_size=8))
def test_a_turn_keeps_the_pace_and_comes(visitor: Any, minutes: list[int]) -> None:
    """Whatever was sent before, a turn keeps both spans, and comes within a day."""
    with transaction.atomic():
        visitor.opt_in()
        waiting = OutboxEntry.objects.get(state=OutboxState.PENDING)
        moments = [visitor.clock() - timedelta(minutes=each) for each in minutes]
        for moment in moments:
            OutboxEntry.objects.create(
                kind=OutboxKind.OPT_IN_MAIL,
                lead=waiting.lead,
                state=OutboxState.DELIVERED,
                created_at=moment,
                due_at=moment,
                settled_at=moment,
            )
        now = visitor.clock()
        later = turn_of(entry=waiting, token="", now=now)
        turn = later.until if later else now
        assert turn <= now + timedelta(days=1)
        for span, most in PACE:
            assert len([each for each in moments if each > turn - span]) < most
        transaction.set_rollback(True)


def test_another_worker_at_the_same_mailbox_is_waited_for(visitor: Any) -> None:
    visitor.opt_in("ada@mail.test")
    OutboxEntry.objects.update(
        state=OutboxState.IN_FLIGHT,
        token="another",
        lease_until=visitor.clock() + timedelta(seconds=90),
    )
    visitor.opt_in("ada@mail.test")
    visitor.work()
    assert not mail.outbox
    visitor.move(seconds=91)
    visitor.work()
    assert len(mail.outbox) == 1


def test_a_domain_gets_no_more_than_its_server_bears(
    visitor: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pacing, "DOMAIN_MAILS_HOUR", Limit(name="few", most=2, window=HOUR))
    for name in ("ada", "grace", "mary", "joan"):
        visitor.opt_in(f"{name}@mail.test")
    visitor.opt_in("ada@other.test")
    visitor.work()
    assert len(mail.outbox) == 3
    visitor.move(hours=1)
    visitor.work()
    assert len(mail.outbox) == 5
