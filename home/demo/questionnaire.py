"""The demo's questionnaire, given once and published, and the invitation that leads to it."""

import json
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit

from django.urls import reverse

from funnel.models import (
    AnswerWeight,
    Assessment,
    AssessmentAnswer,
    AssessmentQuestion,
    CallToAction,
    StuckCycle,
)
from funnel.services.assessments import publish_assessment


def give_questionnaire(*, content: Path, offers: Sequence[CallToAction], now: datetime) -> None:
    """Write and publish it, unless somebody has written one already."""
    if Assessment.objects.exists():
        return
    written = json.loads((content / "questionnaire.json").read_text(encoding="utf-8"))
    cycles = {cycle.code: cycle for cycle in StuckCycle.objects.all()}
    assessment = Assessment(
        title=written["title"],
        introduction=written["introduction"],
        call_to_action=offers[0] if offers else None,
    )
    for place, asked in enumerate(written["questions"]):
        question = AssessmentQuestion(text=asked["text"], sort_order=place)
        for inner_place, offered in enumerate(asked["answers"]):
            answer = AssessmentAnswer(text=offered["text"], sort_order=inner_place)
            for code, points in offered["points"].items():
                if code in cycles:
                    answer.weights.add(AnswerWeight(cycle=cycles[code], weight=points))
            question.answers.add(answer)
        assessment.questions.add(question)
    assessment.save()
    publish_assessment(assessment_id=assessment.pk, now=now)


def questionnaire_url(site_url: str) -> str:
    """Where invitations to it lead; a call to action wants the whole address."""
    return site_url.rstrip("/") + reverse("funnel:assessment")


def follow_site_url(site_url: str) -> None:
    """Let invitations to it follow the demo to another port."""
    wanted = questionnaire_url(site_url)
    path = urlsplit(wanted).path
    CallToAction.objects.filter(
        link_url__startswith="http://localhost", link_url__endswith=path
    ).exclude(link_url=wanted).update(link_url=wanted)
