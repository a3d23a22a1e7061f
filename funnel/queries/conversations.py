"""Requests for a call: who works with them, and what the coach may see beside each."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, QuerySet

from funnel.choices import CallRequestState, OutboxKind
from funnel.models import CallRequest, OutboxEntry, PrivateLink, StuckCycle, VideoProgress

# What only the coach is to know of, wherever deliveries are listed.
MAILS_ABOUT_CALLS = (OutboxKind.CALL_CONFIRM_MAIL, OutboxKind.CALL_REQUEST_MAIL)
WORK_WITH_REQUESTS = "funnel.change_callrequest"


def may_work_with_requests(user: Any) -> bool:
    """Whether `user` may read requests for a call: the coach, to whom they are written."""
    return bool(user.is_active and user.has_perm(WORK_WITH_REQUESTS))


def confirmed_requests() -> QuerySet[CallRequest]:
    """Requests whose sender has shown whose address it is; nobody sees any other."""
    erasing = OutboxEntry.objects.filter(kind=OutboxKind.ERASURE).values("lead_id")
    return (
        CallRequest.objects.filter(confirmed_at__isnull=False)
        .exclude(lead_id__in=erasing)
        .select_related("lead")
    )


def requests_in_states() -> dict[str, int]:
    """Count the confirmed requests in each state, those without any included."""
    counted = confirmed_requests().order_by().values("state").annotate(number=Count("pk"))
    numbers = {row["state"]: row["number"] for row in counted}
    return {state: numbers.get(state, 0) for state in CallRequestState.values}


def request_behind(link: PrivateLink) -> CallRequest | None:
    """Return what a mail's link confirms: the newest request sent before that mail was written."""
    return (
        CallRequest.objects.filter(lead_id=link.lead_id, requested_at__lte=link.created_at)
        .order_by("-requested_at", "-pk")
        .first()
    )


@dataclass(frozen=True, kw_only=True)
class SharedStory:
    """What a person lets the coach see: the cycle that holds now, and the videos begun."""

    cycle: StuckCycle | None
    cycle_since: datetime | None
    videos: list[VideoProgress]


def shared_story(request: CallRequest) -> SharedStory | None:
    """Return what may be seen beside a request; None where the person did not wish it.

    What was typed into a form that nobody confirmed may be a stranger's words, and is left out.
    """
    if not request.shares_story:
        return None
    lead = request.lead
    cycle = lead.current_cycle if lead.confirmed_at else None
    said = lead.cycle_statements.filter(cycle=cycle).first() if cycle else None
    return SharedStory(
        cycle=cycle,
        cycle_since=said.at if said else None,
        videos=list(VideoProgress.objects.filter(lead=lead).select_related("video__series")),
    )
