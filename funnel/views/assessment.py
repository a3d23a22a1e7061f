"""The questionnaire as one page, and what somebody's answers come to. Nothing is stored."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from funnel.blocks import opt_in_form
from funnel.choices import CallToActionGoal
from funnel.forms import OptInForm
from funnel.models import AssessmentVersion, CallToAction, StuckCycle
from funnel.queries.assessments import (
    Answered,
    Verdict,
    current_version,
    ranked,
    read_sheet,
    version_of,
)
from funnel.queries.content import calls_to_action_with_variants, stuck_cycles


@dataclass(frozen=True, kw_only=True)
class Pattern:
    """One cycle as a result tells of it."""

    cycle: StuckCycle
    is_leading: bool


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def assessment(request: HttpRequest) -> HttpResponse:
    """Ask the newest questions, or say what the answers that were sent point to.

    The page with the questions is the same for everybody. An answer is worked out and forgotten,
    wherever the form was sent from: it changes nothing, so nothing needs guarding.
    """
    if request.method != "POST":
        return render(request, "funnel/assessment.html", sheet_context(current_version()))
    version = version_of(request.POST.get("version", "")) or current_version()
    if version is None:
        return _unkept(render(request, "funnel/assessment.html", sheet_context(None)))
    answered = read_sheet(version, lambda number: request.POST.get(f"q{number}"))
    if not answered.number_answered:
        newest = current_version()
        context = {**sheet_context(newest), "is_refused": True}
        return _unkept(render(request, "funnel/assessment.html", context, status=422))
    context = result_context(request, answered)
    return _unkept(render(request, "funnel/assessment_result.html", context))


def sheet_context(version: AssessmentVersion | None) -> dict[str, Any]:
    """What the page with the questions shows."""
    return {"version": version, "sheet": version.content if version else None}


def result_context(request: HttpRequest, answered: Answered) -> dict[str, Any]:
    """What the page with a result shows, the form for the videos among it."""
    cycles = {cycle.code: cycle for cycle in stuck_cycles(request)}
    scores = {code: score for code, score in answered.scores.items() if code in cycles}
    found = answered.verdict_among(cycles)
    call_to_action = _call_to_action(answered.version)
    form = None
    if call_to_action is None or call_to_action.goal == CallToActionGoal.OPT_IN:
        form = _form(request, answered, found, cycles, call_to_action)
    return {
        "answered": answered,
        "sheet": answered.version.content,
        "heading": heading_of(found),
        "verdict": found,
        "patterns": [
            *(Pattern(cycle=cycles[code], is_leading=True) for code in found.leading),
            *(Pattern(cycle=cycles[code], is_leading=False) for code in found.some),
        ],
        "points": [(cycles[code], scores[code]) for code in ranked(scores)],
        "value": call_to_action,
        "opt_in_form": form,
    }


_NUMBERS = {2: "Two", 3: "Three", 4: "Four", 5: "Five", 6: "Six"}


def heading_of(found: Verdict) -> str:
    """Say in words how clear it is, without a name for anybody."""
    leading = len(found.leading)
    if not leading:
        return "None of these patterns, by your answers"
    if leading > 1:
        return f"{_NUMBERS.get(leading, 'Several')} patterns, about equally"
    if not found.some:
        return "One pattern, fairly clearly"
    return "Mostly one pattern, and some of " + ("another" if len(found.some) == 1 else "others")


def _call_to_action(version: AssessmentVersion) -> CallToAction | None:
    key = version.assessment.call_to_action_id
    return calls_to_action_with_variants([key]).get(key) if key else None


def _form(
    request: HttpRequest,
    answered: Answered,
    found: Verdict,
    cycles: dict[str, StuckCycle],
    call_to_action: CallToAction | None,
) -> OptInForm:
    """The form with the answers to go along; the result is suggested, and never chosen, in it."""
    form = opt_in_form(call_to_action=call_to_action, parent_context={"request": request})
    form.initial["answers"] = answered.text
    if found.sole:
        form.fields[
            "cycle"
        ].help_text = (
            f"Your answers suggest “{cycles[found.sole].experience}”. Choose what sounds like you."
        )
    return form


def _unkept(response: HttpResponse) -> HttpResponse:
    response.headers["Cache-Control"] = "no-store"
    return response
