"""Somebody's cycle becomes known, or known otherwise: history grows, and what holds now follows."""

from datetime import datetime

from django.db import transaction

from funnel.choices import CycleSource
from funnel.models import CycleStatement, Lead, StuckCycle
from funnel.queries.cycles import is_only_assessed

from .conflicts import retried_on_conflict
from .locks import locked_lead
from .outbox import enqueue_member


@retried_on_conflict
def note_cycle(*, lead: Lead, cycle: StuckCycle | None, source: CycleSource, now: datetime) -> None:
    """Add that this cycle became known as the lead's, and let what holds now follow from all rows.

    What a person says of herself outweighs what the questionnaire made of her answers, however old;
    None as the cycle takes back what was said. The mail service hears of a change where the person
    shares the cycle with it. `lead` itself is brought up to date, so that the caller may save it.
    """
    with transaction.atomic():
        locked = locked_lead(lead.pk)
        was_shareable = not is_only_assessed(locked)
        CycleStatement.objects.create(lead=locked, cycle=cycle, source=source, at=now)
        current = _cycle_that_holds(locked)
        lead.current_cycle = current
        if current == locked.current_cycle and was_shareable:
            return
        Lead.objects.filter(pk=lead.pk).update(current_cycle=current)
        if locked.shares_cycle:
            enqueue_member(lead=locked, now=now)


def _cycle_that_holds(lead: Lead) -> StuckCycle | None:
    newest = CycleStatement.objects.filter(lead=lead).select_related("cycle").order_by("-at", "-pk")
    said = newest.exclude(source=CycleSource.ASSESSED).first()
    holding = said or newest.first()
    return holding.cycle if holding else None
