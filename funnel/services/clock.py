"""What the clock brings: once a minute, on one worker, however many there are."""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from funnel.models import LimitCount, PrivateLink

from .alerts import tell_of_breaker
from .limits import purge_limits
from .mail import retry_unlawful
from .retention import remove_expired
from .sequence import plan_again

# Long enough that whoever comes with an old mail is told so by a link that was once known.
LINKS_STAY = timedelta(days=30)
TURN = "the clock's minute"
TURNS_STAY = timedelta(hours=1)
OVERLAP = timedelta(minutes=15)

logger = logging.getLogger(__name__)


def plan_missed(*, now: datetime) -> None:
    """Plan mails for everybody about whom something has become known since the last turn."""
    turns = LimitCount.objects.filter(key=TURN, window_start__lt=_minute(now))
    last = turns.order_by("-window_start").values_list("window_start", flat=True).first()
    plan_again(since=(last or now) - OVERLAP, now=now)


def remove_old_links(*, now: datetime) -> None:
    """Forget links that have opened nothing for long."""
    PrivateLink.objects.filter(expires_at__lte=now - LINKS_STAY).delete()


def remove_old_turns(*, now: datetime) -> None:
    """Forget who had the clock's past minutes."""
    LimitCount.objects.filter(key=TURN, window_end__lte=now).delete()


# In this order. Each is called as `step(now=now)`, is short, can be repeated at any point, and
# stands in nobody's way when it fails.
STEPS: tuple[Callable[..., object], ...] = (
    plan_missed,
    retry_unlawful,
    remove_expired,
    remove_old_links,
    remove_old_turns,
    purge_limits,
    tell_of_breaker,
)


def run_clock(*, now: datetime, steps: tuple[Callable[..., object], ...] | None = None) -> bool:
    """Take every step, where nobody has done so within this minute; return whether it was done.

    A minute belongs to whoever writes its row first. A worker that dies in it leaves the rest to
    whoever has the next.
    """
    minute = _minute(now)
    _, is_ours = LimitCount.objects.get_or_create(
        key=TURN,
        window_start=minute,
        defaults={"window_end": minute + TURNS_STAY, "count": 1},
    )
    if not is_ours:
        return False
    for step in STEPS if steps is None else steps:
        try:
            step(now=now)
        except Exception:
            logger.exception("The clock's step “%s” failed; it is tried in a minute.", step)
    return True


def _minute(now: datetime) -> datetime:
    return now.replace(second=0, microsecond=0)
