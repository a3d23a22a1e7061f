"""What the questionnaire asks, and what somebody's answers to it come to. Nothing here is kept."""

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.models import Count, QuerySet

from funnel.choices import CycleSource
from funnel.models import AssessmentResult, AssessmentVersion, CycleStatement, OptIn

# What is within a tenth of the top leads with it; what has half of the top is there as well.
ABOUT_EQUAL = (9, 10)
ALSO_THERE = (1, 2)
LONGEST_TEXT = 400
_LEFT = "-"
_TEXT = re.compile(r"([1-9][0-9]{0,17}):((?:-|0|[1-9][0-9]{0,2})(?:,(?:-|0|[1-9][0-9]{0,2}))*)")


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """Which patterns answers point to, by code: those that lead about equally, and those there too.

    Both are ordered by their scores. Nothing leads where no answer speaks for anything.
    """

    leading: tuple[str, ...] = ()
    some: tuple[str, ...] = ()

    @property
    def sole(self) -> str | None:
        """The one that leads; None at a tie."""
        return self.leading[0] if len(self.leading) == 1 else None


def verdict(scores: Mapping[str, int]) -> Verdict:
    """Weigh the sums against the highest of them, and against nothing else.

    So a name makes no difference, answering twice as strongly makes none either, and more for a
    pattern never makes it less.
    """
    top = max(scores.values(), default=0)
    if top <= 0:
        return Verdict()
    codes = ranked(scores)
    leading = tuple(code for code in codes if _reaches(scores[code], top, ABOUT_EQUAL))
    some = tuple(
        code
        for code in codes
        if code not in leading and scores[code] > 0 and _reaches(scores[code], top, ALSO_THERE)
    )
    return Verdict(leading=leading, some=some)


def ranked(scores: Mapping[str, int]) -> list[str]:
    """The codes, the highest sum first; equal ones stay in the order they came in."""
    return sorted(scores, key=lambda code: -scores[code])


def _reaches(score: int, top: int, share: tuple[int, int]) -> bool:
    part, whole = share
    return score * whole >= top * part


@dataclass(frozen=True)
class Answered:
    """One filled-in questionnaire: the version, and the chosen answer to each question or None."""

    version: AssessmentVersion
    answers: tuple[int | None, ...]

    @cached_property
    def scores(self) -> dict[str, int]:
        """The sum for each cycle that any answer of this version speaks for."""
        questions = self.version.content["questions"]
        sums = {
            code: 0
            for question in questions
            for answer in question["answers"]
            for code in answer["weights"]
        }
        for question, chosen in zip(questions, self.answers, strict=True):
            if chosen is not None:
                for code, weight in question["answers"][chosen]["weights"].items():
                    sums[code] += weight
        return sums

    def verdict_among(self, codes: Collection[str]) -> Verdict:
        """What the sums come to among these cycles: an old version may name one that is gone."""
        return verdict({code: score for code, score in self.scores.items() if code in codes})

    @property
    def number_answered(self) -> int:
        """How many questions were not left."""
        return sum(chosen is not None for chosen in self.answers)

    @property
    def is_thin(self) -> bool:
        """Whether so many questions were left that the result is a hint at most."""
        return self.number_answered * 2 < len(self.answers)

    @property
    def text(self) -> str:
        """The same as a short text that a form can carry; `read_answers` reads it."""
        chosen = (_LEFT if each is None else str(each) for each in self.answers)
        return f"{self.version.pk}:{','.join(chosen)}"


def read_answers(text: str) -> Answered | None:
    """Return what a form carried along, worked out anew from the version; None for anything odd.

    Only the choices travel. What they come to is never taken from a browser.
    """
    if len(text) > LONGEST_TEXT:
        return None
    match = _TEXT.fullmatch(text)
    if match is None:
        return None
    version = version_of(match[1])
    if version is None:
        return None
    chosen = [None if each == _LEFT else int(each) for each in match[2].split(",")]
    answered = _answered(version, chosen)
    return answered if answered and answered.number_answered else None


def read_sheet(version: AssessmentVersion, choice: Callable[[int], str | None]) -> Answered:
    """Return a sheet as it was sent; `choice` gives what came for the question of a number.

    What is no answer of that question counts as left.
    """
    chosen: list[int | None] = []
    for number, question in enumerate(version.content["questions"]):
        wanted = choice(number)
        possible = {str(index): index for index in range(len(question["answers"]))}
        chosen.append(possible.get(wanted or ""))
    return Answered(version, tuple(chosen))


def _answered(version: AssessmentVersion, chosen: Sequence[int | None]) -> Answered | None:
    questions: list[dict[str, Any]] = version.content["questions"]
    if len(chosen) != len(questions):
        return None
    for question, each in zip(questions, chosen, strict=True):
        if each is not None and each >= len(question["answers"]):
            return None
    return Answered(version, tuple(chosen))


def current_version() -> AssessmentVersion | None:
    """The version that readers get: the one published last."""
    return (
        AssessmentVersion.objects.select_related("assessment__call_to_action")
        .order_by("-published_at", "-pk")
        .first()
    )


def version_of(number: str) -> AssessmentVersion | None:
    """The version of this id, whether readers still get it or not; None for what is no id."""
    if not (number.isascii() and number.isdigit() and len(number) < 19):
        return None
    return (
        AssessmentVersion.objects.select_related("assessment__call_to_action")
        .filter(pk=int(number))
        .first()
    )


def assesses_anew(opt_in: OptIn) -> bool:
    """Whether answers that came with this opt-in point to another cycle than those known so far."""
    result = AssessmentResult.objects.filter(opt_in=opt_in).first()
    if result is None or result.cycle_id is None:
        return False
    known = CycleStatement.objects.filter(lead=opt_in.lead_id, source=CycleSource.ASSESSED)
    return known.values_list("cycle", flat=True).first() != result.cycle_id


def versions_with_results(assessment_id: int) -> QuerySet[AssessmentVersion]:
    """All versions of a questionnaire, newest first, with `number_of_results`."""
    return (
        AssessmentVersion.objects.filter(assessment=assessment_id)
        .annotate(number_of_results=Count("results"))
        .order_by("-number")
    )


def most_possible(content: Mapping[str, Any]) -> dict[str, int]:
    """How many points each cycle can reach at most, for a coach who wants it to be fair."""
    most: dict[str, int] = {}
    for question in content["questions"]:
        codes = {code for answer in question["answers"] for code in answer["weights"]}
        for code in codes:
            best = max(answer["weights"].get(code, 0) for answer in question["answers"])
            most[code] = most.get(code, 0) + best
    return most
