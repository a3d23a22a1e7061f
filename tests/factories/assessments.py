"""A small questionnaire, saved or published, for tests."""

from datetime import datetime
from typing import Any

from funnel.models import (
    AnswerWeight,
    Assessment,
    AssessmentAnswer,
    AssessmentQuestion,
    AssessmentVersion,
    StuckCycle,
)
from funnel.services.assessments import publish_assessment

# Question → answer → points for cycles.
THREE_QUESTIONS: dict[str, dict[str, dict[str, int]]] = {
    "What happens at six o’clock?": {
        "One of us gets loud": {"reactive": 3},
        "One of us finds fault": {"criticism": 3},
        "I ask again": {"desperation": 3},
        "I do it all myself": {"resentment": 3},
    },
    "And after that?": {
        "A door": {"reactive": 2, "resentment": 1},
        "A sigh": {"criticism": 2, "resentment": 1},
        "A letter of six pages": {"desperation": 3},
    },
    "What do you wish for?": {
        "Quiet": {"reactive": 2},
        "Thanks": {"resentment": 2, "criticism": 1},
        "Nothing in particular": {},
    },
}


def make_assessment(
    questions: dict[str, dict[str, dict[str, int]]] = THREE_QUESTIONS, **fields: Any
) -> Assessment:
    """Save a questionnaire as the coach would have in the admin."""
    cycles = {cycle.code: cycle for cycle in StuckCycle.objects.all()}
    assessment: Assessment = Assessment.objects.create(
        **{"title": "Which cycle keeps me stuck?", "introduction": "Two minutes.", **fields}
    )
    for place, (words, answers) in enumerate(questions.items()):
        question = AssessmentQuestion.objects.create(
            assessment=assessment, text=words, sort_order=place
        )
        for answer_place, (answer_words, weights) in enumerate(answers.items()):
            answer = AssessmentAnswer.objects.create(
                question=question, text=answer_words, sort_order=answer_place
            )
            for code, weight in weights.items():
                AnswerWeight.objects.create(answer=answer, cycle=cycles[code], weight=weight)
    return Assessment.objects.get(pk=assessment.pk)


def published(now: datetime, **fields: Any) -> AssessmentVersion:
    """Save and publish it."""
    version = publish_assessment(assessment_id=make_assessment(**fields).pk, now=now)
    assert version is not None
    return version
