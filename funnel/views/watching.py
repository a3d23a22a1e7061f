"""The videos, behind a private link."""

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST, require_safe

from funnel.choices import LinkPurpose
from funnel.conf import quick_exit_url
from funnel.models import Video
from funnel.queries.videos import videos_for
from funnel.services.links import read_link
from funnel.streaming import private_file_response

from .origin import is_same_origin
from .private import SESSION_COOKIE, open_session, private, session_link


@require_GET
@private
def open_videos(request: HttpRequest, token: str) -> HttpResponse:
    """Open the videos from a mail's link; the address bar shows none of it afterwards."""
    link = read_link(purpose=LinkPurpose.VIDEOS, token=token, now=timezone.now())
    return open_session(request, link)


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
@private
def videos(request: HttpRequest) -> HttpResponse:
    """The videos that this browser's link opens."""
    series, series_videos = videos_for(session_link(request))
    return render(request, "funnel/videos.html", {"series": series, "videos": series_videos})


@require_safe
@private
def video_part(request: HttpRequest, video_id: int, part: str) -> HttpResponseBase:
    """One file of one video: `file`, `captions` or `poster`."""
    _, series_videos = videos_for(session_link(request))
    video = get_object_or_404(Video, pk__in=[video.pk for video in series_videos], pk=video_id)
    file = {"file": video.file, "captions": video.captions, "poster": video.poster}[part]
    if not file:
        raise Http404("This video has no such file.")
    return private_file_response(request, file)
