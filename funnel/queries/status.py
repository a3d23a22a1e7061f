"""How the funnel is, in figures that a command prints and a health check reads."""

from datetime import datetime

from django.db.models import Count, Min, Q

from funnel.choices import LeadStage, OutboxState
from funnel.models import Lead, OutboxEntry

from .sequence import FOLLOWING


def outbox_figures(*, now: datetime) -> dict[str, int]:
    """Count the outbox by state; `oldest_due_seconds` is the age of the oldest entry not yet taken.

    An entry whose worker died counts as due from the end of its lease. Mails that follow are
    planned days ahead: what has not come to its hour is not what waits.
    """
    counts = dict(OutboxEntry.objects.values_list("state").annotate(count=Count("pk")).order_by())
    oldest = OutboxEntry.objects.aggregate(
        due=Min("due_at", filter=Q(state=OutboxState.PENDING)),
        lease=Min("lease_until", filter=Q(state=OutboxState.IN_FLIGHT)),
    )
    planned = OutboxEntry.objects.filter(
        state=OutboxState.PENDING, kind__in=FOLLOWING, due_at__gt=now
    ).count()
    waiting_since = [moment for moment in oldest.values() if moment is not None and moment < now]
    return {
        "pending": counts.get(OutboxState.PENDING, 0) - planned,
        "planned": planned,
        "in_flight": counts.get(OutboxState.IN_FLIGHT, 0),
        "delivered": counts.get(OutboxState.DELIVERED, 0),
        "needs_attention": counts.get(OutboxState.NEEDS_ATTENTION, 0),
        "oldest_due_seconds": int((now - min(waiting_since)).total_seconds())
        if waiting_since
        else 0,
    }


def lead_figures() -> dict[str, int]:
    """Count all leads, and those who confirmed and have not left."""
    return {
        "leads": Lead.objects.count(),
        "confirmed": Lead.objects.filter(stage=LeadStage.CONFIRMED).count(),
    }
