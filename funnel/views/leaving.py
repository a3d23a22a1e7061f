"""Leaving, with one press; and what a person may want instead."""

from collections.abc import Callable
from datetime import datetime, timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

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
    act = carry_out(request.POST.get("act", ""), lead_id=link.lead_id, now=now)
    until = now + PAUSES[act] if act in PAUSES else None
    return render(request, "funnel/left.html", {"act": act, "until": until})


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
