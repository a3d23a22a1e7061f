"""The mails that follow the first one: which are still to come, and when each may leave.

Everything is decided from the facts of the moment, twice: when a mail is planned, so that it waits
in the outbox for its hour, and when it is about to leave.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta, tzinfo

from django.db import IntegrityError, transaction
from django.db.models import F, Q

from funnel.choices import (
    LeadStage,
    OutboxKind,
    OutboxState,
    ReleaseRule,
    SequenceMailKind,
)
from funnel.models import Lead, OptIn, OutboxEntry, SequenceMail, SeriesRun, Video
from funnel.queries.sequence import (
    FOLLOWING,
    LEFT_OFF,
    OUTBOX_KINDS,
    TURNED_OFF,
    sequence_mails,
    stop_reason,
)
from funnel.queries.videos import VideoState, run_states, zone_of

from .conflicts import retried_on_conflict
from .locks import locked_lead
from .members import Nothing
from .pacing import Later

OPENS, CLOSES = time(9), time(17)
A_DAY = timedelta(days=1)
# Whoever is watching just now goes on by herself and needs no mail about the next video.
STILL_WATCHING = timedelta(hours=2)
# Nobody gets two of these mails on one day.
APART = timedelta(hours=20)
# How long after the last video has opened, or after the last one was watched, somebody who has not
# come to the end is taken to be done. Videos watched without scripts are not known of.
QUIET_AFTER_THE_LAST = timedelta(days=7)
QUIET_BEFORE_THE_LAST = timedelta(days=30)
# A mail that should have left long ago is left out: a coach who turns a mail on, or a worker that
# was away, is not to wake up everybody there ever was.
STILL_NEWS = timedelta(days=14)


@dataclass(frozen=True, kw_only=True)
class Wish:
    """One mail that should follow: what it is about, and not before when.

    Where `silent_reason` says why, nothing is sent; the moment still counts as the end.
    """

    kind: OutboxKind
    not_before: datetime
    video: Video | None = None
    opt_in: OptIn | None = None
    silent_reason: str = ""

    @property
    def key(self) -> tuple[str, int | None]:
        """What there is one of: a mail about a video, the nudge, the invitation."""
        return (self.kind, self.video.pk if self.video else None)


def next_send_time(*, not_before: datetime, zone: tzinfo) -> datetime:
    """Return the first moment from `not_before` on that lies between nine and five in `zone`."""
    local = not_before.astimezone(zone)
    if OPENS <= local.time() < CLOSES:
        return not_before
    day = local.date() if local.time() < OPENS else local.date() + A_DAY
    while True:
        opens = datetime.combine(day, OPENS, tzinfo=zone).astimezone(UTC)
        # A day that a zone leaves out has no nine o'clock.
        if opens >= not_before and OPENS <= opens.astimezone(zone).time() < CLOSES:
            return opens
        day += A_DAY


def next_videos(
    *, states: list[VideoState], release: str, mail: SequenceMail | None
) -> Iterator[Wish]:
    """Wish for a mail about each video after the first that opens later and was not opened yet.

    Where all open at once, the first mail has said so.
    """
    if mail is None or not mail.is_on or release == ReleaseRule.ALL_AT_ONCE:
        return
    wait = timedelta(days=mail.wait_days)
    if release == ReleaseRule.AFTER_THE_ONE_BEFORE:
        wait = max(wait, STILL_WATCHING)
    for state in states[1:]:
        if state.opens_at is not None and state.began_at is None:
            yield Wish(
                kind=OutboxKind.NEXT_VIDEO_MAIL,
                video=state.video,
                not_before=state.opens_at + wait,
            )


def nudge(
    *, states: list[VideoState], started_at: datetime, mail: SequenceMail | None
) -> Iterator[Wish]:
    """Wish for the reminder, where nothing was watched."""
    if mail is None or not mail.is_on or any(state.quarter for state in states):
        return
    wait = max(A_DAY, timedelta(days=mail.wait_days))
    yield Wish(kind=OutboxKind.NUDGE_MAIL, not_before=started_at + wait)


def invitation(
    *,
    states: list[VideoState],
    started_at: datetime,
    finished_at: datetime | None,
    mail: SequenceMail | None,
) -> Iterator[Wish]:
    """Wish for the invitation to talk, at the end.

    The end is the last video watched, or a while without a sign after the last one has opened.
    Whoever stops before the last one opens is not told that this was the last.
    """
    if mail is None or not states:
        return
    seen = [moment for state in states for moment in (state.began_at, state.watched_at) if moment]
    last_sign = max([started_at, *seen])
    opens_last = states[-1].opens_at
    silent_reason = "" if mail.is_on else TURNED_OFF
    if finished_at is not None:
        end = finished_at
    elif opens_last is not None:
        end = max(last_sign, opens_last) + QUIET_AFTER_THE_LAST
    else:
        end, silent_reason = last_sign + QUIET_BEFORE_THE_LAST, LEFT_OFF
    yield Wish(
        kind=OutboxKind.INVITATION_MAIL,
        not_before=end + timedelta(days=mail.wait_days),
        silent_reason=silent_reason,
    )


def wishes_of_run(
    *, run: SeriesRun, states: list[VideoState], mails: dict[str, SequenceMail]
) -> list[Wish]:
    """Return every mail that one person's way through a series calls for, as of these states."""
    wishes = [
        *next_videos(
            states=states,
            release=run.series.release,
            mail=mails.get(SequenceMailKind.NEXT_VIDEO),
        ),
        *nudge(
            states=states,
            started_at=run.started_at,
            mail=mails.get(SequenceMailKind.NUDGE),
        ),
        *invitation(
            states=states,
            started_at=run.started_at,
            finished_at=run.finished_at,
            mail=mails.get(SequenceMailKind.INVITATION),
        ),
    ]
    return [replace(wish, opt_in=run.opt_in) for wish in wishes]


def wished_mails(*, lead: Lead, now: datetime) -> list[Wish]:
    """Return what is still to follow to this lead, in order, each at the moment it may leave.

    A nudge and an invitation come from the newest series only. What piles up over a pause or an
    outage leaves in its order, one a day.
    """
    if stop_reason(lead=lead, now=now):
        return []
    mails = sequence_mails()
    found: list[Wish] = []
    runs = lead.series_runs.select_related("series", "opt_in").order_by("-started_at", "-pk")
    for number, run in enumerate(runs):
        wishes = wishes_of_run(run=run, states=run_states(run=run, now=now), mails=mails)
        found += [w for w in wishes if number == 0 or w.kind == OutboxKind.NEXT_VIDEO_MAIL]
    done = OutboxEntry.objects.filter(
        lead=lead,
        kind__in=FOLLOWING,
        state__in=(OutboxState.DELIVERED, OutboxState.NEEDS_ATTENTION),
    )
    done_keys = set(done.values_list("kind", "video_id"))
    still_news = [
        wish
        for wish in sorted(found, key=lambda wish: wish.not_before)
        if wish.key not in done_keys
        and max(wish.not_before, lead.paused_until or wish.not_before) + STILL_NEWS > now
    ]
    zone, before = zone_of(lead), _last_sent(lead)
    planned: list[Wish] = []
    for wish in still_news:
        moments = [wish.not_before, now, lead.paused_until or now]
        if before is not None:
            moments.append(before + APART)
        before = next_send_time(not_before=max(moments), zone=zone)
        planned.append(replace(wish, not_before=before))
    return planned


def _last_sent(lead: Lead) -> datetime | None:
    return (
        OutboxEntry.objects.filter(
            lead=lead, kind__in=FOLLOWING, state=OutboxState.DELIVERED, settled_at__isnull=False
        )
        .order_by("-settled_at")
        .values_list("settled_at", flat=True)
        .first()
    )


def decide(*, entry: OutboxEntry, now: datetime) -> Wish | Later | Nothing:
    """Say of a planned mail, just before it leaves, whether it does."""
    lead = entry.lead
    reason = stop_reason(lead=lead, now=now)
    if reason:
        return Nothing(reason)
    wishes = {wish.key: wish for wish in wished_mails(lead=lead, now=now)}
    wish = wishes.get((entry.kind, entry.video_id))
    if wish is None:
        return Nothing("What this mail is about has happened since, or the mail is turned off.")
    if wish.not_before > now:
        return Later(until=wish.not_before)
    return Nothing(wish.silent_reason) if wish.silent_reason else wish


@retried_on_conflict
def plan_mails(*, lead: Lead, now: datetime) -> None:
    """Let the outbox hold what should follow to this lead, and nothing else that still waits.

    Can be called at any time, as often as one likes. What has been delivered stays delivered.
    """
    with transaction.atomic():
        lead = locked_lead(lead.pk)
        wishes = wished_mails(lead=lead, now=now)
        entries = {
            (entry.kind, entry.video_id): entry
            for entry in OutboxEntry.objects.filter(lead=lead, kind__in=FOLLOWING)
        }
        wished = {wish.key for wish in wishes}
        for key, entry in entries.items():
            if key not in wished and entry.state == OutboxState.PENDING:
                _call_off(entry, now=now)
        # One mail about a next video waits at a time: the one after it is planned once it has gone.
        may_add_next = not any(
            entry.kind == OutboxKind.NEXT_VIDEO_MAIL
            and entry.state in (OutboxState.PENDING, OutboxState.IN_FLIGHT)
            for key, entry in entries.items()
            if key in wished
        )
        for wish in wishes:
            known = entries.get(wish.key)
            if known is not None and known.state == OutboxState.PENDING:
                _put_off(known, until=wish.not_before)
            elif wish.kind != OutboxKind.NEXT_VIDEO_MAIL or may_add_next:
                added = _add(lead, wish, known=known, now=now)
                if wish.kind == OutboxKind.NEXT_VIDEO_MAIL and added:
                    may_add_next = False


def _waiting(entry: OutboxEntry) -> Q:
    return Q(pk=entry.pk, state=OutboxState.PENDING)


def _call_off(entry: OutboxEntry, *, now: datetime) -> None:
    OutboxEntry.objects.filter(_waiting(entry)).update(
        state=OutboxState.NOT_NEEDED, settled_at=now, advice=""
    )


def _put_off(entry: OutboxEntry, *, until: datetime) -> None:
    """Move a waiting mail to its moment; one that is being tried again keeps its own pace."""
    if entry.due_at != until and not entry.attempts:
        OutboxEntry.objects.filter(_waiting(entry)).update(due_at=until)


def _add(lead: Lead, wish: Wish, *, known: OutboxEntry | None, now: datetime) -> bool:
    """Enter a mail that was never planned, or wish again for one that was called off unsent."""
    if known is None:
        entry = OutboxEntry(
            kind=wish.kind,
            lead=lead,
            opt_in=wish.opt_in,
            video=wish.video,
            created_at=now,
            due_at=wish.not_before,
        )
        OutboxEntry.objects.bulk_create([entry], ignore_conflicts=True)
        return True
    was_called_off = known.state == OutboxState.NOT_NEEDED
    if not was_called_off or (wish.silent_reason and known.advice == wish.silent_reason):
        return False
    try:
        with transaction.atomic():
            return bool(
                OutboxEntry.objects.filter(pk=known.pk, state=OutboxState.NOT_NEEDED).update(
                    state=OutboxState.PENDING,
                    due_at=wish.not_before,
                    revision=F("revision") + 1,
                    attempts=0,
                    advice="",
                    settled_at=None,
                )
            )
    except IntegrityError:
        return False


def plan_again(*, since: datetime, now: datetime) -> None:
    """Plan for whoever has done something since then, or was mailed.

    Whoever writes such a fact plans at once; this is for the one who was killed in between.
    """
    changed = (
        Q(series_runs__started_at__gte=since)
        | Q(series_runs__finished_at__gte=since)
        | Q(video_progress__began_at__gte=since)
        | Q(video_progress__watched_at__gte=since)
        | Q(outbox_entries__kind__in=FOLLOWING, outbox_entries__settled_at__gte=since)
    )
    leads = Lead.objects.filter(changed, stage=LeadStage.CONFIRMED).distinct()
    for lead in leads.order_by("pk").iterator():
        plan_mails(lead=lead, now=now)


def look_again(*, kind: str, now: datetime) -> None:
    """Decide anew about every mail of a kind that waits: its words or its days have changed."""
    OutboxEntry.objects.filter(
        kind=OUTBOX_KINDS[SequenceMailKind(kind)], state=OutboxState.PENDING
    ).update(due_at=now)
