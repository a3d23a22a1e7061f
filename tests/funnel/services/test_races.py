"""What happens while a delivery is under way, or between a person's act and a late delivery."""

from collections.abc import Callable
from datetime import timedelta
from random import Random
from types import SimpleNamespace
from typing import Any

import pytest
from django.core import mail
from django.db import OperationalError

from funnel.choices import LeadStage, OutboxKind, OutboxState
from funnel.mailing.backends.locmem import LocmemBackend
from funnel.mailing.base import Member, MemberStatus, Receipt, RefusedError, UnreachableError
from funnel.models import Lead, OptIn, OutboxEntry
from funnel.services import conflicts
from funnel.services.conflicts import retried_on_conflict
from funnel.services.delivery import deliver_due
from funnel.services.erasure import request_erasure
from funnel.services.leaving import leave, stop_sharing_cycle
from funnel.services.outbox import retry_parked

ADA = "ada@mail.test"
Act = Callable[[], Any]


class Interrupted(LocmemBackend):
    """A mail service during whose first call of a kind something else happens."""

    def __init__(self, *, during_announce: Act | None = None, after_update: Act | None = None):
        self.acts = {"announce": during_announce, "update": after_update}

    def _act(self, name: str) -> None:
        act, self.acts[name] = self.acts[name], None
        if act:
            act()

    def announce(self, *, member: Member) -> Receipt:
        """Let it happen before the call is carried out."""
        self._act("announce")
        return super().announce(member=member)

    def update(self, *, member: Member) -> Receipt:
        """Let it happen between the call and its answer."""
        receipt = super().update(member=member)
        self._act("update")
        return receipt


def work(visitor: Any, backend: LocmemBackend) -> None:
    """Let a worker with this backend deliver everything that is due."""
    while deliver_due(clock=visitor.clock, backend=backend, rng=Random(1)):
        pass


@pytest.fixture
def confirmed(visitor: Any) -> Lead:
    """A lead who has just confirmed; nothing has gone to the mail service."""
    visitor.opt_in(first_name="Ada", cycle="resentment")
    visitor.work()
    visitor.move(minutes=5)
    visitor.confirm()
    return Lead.objects.get()


def confirm_again(visitor: Any, **answers: Any) -> None:
    """Opt in with something new, and confirm that; the worker has not come yet."""
    visitor.opt_in(**answers)
    visitor.work()
    visitor.move(minutes=1)
    visitor.confirm()


def test_an_erasure_waits_for_the_delivery_under_way(
    visitor: Any, confirmed: Lead, mail_service: Any
) -> None:
    def erase() -> None:
        request_erasure(lead_id=confirmed.pk, now=visitor.clock())
        visitor.work()

    work(visitor, Interrupted(during_announce=erase))
    visitor.move(hours=1)
    visitor.work()
    assert not mail_service.members
    assert not Lead.objects.exists()


def test_an_opt_in_after_the_wish_to_be_erased_starts_a_new_lead(
    visitor: Any, mail_service: Any
) -> None:
    old = visitor.become_confirmed(first_name="Ada")
    request_erasure(lead_id=old.pk, now=visitor.clock())
    visitor.move(seconds=1)
    assert visitor.opt_in().status_code == 302
    visitor.work()
    visitor.move(minutes=1)
    new = Lead.objects.get()
    assert (new.pk != old.pk, new.first_name, OptIn.objects.count()) == (True, "", 1)
    assert "/confirm/" in visitor.links()[0]
    assert visitor.confirm().status_code == 303
    visitor.work()
    new.refresh_from_db()
    assert new.stage == LeadStage.CONFIRMED
    assert mail_service.members[ADA].status == MemberStatus.SUBSCRIBED


def test_a_mail_still_answers_an_opt_in_that_an_erasure_overtakes(
    visitor: Any, mail_service: Any
) -> None:
    old = visitor.become_confirmed()
    request_erasure(lead_id=old.pk, now=visitor.clock())
    visitor.move(seconds=1)
    visitor.opt_in()
    [entry] = OutboxEntry.objects.filter(kind=OutboxKind.OPT_IN_MAIL, state=OutboxState.PENDING)
    OutboxEntry.objects.filter(pk=entry.pk).update(due_at=visitor.clock() + timedelta(minutes=1))
    visitor.work()
    assert not Lead.objects.filter(pk=old.pk).exists()
    mail.outbox.clear()
    visitor.move(minutes=2)
    visitor.work()
    assert len(mail.outbox) == 1


def test_leaving_during_a_refused_delivery_reaches_the_service(
    visitor: Any, mail_service: Any
) -> None:
    lead = visitor.become_confirmed(first_name="Ada")
    lead_left = []

    def leave_then_fail() -> None:
        lead_left.append(True)
        leave(lead_id=lead.pk, now=visitor.clock())
        raise RefusedError("no", title="Invalid Resource")

    confirm_again(visitor, first_name="Adah")
    work(visitor, Interrupted(after_update=leave_then_fail))
    assert lead_left
    assert mail_service.members[ADA].status == MemberStatus.UNSUBSCRIBED


def test_a_confirmation_while_the_service_says_gone_prevails(
    visitor: Any, mail_service: Any
) -> None:
    lead = visitor.become_confirmed(first_name="Ada", cycle="resentment")
    mail_service.members[ADA].status = MemberStatus.UNSUBSCRIBED
    mail_service.members[ADA].changed_at = visitor.clock()
    visitor.move(minutes=1)
    visitor.opt_in(first_name="Adah")
    visitor.work()
    visitor.move(minutes=1)
    stop_sharing_cycle(lead_id=lead.pk, now=visitor.clock())

    def confirm() -> None:
        visitor.move(seconds=2)
        visitor.confirm()

    work(visitor, Interrupted(after_update=confirm))
    visitor.move(minutes=2)
    visitor.work()
    lead.refresh_from_db()
    assert lead.stage == LeadStage.CONFIRMED
    assert mail_service.members[ADA].status == MemberStatus.SUBSCRIBED


def test_a_worker_past_its_lease_brings_nobody_back(
    visitor: Any, confirmed: Lead, mail_service: Any
) -> None:
    def sleep_over_the_lease_while_she_leaves() -> None:
        visitor.move(seconds=100)
        leave(lead_id=confirmed.pk, now=visitor.clock())
        visitor.work()

    work(visitor, Interrupted(during_announce=sleep_over_the_lease_while_she_leaves))
    visitor.move(minutes=1)
    visitor.work()
    assert mail_service.members[ADA].status == MemberStatus.UNSUBSCRIBED


def test_who_left_there_before_a_late_delivery_has_left(visitor: Any, mail_service: Any) -> None:
    visitor.become_confirmed(first_name="Ada")
    confirm_again(visitor, first_name="Adah")
    visitor.move(minutes=30)
    member = mail_service.members[ADA]
    member.status, member.changed_at = MemberStatus.UNSUBSCRIBED, visitor.clock()
    visitor.move(minutes=30)
    visitor.work()
    assert member.status == MemberStatus.UNSUBSCRIBED
    assert Lead.objects.get().stage == LeadStage.UNSUBSCRIBED


def test_leaving_takes_the_cycle_off_the_member(
    visitor: Any, confirmed: Lead, mail_service: Any
) -> None:
    visitor.work()
    assert "cycle-resentment" in mail_service.members[ADA].tags
    leave(lead_id=confirmed.pk, now=visitor.clock())
    visitor.work()
    assert "cycle-resentment" not in mail_service.members[ADA].tags


def test_an_older_opt_in_does_not_share_the_cycle_again(visitor: Any, mail_service: Any) -> None:
    lead = visitor.become_confirmed(cycle="resentment")
    visitor.opt_in(cycle="criticism")
    visitor.work()
    link = visitor.links()[0]
    visitor.move(minutes=1)
    stop_sharing_cycle(lead_id=lead.pk, now=visitor.clock())
    visitor.move(minutes=1)
    visitor.client.post(link, headers={"Origin": "http://testserver"})
    visitor.work()
    lead.refresh_from_db()
    assert not lead.shares_cycle
    assert mail_service.members[ADA].tags == {"offer-free-videos"}


def test_facts_arrive_after_a_lost_answer(visitor: Any, mail_service: Any) -> None:
    visitor.become_confirmed(first_name="Ada")
    confirm_again(visitor, first_name="Adah")
    mail_service.failures.append(UnreachableError("lost"))
    for _ in range(3):
        visitor.work()
        visitor.move(minutes=2)
    assert mail_service.members[ADA].first_name == "Adah"


def test_a_strangers_words_about_an_address_do_not_stick(visitor: Any, mail_service: Any) -> None:
    visitor.opt_in(first_name="Somebody", cycle="desperation")
    visitor.move(minutes=1)
    lead = visitor.become_confirmed()
    assert (lead.first_name, lead.current_cycle) == ("", None)
    member = mail_service.members[ADA]
    assert (member.first_name, member.tags) == ("", {"offer-free-videos"})


def test_a_mail_goes_out_before_members_of_a_service_that_is_away(
    visitor: Any, mail_service: Any
) -> None:
    links = []
    for number in range(4):
        visitor.opt_in(f"reader.{number}@mail.test")
        visitor.work()
        links += visitor.links()
    for link in links:
        visitor.client.post(link, headers={"Origin": "http://testserver"})
    visitor.move(minutes=1)
    visitor.opt_in("grace@mail.test")
    mail.outbox.clear()
    mail_service.failures += [UnreachableError("no answer")] * 5
    deliver_due(clock=visitor.clock, backend=LocmemBackend(), rng=Random(1))
    assert [message.to for message in mail.outbox][-1] == ["grace@mail.test"]
    assert len(mail_service.failures) == 4
    waiting = OutboxEntry.objects.filter(kind=OutboxKind.MEMBER)
    assert set(waiting.values_list("state", flat=True)) == {OutboxState.PENDING}


def test_what_waits_for_a_person_can_be_tried_again(
    visitor: Any, confirmed: Lead, mail_service: Any
) -> None:
    mail_service.failures.append(RefusedError("Check the address."))
    visitor.work()
    assert ADA not in mail_service.members
    visitor.move(days=1)
    assert retry_parked(now=visitor.clock()) == 1
    visitor.work()
    assert ADA in mail_service.members


def test_a_deadlock_is_not_the_visitors(monkeypatch: pytest.MonkeyPatch) -> None:
    tries = []

    @retried_on_conflict
    def record() -> str:
        tries.append(True)
        if len(tries) < 3:
            raise OperationalError("deadlock detected")
        return "recorded"

    monkeypatch.setattr(conflicts, "connection", SimpleNamespace(in_atomic_block=False))
    assert record() == "recorded"
