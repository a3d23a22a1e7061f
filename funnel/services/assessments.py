"""The questionnaire is published, and somebody's result is kept with the opt-in it came with."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, TypeVar

from django.db import transaction

from funnel.models import (
    Assessment,
    AssessmentAnswer,
    AssessmentQuestion,
    AssessmentResult,
    AssessmentVersion,
    OptIn,
    StuckCycle,
)
from funnel.queries.assessments import Answered, current_version

from .conflicts import retried_on_conflict

_Row = TypeVar("_Row", AssessmentQuestion, AssessmentAnswer)


class NotReadyError(Exception):
    """Why a questionnaire can't be published yet, as a sentence for the coach."""


def content_of(assessment: Assessment) -> dict[str, Any]:
    """Return the questionnaire as a version keeps it; the codes of cycles stand for them."""
    return {
        "title": assessment.title,
        "introduction": assessment.introduction,
        "questions": [
            {
                "text": question.text,
                "answers": [
                    {
                        "text": answer.text,
                        "weights": {
                            weight.cycle.code: weight.weight
                            for weight in sorted(
                                answer.weights.all(),
                                key=lambda each: (each.cycle.sort_order, each.cycle.pk),
                            )
                            if weight.weight
                        },
                    }
                    for answer in in_order(question.answers.all())
                ],
            }
            for question in in_order(assessment.questions.all())
        ],
    }


def in_order(rows: Iterable[_Row]) -> list[_Row]:
    """Return questions or answers in the order that the coach gave them."""
    return sorted(rows, key=lambda row: (row.sort_order or 0, row.pk or 0))


@retried_on_conflict
def publish_assessment(*, assessment_id: int, now: datetime) -> AssessmentVersion | None:
    """Let readers get the questionnaire as it is saved now; return the new version.

    Returns None where that is what they get already. Raises `NotReadyError` for one that nobody
    could answer, or whose answers would lead nowhere.
    """
    with transaction.atomic():
        assessment = Assessment.objects.select_for_update().get(pk=assessment_id)
        content = content_of(assessment)
        _check(content)
        shown = current_version()
        if shown and shown.assessment_id == assessment.pk and shown.content == content:
            return None
        newest = AssessmentVersion.objects.filter(assessment=assessment).first()
        return AssessmentVersion.objects.create(
            assessment=assessment,
            number=newest.number + 1 if newest else 1,
            content=content,
            published_at=now,
        )


def _check(content: dict[str, Any]) -> None:
    questions = content["questions"]
    if not questions:
        raise NotReadyError("There is no question yet. Add one, save, and publish then.")
    for question in questions:
        if len(question["answers"]) < 2:
            raise NotReadyError(
                f"“{question['text']}” needs at least two answers to choose from. Add one, save, "
                "and publish then."
            )
        if not any(answer["weights"] for answer in question["answers"]):
            raise NotReadyError(
                f"No answer to “{question['text']}” speaks for a cycle, so it could never change "
                "a result. Give one of its answers some points, save, and publish then."
            )


def record_result(*, opt_in: OptIn, answered: Answered, now: datetime) -> AssessmentResult:
    """Keep what somebody answered with the opt-in that it came with, in the caller's transaction.

    Whose answers they are is not known before the opt-in is confirmed, so the lead stays as it is.
    """
    cycles = {cycle.code: cycle for cycle in StuckCycle.objects.all()}
    sole = answered.verdict_among(cycles).sole
    return AssessmentResult.objects.create(
        lead_id=opt_in.lead_id,
        opt_in=opt_in,
        version=answered.version,
        answers=list(answered.answers),
        scores=answered.scores,
        cycle=cycles[sole] if sole else None,
        at=now,
    )
