"""Leaving, with one press."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from funnel.choices import LinkPurpose
from funnel.services.leaving import leave, stop_sharing_cycle
from funnel.services.links import read_link

from .private import private


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@private
def leave_view(request: HttpRequest, token: str) -> HttpResponse:
    """Leave with one press, or stop sharing the cycle and stay.

    A mail program's own button (RFC 8058) posts here from anywhere, so the token is all it takes.
    """
    link = read_link(purpose=LinkPurpose.LEAVE, token=token, now=timezone.now())
    if request.method != "POST":
        return render(request, "funnel/leave.html")
    if request.POST.get("act") == "stop_sharing_cycle":
        stop_sharing_cycle(lead_id=link.lead_id, now=timezone.now())
        return render(request, "funnel/left.html", {"still_here": True})
    leave(lead_id=link.lead_id, now=timezone.now())
    return render(request, "funnel/left.html", {"still_here": False})
