"""Leaving, with one press; and what a person may want instead."""

from collections.abc import Callable
from datetime import datetime, timedelta

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from funnel.choices import LinkPurpose
from funnel.services.leaving import (
    forget_answers,
    leave,
    pause,
    stop_letters,
    stop_sharing_cycle,
)
from funnel.services.links import LinkProblemError, read_link
from funnel.services.my_data import ask_for_fresh_link

from .asking import link_problem
from .private import private

PAUSES = {"pause_two_weeks": timedelta(weeks=2), "pause_month": timedelta(days=30)}
# What each button does besides leaving; anything else leaves, as a mail program's button does.
ACTS: dict[str, Callable[..., None]] = {
    "stop_sharing_cycle": stop_sharing_cycle,
    "stop_letters": stop_letters,
    "forget_answers": forget_answers,
    "fresh_link": ask_for_fresh_link,
}


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@private
def leave_view(request: HttpRequest, token: str) -> HttpResponse:
    """Leave with one press; or pause, take a part back, or ask for a fresh link.

    A mail program's own button (RFC 8058) posts here from anywhere, so the token is all it takes.
    The page tells nothing about the person: whoever holds the mailbox can open it.
    """
    now = timezone.now()
    try:
        link = read_link(purpose=LinkPurpose.LEAVE, token=token, now=now)
    except LinkProblemError:
        return link_problem(request, ask_again="funnel:my_data")
    if request.method != "POST":
        return render(request, "funnel/leave.html")
    asked = request.POST.get("act", "")
    act = carry_out(asked, lead_id=link.lead_id, now=now)
    if not asked:
        # A mail program is to be answered at once, without a redirect.
        return render(request, "funnel/left.html", {"act": act})
    response = redirect("funnel:left", act)
    response.status_code = 303
    return response


@require_safe
def left(request: HttpRequest, act: str) -> HttpResponse:
    """Say what a press did, away from the private link; knows nothing about whose it was."""
    if act != "leave" and act not in ACTS and act not in PAUSES:
        raise Http404("There is no such button.")
    return render(request, "funnel/left.html", {"act": act})


def carry_out(act: str, *, lead_id: int, now: datetime) -> str:
    """Do what a button stands for, and return its name; leaving is what any other word means."""
    if act in PAUSES:
        pause(lead_id=lead_id, duration=PAUSES[act], now=now)
    elif act in ACTS:
        ACTS[act](lead_id=lead_id, now=now)
    else:
        leave(lead_id=lead_id, now=now)
        return "leave"
    return act
