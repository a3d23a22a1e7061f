"""A worker is killed at every step of a mail that follows: at most one mail more, and none lost."""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import pytest
from django.core import mail
from django.db import connection
from django.db.transaction import Atomic

from funnel.choices import OutboxKind, OutboxState, ReleaseRule
from funnel.mailing import mailing_backend
from funnel.models import Lead, LimitCount, OutboxEntry, SequenceMail
from funnel.queries.sequence import FOLLOWING, OUTBOX_KINDS
from funnel.services.clock import TURN, run_clock
from funnel.services.delivery import LEASE, deliver_due
from funnel.services.sequence import plan_mails
from funnel.services.watching import start_run
from tests.factories.watching import opted_in, series_of

pytestmark = pytest.mark.django_db

# At nine in New York, when mails may leave.
MORNING = datetime.fromisoformat("2026-05-08T13:00:00+00:00")
STEPS_AT_MOST = 400


@pytest.fixture(autouse=True)
def every_transaction_can_be_rolled_back(monkeypatch: pytest.MonkeyPatch) -> None:
    """Inside a test's own transaction, Django gives up where it saves itself a savepoint."""
    original = Atomic.__init__

    def with_savepoint(self: Atomic, using: Any, savepoint: bool, durable: bool) -> None:
        original(self, using, True, durable)

    monkeypatch.setattr(Atomic, "__init__", with_savepoint)


class KilledError(BaseException):
    """What a process sees of SIGKILL: nothing that it could catch."""


@contextmanager
def killed_at(step: int) -> Iterator[None]:
    """Let the process die just before its query number `step`.

    What a transaction has written by then is rolled back, as it would be.
    """
    asked = 0

    def count(execute: Any, sql: str, *arguments: Any) -> Any:
        nonlocal asked
        asked += "SAVEPOINT" not in sql
        if asked == step:
            asked += 1
            raise KilledError
        return execute(sql, *arguments)

    with connection.execute_wrapper(count):
        yield


def survives(act: Callable[[], object], *, step: int) -> bool:
    """Whether the act comes to its end before the step at which it would be killed."""
    try:
        with killed_at(step):
            act()
    except KilledError:
        return False
    return True


def planned_lead(visitor: Any, *, release: ReleaseRule, days_ago: int) -> Lead:
    """A lead whose next mail has been due since this moment."""
    opt_in = opted_in(series_of(2, release=release))
    now = visitor.clock()
    start_run(lead=opt_in.lead, opt_in=opt_in, now=now)
    plan_mails(lead=opt_in.lead, now=now)
    visitor.move(days=days_ago)
    return opt_in.lead


@pytest.mark.parametrize(
    ("kind", "release", "days"),
    [
        (OutboxKind.NEXT_VIDEO_MAIL, ReleaseRule.A_DAY_APART, 1),
        (OutboxKind.NUDGE_MAIL, ReleaseRule.ALL_AT_ONCE, 3),
        (OutboxKind.INVITATION_MAIL, ReleaseRule.ALL_AT_ONCE, 8),
    ],
)
def test_one_mail_more_for_a_kill_at_most(
    visitor: Any, kind: OutboxKind, release: ReleaseRule, days: int
) -> None:
    """Where it is sent again, it is the same mail to a mail program: its Message-ID says so."""
    visitor.move(seconds=(MORNING - visitor.clock()).total_seconds())
    SequenceMail.objects.exclude(kind__in=[k for k, v in OUTBOX_KINDS.items() if v == kind]).update(
        is_on=False
    )
    more = 0
    for step in range(1, STEPS_AT_MOST):
        mail.outbox.clear()
        lead = planned_lead(visitor, release=release, days_ago=days)
        OutboxEntry.objects.filter(lead=lead, kind__in=FOLLOWING).exclude(kind=kind).delete()

        def work() -> int:
            return deliver_due(clock=visitor.clock, backend=mailing_backend(), limit=1)

        finished = survives(work, step=step)
        visitor.move(seconds=LEASE.total_seconds() + 1)
        visitor.work()
        entry = OutboxEntry.objects.get(lead=lead, kind=kind)
        assert entry.state == OutboxState.DELIVERED, step
        sent = [each.extra_headers["Message-ID"] for each in mail.outbox]
        assert 1 <= len(sent) <= 2, step
        assert len(set(sent)) == 1
        more += len(sent) - 1
        if finished:
            assert len(sent) == 1
            break
        Lead.objects.filter(pk=lead.pk).update(wants_one_mail=True)
        visitor.work()
        visitor.move(seconds=(MORNING - visitor.clock()).total_seconds())
    else:
        pytest.fail("It never came to its end.")
    assert more > 0, "no kill fell between a mail and its note"


def test_a_clock_killed_at_any_step_loses_no_mail(visitor: Any) -> None:
    """The one who has the next minute makes up for it."""
    visitor.move(seconds=(MORNING - visitor.clock()).total_seconds())
    for step in range(1, STEPS_AT_MOST):
        opt_in = opted_in(series_of(2))
        start_run(lead=opt_in.lead, opt_in=opt_in, now=visitor.clock())
        visitor.move(minutes=1)
        finished = survives(lambda: run_clock(now=visitor.clock()), step=step)
        visitor.move(minutes=1)
        run_clock(now=visitor.clock())
        planned = OutboxEntry.objects.filter(lead=opt_in.lead, kind__in=FOLLOWING)
        assert Counter(planned.values_list("kind", flat=True)) == {
            OutboxKind.NUDGE_MAIL: 1,
            OutboxKind.INVITATION_MAIL: 1,
        }, step
        if finished:
            return
        visitor.move(minutes=30)
    pytest.fail("It never came to its end.")


def test_one_clock_strikes_in_a_minute(visitor: Any) -> None:
    taken: list[datetime] = []

    def step(*, now: datetime) -> None:
        taken.append(now)

    for _ in range(3):
        run_clock(now=visitor.clock(), steps=(step,))
        visitor.move(seconds=15)
    visitor.move(minutes=1)
    run_clock(now=visitor.clock(), steps=(step,))
    assert len(taken) == 2


def test_a_step_that_fails_stands_in_nobodys_way(
    visitor: Any, caplog: pytest.LogCaptureFixture
) -> None:
    taken: list[str] = []

    def fails(*, now: datetime) -> None:
        raise ZeroDivisionError

    def goes(*, now: datetime) -> None:
        taken.append("gone")

    assert run_clock(now=visitor.clock(), steps=(fails, goes))
    assert taken == ["gone"]
    assert "failed" in caplog.text


def test_a_clock_that_stood_still_plans_for_all_that_happened_meanwhile(visitor: Any) -> None:
    run_clock(now=visitor.clock())
    opt_in = opted_in(series_of(2))
    start_run(lead=opt_in.lead, opt_in=opt_in, now=visitor.clock())
    visitor.move(days=2)
    run_clock(now=visitor.clock())
    assert OutboxEntry.objects.filter(lead=opt_in.lead, kind=OutboxKind.NUDGE_MAIL).exists()
    assert LimitCount.objects.filter(key=TURN).count() == 1
