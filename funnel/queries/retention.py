"""Which leads the retention clock is about to remove, and why."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Case, CharField, DateTimeField, F, Max, Q, QuerySet, Value, When
from django.db.models.functions import Coalesce, Greatest

from funnel.choices import LeadStage, OutboxKind
from funnel.models import FunnelSettings, Lead

UNCONFIRMED = "unconfirmed"
SILENT = "silent"
DAYS_OF_A_MONTH = 30.4375


@dataclass(frozen=True, kw_only=True)
class RetentionTerms:
    """The clock's two terms: for who never confirmed, and for who gave no sign of life."""

    unconfirmed: timedelta
    silent: timedelta


def retention_terms() -> RetentionTerms:
    """Return the terms that hold now."""
    settings = FunnelSettings.load()
    return RetentionTerms(
        unconfirmed=timedelta(days=settings.unconfirmed_days),
        silent=timedelta(days=round(settings.retention_months * DAYS_OF_A_MONTH)),
    )


def leads_with_fate(*, terms: RetentionTerms) -> QuerySet[Lead]:
    """Return the leads the clock runs for: with `sign_of_life`, `fate` and `removed_at`.

    It never runs for somebody who gets letters: that agreement holds until it is taken back. An
    erasure that waits has its own way. What counts as a sign of life is what a person did.
    """
    began = Coalesce(Max("video_progress__began_at"), F("created_at"))
    signs = Greatest(
        F("created_at"),
        Coalesce(F("confirmed_at"), F("created_at")),
        Coalesce(Max("opt_ins__submitted_at"), F("created_at")),
        Coalesce(Max("call_requests__requested_at"), F("created_at")),
        Coalesce(Max("cycle_statements__at"), F("created_at")),
        Coalesce(Max("video_progress__watched_at"), began),
        output_field=DateTimeField(),
    )
    never_confirmed = Q(confirmed_at__isnull=True, stage=LeadStage.PENDING) & ~Q(
        pk__in=Lead.objects.filter(call_requests__confirmed_at__isnull=False).values("pk")
    )
    return (
        Lead.objects.exclude(stage=LeadStage.CONFIRMED, receives_letters=True)
        .exclude(pk__in=Lead.objects.filter(outbox_entries__kind=OutboxKind.ERASURE).values("pk"))
        .annotate(sign_of_life=signs)
        .annotate(
            fate=Case(
                When(never_confirmed, then=Value(UNCONFIRMED)),
                default=Value(SILENT),
                output_field=CharField(),
            )
        )
    )


def due_before(moment: datetime, *, terms: RetentionTerms) -> QuerySet[Lead]:
    """Return the leads that are removed before a moment, those longest overdue first."""
    unconfirmed, silent = moment - terms.unconfirmed, moment - terms.silent
    # Nobody's last sign of life is older than the lead, so that most rows need no reckoning.
    old_enough = Q(created_at__lt=silent) | Q(
        created_at__lt=unconfirmed, stage=LeadStage.PENDING, confirmed_at__isnull=True
    )
    leads: Any = leads_with_fate(terms=terms).filter(old_enough)
    due: QuerySet[Lead] = leads.filter(
        Q(fate=UNCONFIRMED, sign_of_life__lt=unconfirmed) | Q(fate=SILENT, sign_of_life__lt=silent)
    ).order_by("sign_of_life", "pk")
    return due


def removed_at(lead: Lead, *, terms: RetentionTerms) -> datetime:
    """Return when the clock removes a lead of `leads_with_fate()`."""
    sign: datetime = lead.sign_of_life  # type: ignore[attr-defined]
    term = terms.unconfirmed if lead.fate == UNCONFIRMED else terms.silent  # type: ignore[attr-defined]
    return sign + term
