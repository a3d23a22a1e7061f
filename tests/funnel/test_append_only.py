"""Append-only tables are held by the database itself."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.db.models import Model

from funnel.choices import CycleSource
from funnel.models import (
    Assessment,
    AssessmentResult,
    AssessmentVersion,
    Consent,
    ConsentWording,
    CycleStatement,
    ErasurePermit,
    Lead,
    MemberRecord,
    OptIn,
    OutboxEntry,
    PrivateLink,
    SeriesRun,
    Suppression,
    SyncAttempt,
)
from funnel.services.leaving import leave

CHANGES: dict[type[Model], dict[str, Any]] = {
    OptIn: {"page_title": "another"},
    Consent: {"covers_letters": False},
    SyncAttempt: {"title": "another"},
    ConsentWording: {"promise": "another"},
    Suppression: {"source": "another"},
    CycleStatement: {"source": CycleSource.CHANGED},
    AssessmentVersion: {"content": {"title": "another"}},
    AssessmentResult: {"scores": {"reactive": 9}},
}


@pytest.fixture
def history(visitor: Any) -> Lead:
    lead: Lead = visitor.become_confirmed()
    version = AssessmentVersion.objects.create(
        assessment=Assessment.objects.create(title="Which cycle?"),
        number=1,
        content={"title": "Which cycle?"},
        published_at=visitor.clock(),
    )
    AssessmentResult.objects.create(
        lead=lead,
        opt_in=lead.opt_ins.first(),
        version=version,
        answers=[0],
        scores={"reactive": 2},
        at=visitor.clock(),
    )
    CycleStatement.objects.create(lead=lead, source=CycleSource.ASSESSED, at=visitor.clock())
    leave(lead_id=lead.pk, now=visitor.clock())
    return lead


@pytest.mark.parametrize("model", CHANGES)
@pytest.mark.parametrize(
    "act",
    [
        pytest.param(lambda rows, change: rows.update(**change), id="update"),
        pytest.param(lambda rows, change: rows._raw_delete(rows.db), id="delete"),
    ],
)
def test_a_row_stays_as_it_was_written(
    history: Lead, model: Any, act: Callable[[Any, dict[str, Any]], Any]
) -> None:
    before = list(model.objects.values())
    assert before
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        act(model.objects.all(), CHANGES[model])
    assert list(model.objects.values()) == before


def test_an_erasure_opens_the_tables_for_its_lead_only(history: Lead, visitor: Any) -> None:
    other = visitor.become_confirmed("grace@mail.test")
    ErasurePermit.objects.create(lead=history)
    for pointing in (MemberRecord, PrivateLink, OutboxEntry, SeriesRun):
        pointing.objects.filter(lead=history).delete()
    for told in (CycleStatement, AssessmentResult):
        rows = told.objects.filter(lead=history)
        rows._raw_delete(rows.db)
        assert not rows.exists()
    for model in (SyncAttempt, Consent, OptIn):
        rows = model.objects.filter(lead=history)
        rows._raw_delete(rows.db)
        assert not rows.exists()
        others = model.objects.filter(lead=other)
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            others._raw_delete(others.db)


def test_a_suppression_can_be_lifted(history: Lead, visitor: Any) -> None:
    Suppression.objects.update(lifted_at=visitor.clock())
    assert Suppression.objects.get().lifted_at == visitor.clock()
