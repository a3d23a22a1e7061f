"""Everything the funnel knows about one lead, in the order it happened."""

from dataclasses import dataclass
from datetime import datetime

from funnel.addresses import address_hash
from funnel.models import (
    AssessmentResult,
    Consent,
    CycleStatement,
    Lead,
    OptIn,
    OutboxEntry,
    SeriesRun,
    Suppression,
    SyncAttempt,
)

from .conversations import MAILS_ABOUT_CALLS
from .videos import quarter_in_words

SHOWN_AT_MOST = 100


@dataclass(frozen=True)
class WatchedLine:
    """How far a lead has come with one video, in words."""

    title: str
    how_far: str
    began_at: datetime
    watched_at: datetime | None


@dataclass(frozen=True)
class LeadStory:
    """The rows behind one lead, newest first; `cycles` says how its cycle became known."""

    opt_ins: list[OptIn]
    cycles: list[CycleStatement]
    results: list[AssessmentResult]
    runs: list[SeriesRun]
    watched: list[WatchedLine]
    consents: list[Consent]
    suppressions: list[Suppression]
    deliveries: list[OutboxEntry]
    attempts: list[SyncAttempt]


def story_of(lead: Lead) -> LeadStory:
    """Read the rows of one lead: seven queries, the newest hundred of each.

    Suppressions are found by the keyed hash of the address, so those of an earlier lead with the
    same address are among them. Mails about a call are the coach's and the person's, and left out.
    """
    opt_ins = list(
        lead.opt_ins.select_related(
            "stated_cycle", "call_to_action", "call_to_action_variant__cycle"
        )[:SHOWN_AT_MOST]
    )
    return LeadStory(
        opt_ins=opt_ins,
        cycles=list(lead.cycle_statements.select_related("cycle")[:SHOWN_AT_MOST]),
        results=list(
            lead.assessment_results.select_related("cycle", "version__assessment")[:SHOWN_AT_MOST]
        ),
        runs=list(lead.series_runs.select_related("series")[:SHOWN_AT_MOST]),
        watched=[
            WatchedLine(
                title=progress.video.title,
                how_far=quarter_in_words(progress.quarter),
                began_at=progress.began_at,
                watched_at=progress.watched_at,
            )
            for progress in lead.video_progress.select_related("video")[:SHOWN_AT_MOST]
        ],
        consents=list(lead.consents.select_related("wording", "opt_in")[:SHOWN_AT_MOST]),
        suppressions=list(
            Suppression.objects.filter(address_hash=address_hash(lead.address_key))[:SHOWN_AT_MOST]
        ),
        deliveries=list(
            lead.outbox_entries.exclude(kind__in=MAILS_ABOUT_CALLS).order_by("-created_at", "-pk")[
                :SHOWN_AT_MOST
            ]
        ),
        attempts=list(lead.sync_attempts.exclude(kind__in=MAILS_ABOUT_CALLS)[:SHOWN_AT_MOST]),
    )
