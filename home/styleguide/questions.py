"""The questionnaire and its results, made up and never saved."""

from typing import Any

from django.http import HttpRequest

from funnel.models import Assessment, AssessmentVersion
from funnel.queries.assessments import Answered
from funnel.queries.content import stuck_cycles
from funnel.views.assessment import result_context, sheet_context

from . import samples

CLEAR, MIXED, TIE, NOTHING = (0, 0), (0, 1), (2, None), (3, None)


def _version(request: HttpRequest) -> AssessmentVersion:
    """Two questions about whatever cycles the site has; one answer is a single long word."""
    codes = [cycle.code for cycle in stuck_cycles(request)] or ["none"]
    first, last = codes[0], codes[-1]
    answers = [
        {"text": "Within a minute we’re both loud.", "weights": {first: 4}},
        {"text": "I see to it. It’s quicker.", "weights": {last: 3}},
        {"text": samples.LONGEST_WORD, "weights": {first: 3, last: 3}},
        {"text": "We put up with it, and somebody makes a joke.", "weights": {}},
    ]
    return AssessmentVersion(
        pk=1,
        assessment=Assessment(title="Which cycle keeps me stuck?"),
        content={
            "title": "Which cycle keeps me stuck?",
            "introduction": "Two questions, and about a minute.",
            "questions": [
                {"text": "Something small has gone wrong. What happens next?", "answers": answers},
                {"text": "And after that?", "answers": answers},
            ],
        },
    )


def sheet(request: HttpRequest) -> dict[str, Any]:
    """The questions."""
    return sheet_context(_version(request))


def refused_sheet(request: HttpRequest) -> dict[str, Any]:
    """The questions, when nothing was chosen."""
    return {**sheet(request), "is_refused": True}


def no_questions(request: HttpRequest) -> dict[str, Any]:
    """Before the coach has published any."""
    return sheet_context(None)


def result(request: HttpRequest, answers: tuple[int | None, ...]) -> dict[str, Any]:
    """What these answers point to."""
    return result_context(request, Answered(_version(request), answers))
