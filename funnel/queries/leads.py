"""Which leads, for whom, and what a listing says about each of them.

Everything here is one query however many leads there are, on SQLite and PostgreSQL alike.
"""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import (
    BigIntegerField,
    CharField,
    Count,
    DateTimeField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    TextChoices,
)
from django.db.models.functions import Coalesce
from django.utils import formats, timezone

from funnel.choices import ConsentStep, OutboxKind, OutboxState
from funnel.models import Consent, FunnelSettings, Lead, OptIn, OutboxEntry, Segment

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
    return Lead.objects.all() if may_read_leads(user) else Lead.objects.none()


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
    return Lead.objects.filter(rules_of(segment))


def lead_counts(segments: Iterable[Segment]) -> dict[int, int]:
    """Count the leads of many segments in one query; the keys are the segments' ids."""
    counted = {f"s{segment.pk}": segment for segment in segments}
    if not counted:
        return {}
    figures = Lead.objects.aggregate(
        **{
            name: Count("pk", filter=rules_of(segment) or Q(pk__isnull=False))
            for name, segment in counted.items()
        }
    )
    return {segment.pk: figures[name] for name, segment in counted.items()}


def in_sync_state(state: str) -> Q:
    """Return the condition on a lead that it stands so with the mail service (a `SyncState`)."""
    member_entries = OutboxEntry.objects.filter(kind=OutboxKind.MEMBER).order_by()
    if state in _OUTBOX_STATES_OF:
        return Q(pk__in=member_entries.filter(state__in=_OUTBOX_STATES_OF[state]).values("lead_id"))
    somewhere = [one for states in _OUTBOX_STATES_OF.values() for one in states]
    return ~Q(pk__in=member_entries.filter(state__in=somewhere).values("lead_id"))


def find_leads(*, words: str, user: Any) -> QuerySet[Lead]:
    """Return leads whose address or first name contains `words`, at most one more than is shown.

    SQLite folds the case of ASCII letters only, so the usual spellings of a name are asked for.
    """
    found = Q(address_key__contains=words.lower())
    for spelling in {words, words.lower(), words.upper(), words.title()}:
        found |= Q(address__icontains=spelling) | Q(first_name__icontains=spelling)
    return with_listing_facts(visible_leads(user).filter(found))[: FOUND_AT_MOST + 1]


def with_listing_facts(queryset: QuerySet[Lead]) -> QuerySet[Lead]:
    """Add to each lead what a listing or an export says about it.

    Source and consent are those of one opt-in: the one that was confirmed last, else the one sent
    last, because anybody can type somebody's address into a form. Adds `source_title`,
    `source_path`, `call_to_action_name`, `utm_…`, `agreed_at`, `agreement_confirmed_at`,
    `withdrawn_at`, `wording_promise`, `wording_letters`, `wording_digest`, and for
    `sync_sentence()` `member_…`.
    """
    consents = Consent.objects.filter(lead=OuterRef("pk")).order_by("-at", "-pk")
    opt_ins = OptIn.objects.filter(lead=OuterRef("pk")).order_by("-submitted_at", "-pk")
    told = OptIn.objects.filter(pk=OuterRef("telling_opt_in_id"))
    agreed = Consent.objects.filter(opt_in=OuterRef("telling_opt_in_id")).order_by("at", "pk")
    requested = agreed.filter(step=ConsentStep.REQUESTED)
    entry = OutboxEntry.objects.filter(lead=OuterRef("pk"), kind=OutboxKind.MEMBER)

    def one(rows: QuerySet[Any], field: str) -> Subquery:
        return Subquery(rows.values(field)[:1])

    return (
        queryset.select_related("current_cycle", "member_record")
        .annotate(
            telling_opt_in_id=Coalesce(
                one(consents.filter(step=ConsentStep.CONFIRMED), "opt_in_id"),
                one(opt_ins, "pk"),
                output_field=BigIntegerField(),
            )
        )
        .annotate(
            source_title=one(told, "page_title"),
            source_path=one(told, "page_path"),
            call_to_action_name=one(told, "call_to_action__name"),
            **{
                name: one(told, name)
                for name in (
                    "utm_source",
                    "utm_medium",
                    "utm_campaign",
                    "utm_content",
                    "utm_term",
                )
            },
            agreed_at=one(requested, "at"),
            agreement_confirmed_at=one(agreed.filter(step=ConsentStep.CONFIRMED), "at"),
            wording_promise=one(agreed, "wording__promise"),
            wording_letters=one(agreed, "wording__letters_label"),
            wording_digest=one(agreed, "wording__digest"),
            withdrawn_at=Subquery(
                consents.filter(step=ConsentStep.WITHDRAWN).values("at")[:1],
                output_field=DateTimeField(),
            ),
            member_state=one(entry, "state"),
            member_due_at=one(entry, "due_at"),
            member_tries=one(entry, "attempts"),
            member_advice=one(entry, "advice"),
        )
    )


def sync_sentence(lead: Any) -> str:
    """Say in a plain sentence how a lead of `with_listing_facts()` stands with the mail service."""
    record = getattr(lead, "member_record", None)
    known = ""
    if record is not None and record.synced_at is not None:
        status = f" as {record.remote_status}" if record.remote_status else ""
        tags = f", tags: {', '.join(map(str, record.tags))}" if record.tags else ", no tags"
        known = f"In Mailchimp{status}, as of {_day(record.synced_at)}{tags}"
    if lead.member_state == OutboxState.NEEDS_ATTENTION:
        return f"Needs attention: {lead.member_advice or 'look at the delivery attempts.'}"
    if lead.member_state == OutboxState.IN_FLIGHT:
        return "Being sent to Mailchimp just now."
    if lead.member_state == OutboxState.PENDING:
        if lead.member_tries:
            times = "once" if lead.member_tries == 1 else f"{lead.member_tries} times"
            waiting = f"Waiting: tried {times}, next try {_moment(lead.member_due_at)}"
        else:
            waiting = "Waiting to be sent to Mailchimp"
        return f"{waiting}. {known}." if known else f"{waiting}."
    if known:
        return f"{known}."
    if lead.member_state == OutboxState.DELIVERED:
        return "In Mailchimp."
    if lead.member_state == OutboxState.NOT_NEEDED:
        return "Not in Mailchimp: nothing was agreed that would have to be sent."
    return "Not in Mailchimp: nothing is sent before the confirmation."


def _day(moment: datetime) -> str:
    return formats.date_format(timezone.localtime(moment), "j F Y")


def _moment(moment: datetime) -> str:
    return formats.date_format(timezone.localtime(moment), "j F, H:i")


def source_pages() -> list[tuple[str, str]]:
    """Return the pages that leads came from, as id and latest known title, for a filter."""
    latest = (
        OptIn.objects.filter(page_id=OuterRef("page_id"))
        .order_by("-submitted_at", "-pk")
        .values("page_title")[:1]
    )
    pages = (
        OptIn.objects.filter(page_id__isnull=False)
        .order_by()
        .values("page_id")
        .distinct()
        .annotate(title=Subquery(latest, output_field=CharField()))
    )
    return sorted(
        ((str(page["page_id"]), page["title"] or "A page without a title") for page in pages),
        key=lambda choice: choice[1].lower(),
    )
