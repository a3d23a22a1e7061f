"""Asking for a conversation with the coach, and confirming it."""

from typing import Any
from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from funnel.choices import CallToActionGoal, LinkPurpose
from funnel.forms import possible_senders
from funnel.person_forms import CallRequestForm, PublicForm
from funnel.queries.content import form_content
from funnel.queries.conversations import request_behind
from funnel.services.conversations import confirm_call_request, record_call_request
from funnel.services.links import LinkProblemError, read_link
from funnel.services.mail import SUBJECT

from .asking import from_elsewhere, link_problem, take_form
from .origin import is_same_origin
from .private import private

# What the signpost before a booking asks the call to action for.
_SIGNPOST = {"goal": CallToActionGoal.CALL_REQUEST}


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def call_request(request: HttpRequest) -> HttpResponse:
    """Show the form, or take what was sent; the answer is the same redirect for every address."""
    if request.method != "POST":
        return _page(request, CallRequestForm())
    if not is_same_origin(request):
        return from_elsewhere()
    form, now = CallRequestForm(request.POST), timezone.now()
    return take_form(
        request,
        form,
        page=lambda form: _page(request, form),
        record=lambda: record_call_request(
            address=form.cleaned_data["email"], wishes=form.wishes, now=now
        ),
        thanks="funnel:call_requested",
        now=now,
    )


def _page(request: HttpRequest, form: PublicForm) -> HttpResponse:
    booking_url = form_content(request).settings.booking_url
    context: dict[str, Any] = {
        "person_form": form,
        "value": _SIGNPOST,
        "booking_url": booking_url,
        "booking_host": urlsplit(booking_url).hostname,
    }
    return render(request, "funnel/call_request.html", context)


@require_safe
def call_requested(request: HttpRequest) -> HttpResponse:
    """Say what happens next; knows nothing about who asked."""
    senders = possible_senders(form_content(request).settings)
    context = {"sender_names": list(senders.values()), "subject": SUBJECT}
    return render(request, "funnel/call_requested.html", context)


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@private
def confirm_call(request: HttpRequest, token: str) -> HttpResponse:
    """Show one button; its press confirms, and only then the coach hears of it.

    Neither page says what was written: whoever holds the mailbox reads no answers.
    """
    now = timezone.now()
    try:
        if request.method != "POST":
            link = read_link(purpose=LinkPurpose.CALL, token=token, now=now)
            request_ = request_behind(link)
            if request_ is None:
                raise LinkProblemError
            context = {"is_used": request_.confirmed_at is not None}
            return render(request, "funnel/call_confirm.html", context)
        if not is_same_origin(request):
            return render(request, "funnel/call_confirm.html", status=403)
        confirm_call_request(token=token, now=now)
    except LinkProblemError:
        return link_problem(request, ask_again="funnel:call_request")
    response = redirect("funnel:call_confirmed")
    response.status_code = 303
    return response


@require_safe
def call_confirmed(request: HttpRequest) -> HttpResponse:
    """Say what happens next, away from the private link; knows nothing about who asked."""
    return render(request, "funnel/call_confirmed.html", {"value": _SIGNPOST})
