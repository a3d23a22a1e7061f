"""When a mail that anybody can ask for may go: a mailbox must not suffer for what strangers type.

Nothing is dropped for it. A mail whose turn has not come waits in the outbox until it has.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Max, Q, QuerySet

from funnel.addresses import domain_of, mailbox_of
from funnel.choices import OutboxKind, OutboxState
from funnel.models import Lead, OutboxEntry, PrivateLink

from .limits import DAY, DOMAIN_MAILS_HOUR, HOUR, Count, take, window_end

# Whoever types an address brings these about; for all others a person has shown a mailbox.
PACED_MAILS = (OutboxKind.OPT_IN_MAIL, OutboxKind.CALL_CONFIRM_MAIL, OutboxKind.MY_DATA_MAIL)
# In any span of this length, at most so many that nobody has answered.
PACE = ((HOUR, 1), (DAY, 3))
# Another worker is at a mail to the same mailbox; it will have come to an end by then.
WAIT_FOR_ANOTHER = timedelta(seconds=20)


@dataclass(frozen=True, kw_only=True)
class Later:
    """That a delivery’s turn has not come yet."""

    until: datetime


def turn_of(*, entry: OutboxEntry, token: str, now: datetime) -> Later | None:
    """Return how long a claimed mail has to wait, None where it may go now.

    At most one an hour and three a day go to a mailbox, counted from the last time somebody used a
    link there: who answers is no victim. A domain gets no more than a mail server bears.
    """
    leads = _leads_of_the_mailbox(entry.lead)
    others = OutboxEntry.objects.filter(lead__in=leads, kind__in=PACED_MAILS).exclude(pk=entry.pk)
    if _is_another_at_it(others, token=token, now=now):
        return Later(until=now + WAIT_FOR_ANOTHER)
    answered_at = PrivateLink.objects.filter(lead__in=leads).aggregate(last=Max("used_at"))["last"]
    unanswered = others.filter(state=OutboxState.DELIVERED)
    if answered_at is not None:
        unanswered = unanswered.filter(settled_at__gt=answered_at)
    turns = [
        turn
        for span, most in PACE
        if (turn := _turn_within(unanswered, span=span, most=most, now=now)) is not None
    ]
    if turns:
        return Later(until=max(turns))
    domain = Count(limit=DOMAIN_MAILS_HOUR, subject=domain_of(entry.lead.address_key))
    if take([domain], now=now) is not None:
        return Later(until=window_end(DOMAIN_MAILS_HOUR, now=now))
    return None


def _leads_of_the_mailbox(lead: Lead) -> QuerySet[Lead]:
    """Everybody whose mail arrives in one mailbox: what follows a + is only a label there."""
    mailbox = mailbox_of(lead.address_key)
    local, _, domain = mailbox.rpartition("@")
    return Lead.objects.filter(
        Q(address_key=mailbox)
        | Q(address_key__startswith=f"{local}+", address_key__endswith=f"@{domain}")
    )


def _is_another_at_it(others: QuerySet[OutboxEntry], *, token: str, now: datetime) -> bool:
    """Whether another worker may be sending at this moment.

    Two claims are both on disk before either looks, so that at least one of two sees the other.
    """
    in_flight = others.filter(state=OutboxState.IN_FLIGHT, lease_until__gt=now)
    return in_flight.exclude(token=token).exists()


def _turn_within(
    sent: QuerySet[OutboxEntry], *, span: timedelta, most: int, now: datetime
) -> datetime | None:
    moments = sent.filter(settled_at__gt=now - span).order_by("-settled_at")
    newest = list(moments.values_list("settled_at", flat=True)[:most])
    if len(newest) < most or newest[-1] is None:
        return None
    return newest[-1] + span
