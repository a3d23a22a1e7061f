"""The plugin's public pages: each view connects a request to one service."""

from functools import wraps
from typing import Any, ParamSpec, Protocol
from urllib.parse import parse_qs, urlsplit

from django.core import signing
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseForbidden,
    HttpResponseRedirect,
)
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import (
    require_GET,
    require_http_methods,
    require_POST,
    require_safe,
)
from wagtail.models import Page

from funnel.choices import LinkPurpose
from funnel.conf import quick_exit_url, site_url
from funnel.forms import OptInForm
from funnel.models import CallToAction, PrivateLink, Video
from funnel.models.opt_ins import UTM_FIELDS
from funnel.queries.content import calls_to_action_with_variants, form_content
from funnel.queries.videos import videos_for
from funnel.services.leaving import leave, stop_sharing_cycle
from funnel.services.links import LinkProblemError, read_link, read_link_by_id
from funnel.services.messages import SUBJECT
from funnel.services.opt_ins import OptInSource, confirm_opt_in, record_opt_in
from funnel.streaming import private_file_response
from funnel.text import clean_line

SESSION_COOKIE = "videos"
_SESSION_SALT = "funnel.videos"
_P = ParamSpec("_P")


class _View(Protocol[_P]):
    def __call__(
        self, request: HttpRequest, /, *args: _P.args, **kwargs: _P.kwargs
    ) -> HttpResponseBase: ...


def is_same_origin(request: HttpRequest) -> bool:
    """Whether a form was sent from a page of this site, as far as a browser tells.

    This takes the place of a CSRF token, which would set a cookie and end caching. Browsers send
    Sec-Fetch-Site over https and on localhost; over plain http elsewhere, Origin has to do.
    """
    fetch_site = request.headers.get("Sec-Fetch-Site")
    if fetch_site is not None:
        return fetch_site == "same-origin"
    own = {site_url(), f"{request.scheme}://{request.get_host()}"}
    return request.headers.get("Origin") in own


def _private(view: _View[_P]) -> _View[_P]:
    """Keep a page behind a private link out of caches, search engines and other sites' logs."""

    @wraps(view)
    def wrapped(request: HttpRequest, /, *args: _P.args, **kwargs: _P.kwargs) -> HttpResponseBase:
        try:
            response = view(request, *args, **kwargs)
        except LinkProblemError:
            response = render(request, "funnel/link_problem.html", status=410)
        response.headers["Cache-Control"] = "no-store"
        response.headers["Referrer-Policy"] = "same-origin"
        response.headers["X-Robots-Tag"] = "noindex, nofollow"
        return response

    return wrapped


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
        return HttpResponseForbidden(
            "This form was sent from another website. Please open our page and send it from there.",
            content_type="text/plain; charset=utf-8",
        )
    call_to_action = _stated_call_to_action(request)
    form = OptInForm(request.POST, content=form_content(request), call_to_action=call_to_action)
    if not form.is_valid():
        response = render(
            request, "funnel/opt_in.html", {"opt_in_form": form.renewed()}, status=422
        )
        response.headers["Cache-Control"] = "no-store"
        return response
    cleaned = form.cleaned_data
    record_opt_in(
        address=cleaned["email"],
        first_name=cleaned["first_name"],
        stated_cycle=cleaned["cycle"],
        agreement=cleaned["agreement"],
        source=_source(request, cleaned, call_to_action),
        now=timezone.now(),
    )
    return redirect("funnel:check_mail")


def _stated_call_to_action(request: HttpRequest) -> CallToAction | None:
    number = request.POST.get("call_to_action", "")
    if not (number.isascii() and number.isdigit() and len(number) < 18):
        return None
    return calls_to_action_with_variants([int(number)]).get(int(number))


@require_safe
def check_mail(request: HttpRequest) -> HttpResponse:
    """Say what happens next; knows nothing about who asked."""
    context = {
        "sender_name": form_content(request).settings.sender_name,
        "subject": SUBJECT,
    }
    return render(request, "funnel/check_mail.html", context)


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@_private
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
    return _open_session(request, link)


@require_GET
@_private
def open_videos(request: HttpRequest, token: str) -> HttpResponse:
    """Open the videos from a mail's link; the address bar shows none of it afterwards."""
    link = read_link(purpose=LinkPurpose.VIDEOS, token=token, now=timezone.now())
    return _open_session(request, link)


def _open_session(request: HttpRequest, link: PrivateLink) -> HttpResponse:
    """Go to the videos with the one cookie there is: for that path, gone with the browser."""
    path = reverse("funnel:videos")
    response = HttpResponseRedirect(path, status=303)
    response.set_cookie(
        SESSION_COOKIE,
        signing.dumps(link.pk, salt=_SESSION_SALT),
        path=path,
        secure=request.is_secure(),
        httponly=True,
        samesite="Lax",
    )
    return response


def _session_link(request: HttpRequest) -> PrivateLink:
    try:
        link_id = signing.loads(request.COOKIES.get(SESSION_COOKIE, ""), salt=_SESSION_SALT)
    except signing.BadSignature as error:
        raise LinkProblemError from error
    return read_link_by_id(purpose=LinkPurpose.VIDEOS, link_id=link_id, now=timezone.now())


@csrf_exempt
@require_POST
def close(request: HttpRequest) -> HttpResponse:
    """Forget this browser's videos, for the quick exit: quietly for a script, else lead away.

    Whoever presses it gets away, even where a browser says nothing of where the press came from;
    another site's press closes nothing. A page leads away, and no redirect: where a policy lets
    forms be sent to this site only, Chromium follows none that leads out of it.
    """
    response = HttpResponse(status=204)
    if "text/html" in request.headers.get("Accept", ""):
        response = render(request, "funnel/closed.html", {"target": quick_exit_url(request)})
    if is_same_origin(request):
        response.delete_cookie(SESSION_COOKIE, path=reverse("funnel:videos"), samesite="Lax")
    response.headers["Cache-Control"] = "no-store"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


@require_safe
@_private
def videos(request: HttpRequest) -> HttpResponse:
    """The videos that this browser's link opens."""
    series, series_videos = videos_for(_session_link(request))
    return render(request, "funnel/videos.html", {"series": series, "videos": series_videos})


@require_safe
@_private
def video_part(request: HttpRequest, video_id: int, part: str) -> HttpResponseBase:
    """One file of one video: `file`, `captions` or `poster`."""
    _, series_videos = videos_for(_session_link(request))
    video = get_object_or_404(Video, pk__in=[video.pk for video in series_videos], pk=video_id)
    file = {"file": video.file, "captions": video.captions, "poster": video.poster}[part]
    if not file:
        raise Http404("This video has no such file.")
    return private_file_response(request, file)


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@_private
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
