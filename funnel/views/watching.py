"""The videos, behind a private link."""

from math import ceil

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseForbidden
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from funnel.choices import LinkPurpose
from funnel.conf import quick_exit_url
from funnel.queries.videos import (
    VideoNotOpenError,
    VideoState,
    open_video,
    video_states,
    videos_for,
    zone_of,
)
from funnel.services.links import read_link
from funnel.services.watching import note_quarter, say_watched
from funnel.streaming import video_part_response

from .origin import is_same_origin
from .private import forget_sessions, open_session, private, session_link

_QUARTERS = {str(quarter): quarter for quarter in range(5)}


@require_safe
@private
def open_videos(request: HttpRequest, token: str) -> HttpResponse:
    """Open the videos from a mail's link; the address bar shows none of it afterwards."""
    link = read_link(purpose=LinkPurpose.VIDEOS, token=token, now=timezone.now())
    return open_session(request, link)


@csrf_exempt
@require_POST
def close(request: HttpRequest) -> HttpResponse:
    """Forget this browser's private pages: quietly for a script’s quick exit, else lead away.

    Whoever presses it gets away, even where a browser says nothing of where the press came from;
    another site's press closes nothing. A page leads away, and no redirect: where a policy lets
    forms be sent to this site only, Chromium follows none that leads out of it.
    """
    response = HttpResponse(status=204)
    if "text/html" in request.headers.get("Accept", ""):
        response = render(request, "funnel/closed.html", {"target": quick_exit_url(request)})
    if is_same_origin(request):
        forget_sessions(response)
    response.headers["Cache-Control"] = "no-store"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


@require_safe
@private
def videos(request: HttpRequest) -> HttpResponse:
    """The videos that this browser's link opens: first the one to go on with, then the others."""
    link = session_link(request)
    series, _ = videos_for(link)
    states = video_states(link=link, now=timezone.now())
    current = _current(states)
    return render(
        request,
        "funnel/videos.html",
        {
            "series": series,
            "current": current,
            "others": [state for state in states if state is not current],
            "is_finished": bool(states) and all(state.is_watched for state in states),
            "zone": zone_of(link.lead),
        },
    )


def _current(states: list[VideoState]) -> VideoState | None:
    """The first that is open and not watched; where there is none, the first."""
    waiting = (state for state in states if state.is_open and not state.is_watched)
    return next(waiting, states[0] if states else None)


@require_safe
@private
def video_part(request: HttpRequest, video_id: int, part: str) -> HttpResponseBase:
    """One file of one video that is open: `file`, `captions` or `poster`."""
    try:
        state = open_video(link=session_link(request), video_id=int(video_id), now=timezone.now())
    except VideoNotOpenError as error:
        raise Http404("No such video is open.") from error
    return video_part_response(request, state.video, part=part)


@csrf_exempt
@require_POST
@private
def progress(request: HttpRequest, video_id: int) -> HttpResponse:
    """Note a quarter that was played, for the page's own script."""
    quarter = _QUARTERS.get(request.POST.get("quarter", ""))
    if quarter is None:
        return HttpResponse(status=400)
    if not is_same_origin(request):
        return HttpResponseForbidden()
    try:
        missing = note_quarter(
            link=session_link(request), video_id=int(video_id), quarter=quarter, now=timezone.now()
        )
    except VideoNotOpenError as error:
        raise Http404("No such video is open.") from error
    if missing:
        seconds = ceil(missing.total_seconds())
        return HttpResponse(status=409, headers={"Retry-After": str(seconds)})
    return HttpResponse(status=204)


@csrf_exempt
@require_POST
@private
def watched(request: HttpRequest, video_id: int) -> HttpResponse:
    """“I have watched it”: a plain button, for whoever wants or has no scripts."""
    if not is_same_origin(request):
        return HttpResponseForbidden(
            "This was sent from another website. Please open our page and press the button there.",
            content_type="text/plain; charset=utf-8",
        )
    try:
        say_watched(link=session_link(request), video_id=int(video_id), now=timezone.now())
    except VideoNotOpenError as error:
        raise Http404("No such video is open.") from error
    response = redirect("funnel:videos")
    response.status_code = 303
    return response
