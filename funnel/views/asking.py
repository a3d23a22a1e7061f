"""What the public forms, about anybody’s address, have in common."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TypeVar

from django.http import HttpRequest, HttpResponse, HttpResponseForbidden
from django.shortcuts import redirect, render
from django.urls import reverse

from funnel.conf import funnel_setting
from funnel.forms import OptInForm
from funnel.networks import network_of
from funnel.person_forms import PublicForm
from funnel.services.gate import Submission, Verdict, judge
from funnel.services.limits import HOUR

# A person who has to wait is told so.
_PUT_OFF = {Verdict.NETWORK_IS_BUSY: 429, Verdict.SITE_IS_BUSY: 503}
_Form = TypeVar("_Form", OptInForm, PublicForm)


def from_elsewhere() -> HttpResponse:
    """Refuse a form that another website has sent."""
    return HttpResponseForbidden(
        "This form was sent from another website. Please open our page and send it from there.",
        content_type="text/plain; charset=utf-8",
    )


def network(request: HttpRequest) -> str:
    """Return the network that a request came from."""
    return network_of(
        peer=request.META.get("REMOTE_ADDR", ""),
        forwarded_for=request.headers.get("X-Forwarded-For", ""),
        trusted=funnel_setting("TRUSTED_PROXIES"),
    )


def take_form(
    request: HttpRequest,
    form: _Form,
    *,
    page: Callable[[_Form], HttpResponse],
    record: Callable[[], object],
    thanks: str,
    now: datetime,
) -> HttpResponse:
    """Let a form come in: its answer is the same redirect for every address, known or not.

    A robot is told what a person is told; one who has to wait gets the form back with the reason.
    """
    if not form.is_valid():
        return came_back(page(form))
    submission = Submission(
        network=network(request),
        stamp=str(form.cleaned_data["stamp"] or ""),
        trap=request.POST.get("homepage", ""),
    )
    verdict = judge(submission=submission, address=form.cleaned_data["email"], now=now)
    if verdict in _PUT_OFF:
        form.put_off(verdict)
        response = came_back(page(form), status=_PUT_OFF[verdict])
        response.headers["Retry-After"] = str(int(HOUR / timedelta(seconds=1)))
        return response
    if verdict == Verdict.RECORD:
        record()
    return redirect(thanks)


def came_back(response: HttpResponse, *, status: int = 422) -> HttpResponse:
    """Mark a form that comes back as nobody else’s to see."""
    response.status_code = status
    response.headers["Cache-Control"] = "no-store"
    return response


def link_problem(request: HttpRequest, *, ask_again: str) -> HttpResponse:
    """Say that a link opens nothing, and where a new one is to be had."""
    context = {"ask_again_url": reverse(ask_again)}
    return render(request, "funnel/link_problem.html", context, status=410)
