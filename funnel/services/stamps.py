"""A signed time, fetched when somebody begins to fill in a form: a cached page has no clock.

It says when it was made and for which network, and nothing else. It is kept nowhere.
"""

import hashlib
import hmac
from datetime import UTC, datetime, timedelta
from enum import Enum, auto

from django.core import signing

from funnel.conf import address_hash_key

_SALT = "funnel.stamp"
# Nobody fills in a form faster; our own script waits a little longer before it sends one.
SHORTEST = timedelta(seconds=2)
LONGEST = timedelta(hours=12)
# Clocks of several machines differ a little.
_SKEW = timedelta(seconds=5)


class StampState(Enum):
    """What a stamp tells of whoever sent a form."""

    GOOD = auto()
    # No scripts, an old tab, another network since: nothing against anybody.
    MISSING = auto()
    TOO_QUICK = auto()
    FORGED = auto()


def make_stamp(*, network: str, now: datetime) -> str:
    """Return a stamp for whoever begins now."""
    return signing.dumps([int(now.timestamp() * 1000), _short(network)], salt=_SALT)


def read_stamp(text: str, *, network: str, now: datetime) -> StampState:
    """Say what a stamp is worth."""
    if not text:
        return StampState.MISSING
    try:
        milliseconds, made_for = signing.loads(text, salt=_SALT)
        age = now - datetime.fromtimestamp(milliseconds / 1000, tz=UTC)
    except (signing.BadSignature, ValueError, TypeError, OverflowError):
        return StampState.FORGED
    if age < -_SKEW or age > LONGEST or made_for != _short(network):
        return StampState.MISSING
    return StampState.TOO_QUICK if age < SHORTEST else StampState.GOOD


def _short(network: str) -> str:
    told = f"funnel.stamp.{network}".encode()
    return hmac.new(address_hash_key(), told, hashlib.sha256).hexdigest()[:12]
