"""Taking entries out of the outbox: claim, deliver, settle.

A claim is one conditional update, the same on SQLite and PostgreSQL. Whoever holds a claim may be
killed at any point; its lease runs out and another worker takes the entry with a new token, which
makes the old one's settlement touch no row.
"""

import logging
import random
import secrets
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import DatabaseError, IntegrityError, transaction
from django.db.models import Case, F, Q, QuerySet, Value, When

from funnel.choices import AttemptOutcome, OutboxKind, OutboxState
from funnel.mailing.base import (
    ConfigurationError,
    MailingBackend,
    MailingError,
    Receipt,
    RefusedError,
    ThrottledError,
    UnreachableError,
)
from funnel.models import Lead, OutboxEntry, SyncAttempt
from funnel.queries.sequence import FOLLOWING, has_ended

from .conflicts import retried_on_conflict
from .erasure import erase_lead
from .members import Nothing, sync_member
from .messages import send_following_mail, send_opt_in_mail, send_videos_mail
from .outbox import enqueue_member, make_due_again
from .pacing import PACED_MAILS, Later, turn_of
from .person_mails import send_call_confirm_mail, send_call_request_mail, send_my_data_mail
from .sequence import plan_mails

# Who writes the mail of each kind, decided at the moment of sending.
MAIL_WRITERS: dict[str, Callable[..., Receipt | Nothing | Later]] = {
    OutboxKind.OPT_IN_MAIL: send_opt_in_mail,
    OutboxKind.VIDEOS_MAIL: send_videos_mail,
    OutboxKind.MY_DATA_MAIL: send_my_data_mail,
    OutboxKind.CALL_CONFIRM_MAIL: send_call_confirm_mail,
    OutboxKind.CALL_REQUEST_MAIL: send_call_request_mail,
    OutboxKind.NEXT_VIDEO_MAIL: send_following_mail,
    OutboxKind.NUDGE_MAIL: send_following_mail,
    OutboxKind.INVITATION_MAIL: send_following_mail,
}
MAILS = tuple(MAIL_WRITERS)
LEASE = timedelta(seconds=90)
MAX_BACKOFF = timedelta(hours=1)
# A service that does not answer at all costs nothing to ask, and is back at once when it is back.
MAX_BACKOFF_UNREACHABLE = timedelta(seconds=15)
WHILE_AWAY = timedelta(seconds=5)

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Claim:
    """One entry that this worker may deliver until its lease ends."""

    entry: OutboxEntry
    token: str


def deliver_due(
    *,
    clock: Callable[[], datetime],
    backend: MailingBackend,
    limit: int = 20,
    rng: random.Random | None = None,
    is_stopping: Callable[[], bool] = lambda: False,
) -> int:
    """Deliver what is due, at most `limit` entries; return how many were taken up.

    Safe to call from any number of processes at once, also as a task of a host's own queue. Once
    `is_stopping` says so, what is claimed and not begun goes back at once, to whoever comes next.
    """
    rng = rng or random.SystemRandom()
    claims = claim_due(now=clock(), limit=limit)
    service_is_away = False
    for claim in claims:
        asks_the_service = claim.entry.kind not in MAILS
        if is_stopping():
            _give_back(claim, due_at=claim.entry.due_at)
        elif service_is_away and asks_the_service:
            # Whatever else is due goes first meanwhile.
            _give_back(claim, due_at=clock() + WHILE_AWAY)
        elif _renew(claim, now=clock()):
            error = _deliver(claim, clock=clock, backend=backend, rng=rng)
            service_is_away |= asks_the_service and isinstance(error, UnreachableError)
    return len(claims)


def _claimable(now: datetime) -> Q:
    return Q(state=OutboxState.PENDING, due_at__lte=now) | Q(
        state=OutboxState.IN_FLIGHT, lease_until__lte=now
    )


@retried_on_conflict
def claim_due(*, now: datetime, limit: int) -> list[Claim]:
    """Claim up to `limit` due entries, and entries whose worker has died, the oldest first.

    Before them come mails that a person waits for, and after them those that nobody has asked for
    just now: nine o'clock brings many at once, and nobody who leaves is to wait for them.
    """
    token = secrets.token_hex(16)
    due = _claimable(now)
    order = (
        Case(
            When(kind__in=FOLLOWING, then=Value(2)),
            When(kind__in=MAILS, then=Value(0)),
            default=Value(1),
        ),
        "due_at",
        "pk",
    )
    candidates = list(
        OutboxEntry.objects.filter(due).order_by(*order).values_list("pk", flat=True)[:limit]
    )
    if not candidates:
        return []
    OutboxEntry.objects.filter(due, pk__in=candidates).update(
        state=OutboxState.IN_FLIGHT, token=token, lease_until=now + LEASE
    )
    claimed = OutboxEntry.objects.filter(pk__in=candidates, token=token).order_by(*order)
    return [Claim(entry, token) for entry in claimed]


def _held(claim: Claim) -> QuerySet[OutboxEntry]:
    return OutboxEntry.objects.filter(
        pk=claim.entry.pk, token=claim.token, state=OutboxState.IN_FLIGHT
    )


def _renew(claim: Claim, *, now: datetime) -> bool:
    return bool(_held(claim).update(lease_until=now + LEASE))


def _give_back(claim: Claim, *, due_at: datetime) -> None:
    """Let go of an entry not begun; where a newer mail waits already, its lease ends it."""
    with suppress(IntegrityError), transaction.atomic():
        _held(claim).update(state=OutboxState.PENDING, due_at=due_at, token="", lease_until=None)


def _deliver(
    claim: Claim, *, clock: Callable[[], datetime], backend: MailingBackend, rng: random.Random
) -> MailingError | None:
    """Carry out one claim and settle it; return what went wrong, None where nothing did."""
    try:
        result = _carry_out(claim, backend=backend, clock=clock)
    except MailingError as error:
        problem = error
    except Exception as error:
        logger.exception("Delivery %s failed in a way nobody foresaw.", claim.entry.pk)
        problem = MailingError(
            "Something went wrong here that nobody foresaw. It will be tried again; "
            "if this stays, show the log to your engineer.",
            title=type(error).__name__,
        )
    else:
        if isinstance(result, Later):
            _put_off(claim, until=result.until, now=clock())
        else:
            _settle_success(claim, result=result, now=clock())
            _plan_what_follows(claim, now=clock())
        return None
    _settle_failure(claim, error=problem, now=clock(), rng=rng)
    return problem


def _carry_out(
    claim: Claim, *, backend: MailingBackend, clock: Callable[[], datetime]
) -> Receipt | Nothing | Later:
    entry, now = claim.entry, clock()
    if entry.kind != OutboxKind.ERASURE and _is_being_erased(entry):
        return Nothing("This person is about to be erased.")
    if entry.kind in PACED_MAILS:
        later = turn_of(entry=entry, token=claim.token, now=now)
        if later is not None:
            return later
    if entry.kind in MAIL_WRITERS:
        return MAIL_WRITERS[entry.kind](entry=entry, now=now)
    if entry.kind == OutboxKind.ERASURE:
        return erase_lead(lead_id=entry.lead_id, backend=backend, now=now)
    return sync_member(
        lead_id=entry.lead_id,
        backend=backend,
        now=now,
        may_go_on=lambda: _renew(claim, now=clock()),
    )


def _is_being_erased(entry: OutboxEntry) -> bool:
    """Whether an erasure was asked for after a worker had claimed this entry."""
    return OutboxEntry.objects.filter(lead_id=entry.lead_id, kind=OutboxKind.ERASURE).exists()


def _plan_what_follows(claim: Claim, *, now: datetime) -> None:
    """Plan the mail after one that follows; where that fails, the clock comes back to it."""
    if claim.entry.kind not in FOLLOWING:
        return
    try:
        plan_mails(lead=claim.entry.lead, now=now)
    except (Lead.DoesNotExist, DatabaseError):
        logger.exception("What follows delivery %s could not be planned.", claim.entry.pk)


@retried_on_conflict
def _put_off(claim: Claim, *, until: datetime, now: datetime) -> None:
    """Let an entry wait for its turn; where a newer one waits already, that one takes over."""
    try:
        with transaction.atomic():
            _held(claim).update(state=OutboxState.PENDING, due_at=until, token="", lease_until=None)
    except IntegrityError:
        _held(claim).update(
            state=OutboxState.NOT_NEEDED, settled_at=now, token="", lease_until=None
        )


@retried_on_conflict
def _settle_success(claim: Claim, *, result: Receipt | Nothing, now: datetime) -> None:
    """Mark as delivered, or as due again where a newer wish fell on it during the delivery."""
    if isinstance(result, Receipt):
        done, outcome, reason = OutboxState.DELIVERED, AttemptOutcome.DELIVERED, ""
        status, fields = result.status, ", ".join(result.fields)
    else:
        done, outcome, reason = OutboxState.NOT_NEEDED, AttemptOutcome.NOT_NEEDED, result.reason
        status, fields = None, ""
    unchanged = Q(revision=claim.entry.revision)
    with transaction.atomic():
        held = _held(claim).update(
            state=Case(When(unchanged, then=Value(done)), default=Value(OutboxState.PENDING)),
            settled_at=Case(When(unchanged, then=Value(now)), default=Value(None)),
            due_at=Case(When(unchanged, then=F("due_at")), default=Value(now)),
            token="",
            lease_until=None,
            attempts=0,
            advice=reason,
        )
        if not held:
            _look_again(claim, now=now)
        else:
            SyncAttempt.objects.create(
                lead_id=claim.entry.lead_id,
                kind=claim.entry.kind,
                at=now,
                outcome=outcome,
                fields=fields[:200],
                status=status,
                title=reason[:200],
            )
            _tell_of_the_end(claim, now=now)


def _tell_of_the_end(claim: Claim, *, now: datetime) -> None:
    """Let the mail service hear, where it knows the person, that our mails have come to an end."""
    if claim.entry.kind != OutboxKind.INVITATION_MAIL:
        return
    lead = claim.entry.lead
    is_told_of = OutboxEntry.objects.filter(lead=lead, kind=OutboxKind.MEMBER).exists()
    if is_told_of and has_ended(lead=lead):
        enqueue_member(lead=lead, now=now)


@retried_on_conflict
def _settle_failure(
    claim: Claim, *, error: MailingError, now: datetime, rng: random.Random
) -> None:
    """Let it be tried again later, or park it where only a person can help.

    A newer wish that fell on it meanwhile is tried at once, whatever became of the older one.
    """
    parked = isinstance(error, RefusedError)
    failed_state = OutboxState.NEEDS_ATTENTION if parked else OutboxState.PENDING
    wait = backoff(error=error, attempts=claim.entry.attempts + 1, rng=rng)
    unchanged = Q(revision=claim.entry.revision)
    with transaction.atomic():
        try:
            with transaction.atomic():
                held = _held(claim).update(
                    state=Case(
                        When(unchanged, then=Value(failed_state)),
                        default=Value(OutboxState.PENDING),
                    ),
                    due_at=Case(When(unchanged, then=Value(now + wait)), default=Value(now)),
                    settled_at=now if parked else None,
                    token="",
                    lease_until=None,
                    attempts=Case(When(unchanged, then=F("attempts") + 1), default=Value(0)),
                    advice=error.advice[:300],
                )
        except IntegrityError:
            # A newer mail of this kind to this person is already waiting: it takes over.
            held = _held(claim).update(
                state=OutboxState.NOT_NEEDED, settled_at=now, token="", lease_until=None
            )
        if not held:
            _look_again(claim, now=now)
        elif _is_news(claim, error):
            SyncAttempt.objects.create(
                lead_id=claim.entry.lead_id,
                kind=claim.entry.kind,
                at=now,
                outcome=AttemptOutcome.PARKED if parked else AttemptOutcome.RETRY,
                status=error.status,
                title=(error.title or error.advice)[:200],
            )


def _look_again(claim: Claim, *, now: datetime) -> None:
    """Have a member looked at again: a worker past its lease may have told of it late."""
    if claim.entry.kind == OutboxKind.MEMBER:
        make_due_again(entry_id=claim.entry.pk, now=now)


def _is_news(claim: Claim, error: MailingError) -> bool:
    """Whether this failure differs from the last one; an outage is not worth a row a try."""
    return claim.entry.attempts == 0 or claim.entry.advice != error.advice[:300]


def backoff(*, error: MailingError, attempts: int, rng: random.Random) -> timedelta:
    """How long to wait before try number `attempts` + 1: doubling, with full jitter, to a cap."""
    cap = MAX_BACKOFF_UNREACHABLE if isinstance(error, UnreachableError) else MAX_BACKOFF
    if isinstance(error, ConfigurationError):
        cap = timedelta(minutes=1)
    base = timedelta(seconds=5 if isinstance(error, ThrottledError) else 2)
    ceiling = min(cap, base * 2 ** min(attempts, 20))
    return timedelta(seconds=0.5 + rng.random() * ceiling.total_seconds())
