"""What is known of somebody's cycle: every statement stays, and one of them holds."""

from datetime import datetime, timedelta

import pytest

from funnel.choices import CycleSource, OutboxKind
from funnel.models import CycleStatement, Lead, OutboxEntry, StuckCycle
from funnel.services.cycles import note_cycle
from tests.factories.leads import LeadFactory

pytestmark = pytest.mark.django_db
STATED, ASSESSED, CHANGED = CycleSource.STATED, CycleSource.ASSESSED, CycleSource.CHANGED


def cycle(code: str) -> StuckCycle:
    return StuckCycle.objects.get(code=code)


@pytest.mark.parametrize(
    ("statements", "holds"),
    [
        ([(STATED, "reactive")], "reactive"),
        ([(ASSESSED, "criticism")], "criticism"),
        ([(ASSESSED, "criticism"), (ASSESSED, "resentment")], "resentment"),
        ([(STATED, "reactive"), (ASSESSED, "criticism")], "reactive"),
        ([(ASSESSED, "criticism"), (STATED, "reactive")], "reactive"),
        ([(STATED, "reactive"), (CHANGED, "resentment")], "resentment"),
        ([(CHANGED, "resentment"), (STATED, "reactive"), (ASSESSED, "criticism")], "reactive"),
        ([(STATED, "reactive"), (CHANGED, None)], None),
        ([(STATED, "reactive"), (CHANGED, None), (ASSESSED, "criticism")], None),
    ],
)
def test_the_newest_word_of_the_person_holds_or_else_the_newest_answer(
    now: datetime, statements: list[tuple[CycleSource, str | None]], holds: str | None
) -> None:
    lead = LeadFactory()
    for day, (source, code) in enumerate(statements):
        note_cycle(
            lead=lead,
            cycle=cycle(code) if code else None,
            source=source,
            now=now + timedelta(days=day),
        )
    current = Lead.objects.get(pk=lead.pk).current_cycle
    assert (current.code if current else None) == holds
    assert lead.current_cycle == current


def test_a_change_adds_and_never_overwrites(now: datetime) -> None:
    lead = LeadFactory()
    note_cycle(lead=lead, cycle=cycle("reactive"), source=STATED, now=now)
    later = now + timedelta(days=3)
    note_cycle(lead=lead, cycle=cycle("resentment"), source=CHANGED, now=later)
    rows = CycleStatement.objects.filter(lead=lead).values_list("cycle__code", "source", "at")
    assert list(rows) == [("resentment", CHANGED, later), ("reactive", STATED, now)]


def test_statements_of_one_moment_keep_their_order(now: datetime) -> None:
    lead = LeadFactory()
    for code in ("reactive", "desperation"):
        note_cycle(lead=lead, cycle=cycle(code), source=STATED, now=now)
    assert lead.current_cycle == cycle("desperation")


def test_the_mail_service_hears_of_a_change_where_the_cycle_is_shared(now: datetime) -> None:
    shares, keeps = LeadFactory(shares_cycle=True), LeadFactory(shares_cycle=False)
    for lead in (shares, keeps):
        note_cycle(lead=lead, cycle=cycle("reactive"), source=STATED, now=now)
    entry = OutboxEntry.objects.get(kind=OutboxKind.MEMBER)
    assert (entry.lead, entry.due_at) == (shares, now)


def test_what_changes_nothing_asks_nothing_of_the_mail_service(now: datetime) -> None:
    lead = LeadFactory(shares_cycle=True, current_cycle=cycle("reactive"))
    note_cycle(lead=lead, cycle=cycle("reactive"), source=STATED, now=now)
    assert not OutboxEntry.objects.exists()
    assert lead.cycle_statements.count() == 1


def test_saying_what_was_assessed_is_news_for_the_mail_service(now: datetime) -> None:
    lead = LeadFactory(shares_cycle=True)
    note_cycle(lead=lead, cycle=cycle("reactive"), source=ASSESSED, now=now)
    OutboxEntry.objects.all().delete()
    note_cycle(lead=lead, cycle=cycle("reactive"), source=CHANGED, now=now)
    assert OutboxEntry.objects.get().kind == OutboxKind.MEMBER


def test_the_rest_of_a_lead_that_is_being_changed_stays_the_callers(now: datetime) -> None:
    lead = LeadFactory(first_name="Ada")
    lead.first_name = "Grace"
    note_cycle(lead=lead, cycle=cycle("reactive"), source=STATED, now=now)
    assert Lead.objects.get(pk=lead.pk).first_name == "Ada"
    lead.save()
    stored = Lead.objects.get(pk=lead.pk)
    assert (stored.first_name, stored.current_cycle) == ("Grace", cycle("reactive"))
