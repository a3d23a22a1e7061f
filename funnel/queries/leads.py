"""Which leads, and for whom.

Everything here is one query however many leads there are, on SQLite and PostgreSQL alike.
"""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import Count, Max, Q, QuerySet, TextChoices
from django.utils import timezone

from funnel.choices import OutboxKind, OutboxState
from funnel.models import CallRequest, FunnelSettings, Lead, OptIn, OutboxEntry, Segment

from .conversations import MAILS_ABOUT_CALLS
from .lead_facts import with_listing_facts

READ_WHERE_ALLOWED = "funnel.read_lead_where_allowed"
EXPORT = "funnel.export_lead"
FOUND_AT_MOST = 50


class SyncState(TextChoices):
    """Where a lead stands with the mail service, as a person would group it."""

    IN_STEP = "in_step", "In step with Mailchimp"
    WAITING = "waiting", "Waiting to be sent"
    NEEDS_ATTENTION = "needs_attention", "Needs attention"
    NOT_SENT = "not_sent", "Not in Mailchimp"


_OUTBOX_STATES_OF: dict[str, tuple[str, ...]] = {
    SyncState.IN_STEP: (OutboxState.DELIVERED,),
    SyncState.WAITING: (OutboxState.PENDING, OutboxState.IN_FLIGHT),
    SyncState.NEEDS_ATTENTION: (OutboxState.NEEDS_ATTENTION,),
}


def may_read_leads(user: Any) -> bool:
    """Say whether `user` may read what the funnel knows about people.

    Marketing may by its permission; a coach may while the funnel's settings allow it. The answer is
    kept on the user, which lives for one request, because a listing asks for every row.
    """
    if not user.is_active or isinstance(user, AnonymousUser):
        return False
    if user.has_perm("funnel.view_lead"):
        return True
    if not user.has_perm(READ_WHERE_ALLOWED):
        return False
    if not hasattr(user, "_coaches_read_leads"):
        allowed = FunnelSettings.objects.values_list("coaches_read_leads", flat=True).first()
        user._coaches_read_leads = True if allowed is None else allowed
    return bool(user._coaches_read_leads)


def may_export_leads(user: Any) -> bool:
    """Say whether `user` may take leads out of the site as a file."""
    return may_read_leads(user) and user.has_perm(EXPORT)


def visible_leads(user: Any) -> QuerySet[Lead]:
    """Return every lead that `user` may read: all of them or none."""
    return leads_of_the_videos() if may_read_leads(user) else Lead.objects.none()


def leads_of_the_videos() -> QuerySet[Lead]:
    """Return everybody but those who never asked for the videos, only for a call or their data.

    They wrote to the coach, or asked what is kept about them; no list of leads tells of it.
    """
    otherwise = OutboxEntry.objects.filter(kind__in=(*MAILS_ABOUT_CALLS, OutboxKind.MY_DATA_MAIL))
    return Lead.objects.filter(
        came_through()
        | ~Q(pk__in=CallRequest.objects.order_by().values("lead_id"))
        & ~Q(pk__in=otherwise.order_by().values("lead_id"))
    )


def start_of_day(day: date) -> datetime:
    """Midnight at the start of `day` where the site is at home, the same for every reader."""
    return datetime.combine(day, time.min, tzinfo=timezone.get_default_timezone())


def rules_of(segment: Segment) -> Q:
    """Return the conditions on a lead that `segment` stands for; without rules, everybody."""
    rules = Q()
    if segment.cycle_id:
        rules &= Q(current_cycle=segment.cycle_id)
    if segment.stage:
        rules &= Q(stage=segment.stage)
    if segment.call_to_action_id:
        rules &= came_through(call_to_action=segment.call_to_action_id)
    if segment.seen_from:
        rules &= Q(created_at__gte=start_of_day(segment.seen_from))
    if segment.seen_until:
        rules &= Q(created_at__lt=start_of_day(segment.seen_until + timedelta(days=1)))
    return rules


def came_through(**opt_in: Any) -> Q:
    """Return the condition that at least one of a lead's opt-ins has these values."""
    return Q(pk__in=OptIn.objects.filter(**opt_in).order_by().values("lead_id"))


def leads_in(segment: Segment) -> QuerySet[Lead]:
    """Return the leads of a segment, each once."""
    return leads_of_the_videos().filter(rules_of(segment))


def lead_counts(segments: Iterable[Segment]) -> dict[int, int]:
    """Count the leads of many segments in one query; the keys are the segments' ids."""
    counted = {f"s{segment.pk}": segment for segment in segments}
    if not counted:
        return {}
    figures = leads_of_the_videos().aggregate(
        **{
            name: Count("pk", filter=rules_of(segment) or Q(pk__isnull=False))
            for name, segment in counted.items()
        }
    )
    return {segment.pk: figures[name] for name, segment in counted.items()}


def in_sync_state(state: str) -> Q:
    """Return the condition on a lead that it stands so with the mail service (a `SyncState`)."""
    entries = OutboxEntry.objects.filter(kind=OutboxKind.MEMBER).order_by()
    # What was delivered about somebody whom the service does not have is that she is not there.
    entries = entries.exclude(
        Q(state=OutboxState.DELIVERED) & Q(lead__member_record__remote_status="")
    )
    if state in _OUTBOX_STATES_OF:
        return Q(pk__in=entries.filter(state__in=_OUTBOX_STATES_OF[state]).values("lead_id"))
    somewhere = [one for states in _OUTBOX_STATES_OF.values() for one in states]
    return ~Q(pk__in=entries.filter(state__in=somewhere).values("lead_id"))


def find_leads(*, words: str, user: Any) -> QuerySet[Lead]:
    """Return leads whose address or first name contains `words`, at most one more than is shown.

    SQLite folds the case of ASCII letters only, so the usual spellings of a name are asked for.
    """
    found = Q(address_key__contains=words.lower())
    for spelling in {words, words.lower(), words.upper(), words.title()}:
        found |= Q(address__icontains=spelling) | Q(first_name__icontains=spelling)
    return with_listing_facts(visible_leads(user).filter(found))[: FOUND_AT_MOST + 1]


def source_pages() -> list[tuple[str, str]]:
    """Return the pages that leads came from, as id and latest known title, for a filter."""
    latest = (
        OptIn.objects.filter(page_id__isnull=False)
        .order_by()
        .values("page_id")
        .annotate(latest=Max("pk"))
        .values("latest")
    )
    pages = OptIn.objects.filter(pk__in=latest).order_by().values_list("page_id", "page_title")
    return sorted(
        ((str(page_id), title or "A page without a title") for page_id, title in pages),
        key=lambda choice: choice[1].lower(),
    )
