"""Whether what a form brought is written down. What a robot is told, it is told like a person."""

from dataclasses import dataclass
from datetime import datetime
from enum import Enum, auto

from funnel.addresses import Address, mailbox_of

from .limits import (
    ADDRESS_DAY,
    NETWORK_HOUR,
    PLAIN_HOUR,
    PLAIN_NETWORK_HOUR,
    Count,
    Limit,
    everybody_limit,
    take,
)
from .stamps import StampState, read_stamp


class Verdict(Enum):
    """What becomes of a form that is filled in well."""

    RECORD = auto()
    # Nothing is written, and the answer is the usual one.
    PRETEND = auto()
    # A person would wait for a mail that never comes: the answer says so.
    NETWORK_IS_BUSY = auto()
    SITE_IS_BUSY = auto()


@dataclass(frozen=True, kw_only=True)
class Submission:
    """What a form brought besides what it asked for."""

    network: str
    stamp: str = ""
    trap: str = ""


def judge(*, submission: Submission, address: Address, now: datetime) -> Verdict:
    """Return what becomes of a form, taking a place under every limit where it is to be recorded.

    An address that is typed too often gets the usual answer: anything else would tell a stranger
    that somebody has asked. Its mails come at their own pace in any case.
    """
    if submission.trap:
        return Verdict.PRETEND
    state = read_stamp(submission.stamp, network=submission.network, now=now)
    if state in (StampState.FORGED, StampState.TOO_QUICK):
        return Verdict.PRETEND
    counts = [Count(limit=NETWORK_HOUR, subject=submission.network)]
    if state == StampState.MISSING:
        counts += [
            Count(limit=PLAIN_NETWORK_HOUR, subject=submission.network),
            Count(limit=PLAIN_HOUR),
        ]
    counts += [
        Count(limit=ADDRESS_DAY, subject=mailbox_of(address.key)),
        Count(limit=everybody_limit()),
    ]
    return _verdict_on(take(counts, now=now))


def _verdict_on(reached: Limit | None) -> Verdict:
    if reached is None:
        return Verdict.RECORD
    if reached == ADDRESS_DAY:
        return Verdict.PRETEND
    if reached in (NETWORK_HOUR, PLAIN_NETWORK_HOUR):
        return Verdict.NETWORK_IS_BUSY
    return Verdict.SITE_IS_BUSY
