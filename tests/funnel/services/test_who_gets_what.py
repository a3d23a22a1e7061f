"""Who is sent what, by what an address has been through when its form comes in."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail

from funnel.choices import LeadStage, OutboxKind, SuppressionReason
from funnel.models import Lead, OutboxEntry, Suppression
from funnel.services.erasure import request_erasure
from funnel.services.leaving import leave, suppress_lead

ADA = "ada@mail.test"
NOTHING, CONFIRMATION, VIDEOS = "nothing", "/confirm/", "/open/"
Past = Callable[[Any], object]


def pending(visitor: Any) -> None:
    visitor.opt_in()
    visitor.work()
    visitor.move(days=2)


def confirmed(visitor: Any) -> None:
    visitor.become_confirmed()
    visitor.move(days=2)


def unsubscribed(visitor: Any) -> None:
    lead = visitor.become_confirmed()
    leave(lead_id=lead.pk, now=visitor.clock())
    visitor.move(days=2)


def suppressed(reason: SuppressionReason, *, days_ago: int, lifted: bool = False) -> Past:
    def happen(visitor: Any) -> None:
        lead = visitor.become_confirmed()
        suppress_lead(lead_id=lead.pk, reason=reason, source="a test", now=visitor.clock())
        visitor.move(days=days_ago)
        if lifted:
            Suppression.objects.update(lifted_at=visitor.clock())

    return happen


def erased(visitor: Any) -> None:
    lead = visitor.become_confirmed()
    request_erasure(lead_id=lead.pk, now=visitor.clock())
    visitor.work()
    visitor.move(days=2)


COMPLAINED, BOUNCED = SuppressionReason.COMPLAINED, SuppressionReason.BOUNCED
TABLE: dict[str, tuple[Past, str]] = {
    "new": (lambda visitor: None, CONFIRMATION),
    "pending": (pending, CONFIRMATION),
    "unsubscribed": (unsubscribed, CONFIRMATION),
    "confirmed": (confirmed, VIDEOS),
    "complained": (suppressed(COMPLAINED, days_ago=2), NOTHING),
    "complained a year ago": (suppressed(COMPLAINED, days_ago=365), NOTHING),
    "complained, lifted": (suppressed(COMPLAINED, days_ago=2, lifted=True), CONFIRMATION),
    "bounced": (suppressed(BOUNCED, days_ago=2), NOTHING),
    "bounced 29 days ago": (suppressed(BOUNCED, days_ago=29), NOTHING),
    "bounced 30 days ago": (suppressed(BOUNCED, days_ago=30), CONFIRMATION),
    "erased": (erased, CONFIRMATION),
}


@pytest.mark.parametrize("state", TABLE)
def test_who_gets_what(visitor: Any, mail_service: Any, state: str) -> None:
    happen, expected = TABLE[state]
    happen(visitor)
    mail.outbox.clear()

    assert visitor.opt_in().status_code == 302
    OutboxEntry.objects.exclude(kind__in=(OutboxKind.OPT_IN_MAIL, OutboxKind.MEMBER)).delete()
    visitor.work()

    if expected == NOTHING:
        assert mail.outbox == []
    else:
        [message] = mail.outbox
        assert message.to == [ADA]
        assert expected in visitor.links()[0]


@pytest.mark.parametrize("state", [name for name, (_, gets) in TABLE.items() if gets != NOTHING])
def test_whoever_gets_a_mail_comes_to_the_videos_by_it(
    visitor: Any, mail_service: Any, state: str
) -> None:
    happen, expected = TABLE[state]
    happen(visitor)
    visitor.opt_in()
    visitor.work()
    visitor.move(minutes=5)
    press = visitor.client.post if expected == CONFIRMATION else visitor.client.get
    answer = press(visitor.links()[0], headers={"Origin": "http://testserver"})
    assert (answer.status_code, answer["Location"]) == (303, "/free-videos/watch/")
    assert Lead.objects.get(address_key=ADA).stage == LeadStage.CONFIRMED


def test_an_opt_in_from_before_a_bounce_does_not_outlive_it(visitor: Any) -> None:
    """The thirty days free the address for what is asked then, not for what was asked before."""
    visitor.become_confirmed()
    visitor.opt_in(first_name="Ada")
    visitor.move(minutes=1)
    suppress_lead(lead_id=Lead.objects.get().pk, reason=BOUNCED, source="x", now=visitor.clock())
    mail.outbox.clear()
    OutboxEntry.objects.filter(kind=OutboxKind.OPT_IN_MAIL, state="pending").update(
        due_at=visitor.clock() + timedelta(days=40)
    )
    visitor.move(days=41)
    visitor.work()
    assert mail.outbox == []
