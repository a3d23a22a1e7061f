"""What every page behind a private link has in common."""

from functools import wraps
from typing import ParamSpec, Protocol

from django.core import signing
from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from funnel.choices import LinkPurpose
from funnel.models import PrivateLink
from funnel.services.links import LinkProblemError, read_link_by_id

SESSION_COOKIE = "videos"
_SESSION_SALT = "funnel.videos"
_P = ParamSpec("_P")


class _View(Protocol[_P]):
    def __call__(
        self, request: HttpRequest, /, *args: _P.args, **kwargs: _P.kwargs
    ) -> HttpResponseBase: ...


def private(view: _View[_P]) -> _View[_P]:
    """Keep a page behind a private link out of caches, search engines and other sites' logs.

    The request says so in `is_behind_private_link`, for templates that leave out there whatever
    leads to another site.
    """

    @wraps(view)
    def wrapped(request: HttpRequest, /, *args: _P.args, **kwargs: _P.kwargs) -> HttpResponseBase:
        vars(request)["is_behind_private_link"] = True
        try:
            response = view(request, *args, **kwargs)
        except LinkProblemError:
            response = render(request, "funnel/link_problem.html", status=410)
        response.headers["Cache-Control"] = "no-store"
        response.headers["Referrer-Policy"] = "same-origin"
        response.headers["X-Robots-Tag"] = "noindex, nofollow"
        return response

    return wrapped


def open_session(request: HttpRequest, link: PrivateLink) -> HttpResponseRedirect:
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


def session_link(request: HttpRequest) -> PrivateLink:
    """Return the link that opened this browser’s videos, or raise `LinkProblemError`."""
    try:
        link_id = signing.loads(request.COOKIES.get(SESSION_COOKIE, ""), salt=_SESSION_SALT)
    except signing.BadSignature as error:
        raise LinkProblemError from error
    return read_link_by_id(purpose=LinkPurpose.VIDEOS, link_id=link_id, now=timezone.now())
