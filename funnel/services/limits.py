"""Limits that hold across processes and machines, counted in the database.

A count is one conditional update over a unique row, the same on SQLite and PostgreSQL: of two that
ask for the last place at the same moment, one gets it. What is counted is kept as a keyed hash.
"""

import hashlib
import hmac
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.db import transaction
from django.db.models import F

from funnel.conf import address_hash_key, funnel_setting
from funnel.models import LimitCount

from .conflicts import retried_on_conflict

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
# Rows of windows that are over are of no use to anybody.
_PURGED_AT_ONCE = 5000


@dataclass(frozen=True, kw_only=True)
class Limit:
    """How often one thing may happen in a window of time; the windows lie end to end."""

    name: str
    most: int
    window: timedelta


@dataclass(frozen=True, kw_only=True)
class Count:
    """One limit, and whom or what it is counted for."""

    limit: Limit
    subject: str = ""


# A school or a phone's provider may stand behind one network, so it has room for a class.
NETWORK_HOUR = Limit(name="network-hour", most=30, window=HOUR)
# Without scripts nothing says how long the form was open.
PLAIN_NETWORK_HOUR = Limit(name="plain-network-hour", most=6, window=HOUR)
PLAIN_HOUR = Limit(name="plain-hour", most=120, window=HOUR)
# How many are written down. How many mails go out is decided where they are sent.
ADDRESS_DAY = Limit(name="address-day", most=60, window=DAY)
DOMAIN_MAILS_HOUR = Limit(name="domain-mails-hour", most=120, window=HOUR)


def everybody_limit() -> Limit:
    """The breaker: how many opt-ins the whole site takes in an hour."""
    return Limit(name="all-hour", most=int(funnel_setting("OPT_INS_AN_HOUR")), window=HOUR)


@retried_on_conflict
def take(counts: Iterable[Count], *, now: datetime) -> Limit | None:
    """Take one place under every limit, or none at all and return the limit that is reached."""
    reached = None
    with transaction.atomic():
        for count in counts:
            if not _take_one(count, now=now):
                reached = count.limit
                transaction.set_rollback(True)
                break
    return reached


def is_reached(count: Count, *, now: datetime) -> bool:
    """Whether there is no place left, taking none."""
    start = window_start(count.limit, now=now)
    return LimitCount.objects.filter(
        key=_key(count), window_start=start, count__gte=count.limit.most
    ).exists()


def give_back(count: Count, *, now: datetime) -> None:
    """Give a place back that was taken for something that did not happen after all."""
    start = window_start(count.limit, now=now)
    LimitCount.objects.filter(key=_key(count), window_start=start, count__gt=0).update(
        count=F("count") - 1
    )


def window_start(limit: Limit, *, now: datetime) -> datetime:
    """Return when the window began that `now` lies in."""
    seconds = int(limit.window.total_seconds())
    return datetime.fromtimestamp(int(now.timestamp()) // seconds * seconds, tz=UTC)


def window_end(limit: Limit, *, now: datetime) -> datetime:
    """Return when the next window begins."""
    return window_start(limit, now=now) + limit.window


def purge_limits(*, now: datetime) -> int:
    """Remove counts whose window is over, a bounded number at a time; return how many."""
    over = LimitCount.objects.filter(window_end__lte=now).values("pk")[:_PURGED_AT_ONCE]
    removed, _ = LimitCount.objects.filter(pk__in=list(over.values_list("pk", flat=True))).delete()
    return removed


def _take_one(count: Count, *, now: datetime) -> bool:
    limit, key = count.limit, _key(count)
    start = window_start(limit, now=now)
    unknown = LimitCount(key=key, window_start=start, window_end=start + limit.window)
    LimitCount.objects.bulk_create([unknown], ignore_conflicts=True)
    taken = LimitCount.objects.filter(key=key, window_start=start, count__lt=limit.most)
    return bool(taken.update(count=F("count") + 1))


def _key(count: Count) -> str:
    told = f"funnel.limit.{count.limit.name}:{count.subject}"
    return hmac.new(address_hash_key(), told.encode(), hashlib.sha256).hexdigest()
