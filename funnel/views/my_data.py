"""What is kept about a person: seen through a fresh link, changed, taken along, erased."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from funnel.forms import possible_senders
from funnel.models import PrivateLink
from funnel.person_forms import DetailsForm, MyDataRequestForm
from funnel.queries.content import form_content
from funnel.queries.my_data import what_is_kept
from funnel.services.conversations import stop_showing_story, take_back_call_request
from funnel.services.erasure import request_erasure
from funnel.services.leaving import pause
from funnel.services.links import LinkProblemError
from funnel.services.mail import SUBJECT
from funnel.services.my_data import (
    ask_for_my_data,
    change_details,
    close_my_data,
    open_my_data,
    opened_link,
    read_unopened,
)

from .asking import came_back, from_elsewhere, link_problem, take_form
from .leaving import ACTS, PAUSES, carry_out
from .origin import is_same_origin
from .private import (
    MY_DATA_COOKIE,
    forget_session,
    private,
    session_link_id,
    start_session,
)

FILE_NAME = "records"
_DONE = {
    "change": "Your changes are saved.",
    "end_pause": "The pause is over.",
    "stop_sharing_cycle": "Mailchimp is told nothing any more about your cycle.",
    "stop_showing_story": "The coach sees neither your cycle nor your videos any more.",
    "stop_letters": "No more letters come. The videos stay open to you.",
    "forget_answers": "Your answers are gone.",
    "take_back_call": "Your request for a call is taken back.",
    "leave": "Nothing more is sent to you.",
    "fresh_link": "A mail with a fresh link is on its way.",
    **dict.fromkeys(PAUSES, "Our mails wait."),
}


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def my_data(request: HttpRequest) -> HttpResponse:
    """Ask for the address, and send the fresh link if it is known: one answer for everybody."""
    if request.method != "POST":
        return render(request, "funnel/my_data.html", {"person_form": MyDataRequestForm()})
    if not is_same_origin(request):
        return from_elsewhere()
    form, now = MyDataRequestForm(request.POST), timezone.now()
    return take_form(
        request,
        form,
        page=lambda form: render(request, "funnel/my_data.html", {"person_form": form}),
        record=lambda: ask_for_my_data(address=form.cleaned_data["email"], now=now),
        thanks="funnel:my_data_asked",
        now=now,
    )


@require_safe
def my_data_asked(request: HttpRequest) -> HttpResponse:
    """Say what happens next; knows nothing about who asked."""
    senders = possible_senders(form_content(request).settings)
    context = {"sender_names": list(senders.values()), "subject": SUBJECT}
    return render(request, "funnel/my_data_asked.html", context)


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@private
def open_link(request: HttpRequest, token: str) -> HttpResponseBase:
    """Show one button; its press uses the link up and opens this browser's page for half an hour.

    A GET opens nothing, so that a mail scanner can't use it up.
    """
    now = timezone.now()
    try:
        if request.method != "POST":
            read_unopened(token=token, now=now)
            return render(request, "funnel/my_data_open.html")
        if not is_same_origin(request):
            return render(request, "funnel/my_data_open.html", status=403)
        link = open_my_data(token=token, now=now)
    except LinkProblemError:
        return link_problem(request, ask_again="funnel:my_data")
    return start_session(request, link, cookie=MY_DATA_COOKIE)


def _opened(request: HttpRequest) -> PrivateLink:
    link_id = session_link_id(request, cookie=MY_DATA_COOKIE)
    return opened_link(link_id=link_id, now=timezone.now())


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@private
def see(request: HttpRequest) -> HttpResponseBase:
    """Show what is kept, in words, with a button for each thing to be done about it."""
    try:
        link = _opened(request)
    except LinkProblemError:
        return link_problem(request, ask_again="funnel:my_data")
    if request.method != "POST":
        return _kept_page(request, link)
    if not is_same_origin(request):
        return from_elsewhere()
    return _act(request, link)


def _kept_page(
    request: HttpRequest, link: PrivateLink, *, form: DetailsForm | None = None
) -> HttpResponse:
    lead = link.lead
    done = _DONE.get(request.GET.get("done", "")) if form is None else None
    context: dict[str, Any] = {
        "kept": what_is_kept(lead),
        "person_form": form or DetailsForm(lead=lead, content=form_content(request)),
        "closes_at": link.expires_at,
        "is_paused": lead.paused_until is not None and lead.paused_until > timezone.now(),
        "done": done,
    }
    return render(request, "funnel/my_data_see.html", context)


def _act(request: HttpRequest, link: PrivateLink) -> HttpResponseBase:
    act, now = request.POST.get("act", ""), timezone.now()
    if act == "erase":
        return _erase(request, link)
    if act == "close":
        close_my_data(link_id=link.pk, now=now)
        return forget_session(_see_other("funnel:my_data"), cookie=MY_DATA_COOKIE)
    if act == "change":
        form = DetailsForm(request.POST, lead=link.lead, content=form_content(request))
        if not form.is_valid():
            return came_back(_kept_page(request, link, form=form))
        change_details(lead_id=link.lead_id, details=form.details, now=now)
    elif act in _OWN_ACTS:
        _OWN_ACTS[act](request, link)
    elif act == "leave" or act in PAUSES or act in ACTS:
        carry_out(act, lead_id=link.lead_id, now=now)
    else:
        return _see_other("funnel:see_my_data")
    return HttpResponseRedirect(f"{reverse('funnel:see_my_data')}?done={act}", status=303)


def _end_pause(request: HttpRequest, link: PrivateLink) -> None:
    pause(lead_id=link.lead_id, duration=timedelta(), now=timezone.now())


def _stop_showing_story(request: HttpRequest, link: PrivateLink) -> None:
    stop_showing_story(lead=link.lead)


def _take_back_call(request: HttpRequest, link: PrivateLink) -> None:
    number = request.POST.get("call", "")
    if number.isascii() and number.isdigit() and len(number) < 18:
        take_back_call_request(lead_id=link.lead_id, request_id=int(number))


_OWN_ACTS: dict[str, Callable[[HttpRequest, PrivateLink], None]] = {
    "end_pause": _end_pause,
    "stop_showing_story": _stop_showing_story,
    "take_back_call": _take_back_call,
}


def _erase(request: HttpRequest, link: PrivateLink) -> HttpResponseBase:
    """Ask for the erasure, once the box beside the button says that it is meant."""
    if not request.POST.get("sure"):
        return HttpResponseRedirect(f"{reverse('funnel:see_my_data')}#erase", status=303)
    request_erasure(lead_id=link.lead_id, now=timezone.now())
    return forget_session(_see_other("funnel:my_data_erased"), cookie=MY_DATA_COOKIE)


def _see_other(name: str) -> HttpResponseRedirect:
    return HttpResponseRedirect(reverse(name), status=303)


@require_safe
@private
def download(request: HttpRequest, form: str) -> HttpResponseBase:
    """Hand out everything as a file, for people (`txt`) or for programs (`json`)."""
    try:
        link = _opened(request)
    except LinkProblemError:
        return link_problem(request, ask_again="funnel:my_data")
    kept = what_is_kept(link.lead)
    if form == "json":
        body = json.dumps(kept.as_data(), ensure_ascii=False, indent=2)
        kind = "application/json"
    else:
        body = render_to_string("funnel/my_data_file.txt", {"kept": kept})
        kind = "text/plain; charset=utf-8"
    response = HttpResponse(body, content_type=kind)
    response.headers["Content-Disposition"] = f'attachment; filename="{FILE_NAME}.{form}"'
    return response


@require_safe
def my_data_erased(request: HttpRequest) -> HttpResponse:
    """Say what an erasure does, and how to ask for its proof; knows nothing about who asked."""
    return render(request, "funnel/my_data_erased.html")
