"""Asking for the videos, and confirming it."""

from typing import Any
from urllib.parse import parse_qs, urlsplit

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe
from wagtail.models import Page

from funnel.choices import LinkPurpose
from funnel.forms import OptInForm, possible_senders
from funnel.models import CallToAction, Video
from funnel.models.opt_ins import UTM_FIELDS
from funnel.queries.content import calls_to_action_with_variants, form_content
from funnel.services.links import read_link
from funnel.services.mail import SUBJECT
from funnel.services.opt_ins import OptInSource, confirm_opt_in, record_opt_in
from funnel.services.stamps import make_stamp
from funnel.streaming import video_part_response
from funnel.text import clean_line

from .asking import from_elsewhere, network, take_form
from .origin import is_same_origin
from .private import open_session, private


def _same_origin_referer(request: HttpRequest) -> tuple[str, dict[str, str]]:
    """Return path and UTM words of the page a form stood on, empty where unknown."""
    try:
        referer = urlsplit(clean_line(request.headers.get("Referer", ""), max_length=2000))
    except ValueError:
        return "", {}
    if referer.netloc != request.get_host():
        return "", {}
    query = parse_qs(referer.query)
    words = {
        name: clean_line(query[name][0], max_length=120) for name in UTM_FIELDS if name in query
    }
    return clean_line(referer.path, max_length=500), words


def _source(
    request: HttpRequest, cleaned: dict[str, Any], call_to_action: CallToAction | None
) -> OptInSource:
    path, utm = _same_origin_referer(request)
    host, own_host = cleaned["referring_host"], request.get_host().partition(":")[0]
    stated = {name: cleaned[name] for name in UTM_FIELDS if cleaned[name]}
    page = None
    if cleaned.get("page"):
        page = Page.objects.live().public().filter(pk=cleaned["page"]).first()
    if page is not None:
        path = page.get_url(request) or path
    return OptInSource(
        page_id=page.pk if page else None,
        page_title=page.title if page else "",
        page_path=path[:500],
        landing_path=cleaned["landing_path"],
        referring_host="" if host == own_host else host,
        call_to_action=call_to_action,
        variant=cleaned["variant"],
        utm={**utm, **stated},
    )


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def opt_in(request: HttpRequest) -> HttpResponse:
    """Show the form on a page of its own, or take what was sent from any page's form.

    The answer to a good form is the same redirect for every address.
    """
    if request.method != "POST":
        form = OptInForm(content=form_content(request))
        return render(request, "funnel/opt_in.html", {"opt_in_form": form})
    if not is_same_origin(request):
        return from_elsewhere()
    call_to_action = _stated_call_to_action(request)
    form = OptInForm(request.POST, content=form_content(request), call_to_action=call_to_action)
    now = timezone.now()

    def page(form: OptInForm) -> HttpResponse:
        return render(request, "funnel/opt_in.html", {"opt_in_form": form.renewed()})

    def record() -> None:
        cleaned = form.cleaned_data
        record_opt_in(
            address=cleaned["email"],
            first_name=cleaned["first_name"],
            stated_cycle=cleaned["cycle"],
            agreement=cleaned["agreement"],
            source=_source(request, cleaned, call_to_action),
            wishes=cleaned["wishes"],
            answered=cleaned["answers"],
            now=now,
        )

    return take_form(request, form, page=page, record=record, thanks="funnel:check_mail", now=now)


@require_safe
def stamp(request: HttpRequest) -> HttpResponse:
    """A signed time for a form that somebody begins to fill in; nothing is kept of it."""
    text = make_stamp(network=network(request), now=timezone.now())
    response = HttpResponse(text, content_type="text/plain; charset=utf-8")
    response.headers["Cache-Control"] = "no-store"
    return response


def _stated_call_to_action(request: HttpRequest) -> CallToAction | None:
    number = request.POST.get("call_to_action", "")
    if not (number.isascii() and number.isdigit() and len(number) < 18):
        return None
    return calls_to_action_with_variants([int(number)]).get(int(number))


@require_safe
def check_mail(request: HttpRequest) -> HttpResponse:
    """Say what happens next, and offer the form again; knows nothing about who asked."""
    content = form_content(request)
    context = {
        "sender_names": list(possible_senders(content.settings).values()),
        "subject": SUBJECT,
        "opt_in_form": OptInForm(content=content),
    }
    return render(request, "funnel/check_mail.html", context)


@require_safe
def first_video(request: HttpRequest) -> HttpResponse:
    """The first video for whoever has no safe moment for a mail; nothing is kept of it."""
    response = render(request, "funnel/first_video.html", {"video": _first_video(request)})
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response


@require_safe
def first_video_part(request: HttpRequest, part: str) -> HttpResponseBase:
    """One file of that video: `file`, `captions` or `poster`. No other video has one here."""
    return video_part_response(request, _first_video(request), part=part)


def _first_video(request: HttpRequest) -> Video:
    video = Video.objects.filter(pk=form_content(request).first_video_id).first()
    if video is None:
        raise Http404("No video is offered without an address.")
    return video


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@private
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """Show one button; its press confirms and opens the first video.

    A GET confirms nothing, because mail scanners open every link.
    """
    if request.method != "POST":
        link = read_link(purpose=LinkPurpose.CONFIRM, token=token, now=timezone.now())
        return render(request, "funnel/confirm.html", {"is_used": link.used_at is not None})
    if not is_same_origin(request):
        return render(request, "funnel/confirm.html", status=403)
    link = confirm_opt_in(token=token, now=timezone.now())
    return open_session(request, link)
