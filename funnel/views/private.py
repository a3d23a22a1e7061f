"""What every page behind a private link has in common."""

from functools import wraps
from typing import ParamSpec, Protocol, TypeVar

from django.core import signing
from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from funnel.choices import LinkPurpose
from funnel.forms import OptInForm
from funnel.models import PrivateLink
from funnel.queries.content import form_content
from funnel.services.links import LinkProblemError, read_link_by_id

SESSION_COOKIE = "videos"
MY_DATA_COOKIE = "my_data"
# Which page each cookie opens, and is sent to alone.
_PAGES = {SESSION_COOKIE: "funnel:videos", MY_DATA_COOKIE: "funnel:see_my_data"}
_P = ParamSpec("_P")
_Response = TypeVar("_Response", bound=HttpResponseBase)


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
            context = {"opt_in_form": OptInForm(content=form_content(request))}
            response = render(request, "funnel/link_problem.html", context, status=410)
        response.headers["Cache-Control"] = "no-store"
        response.headers["Referrer-Policy"] = "same-origin"
        response.headers["X-Robots-Tag"] = "noindex, nofollow"
        return response

    return wrapped


def open_session(request: HttpRequest, link: PrivateLink) -> HttpResponseRedirect:
    """Go to the videos with their cookie."""
    return start_session(request, link, cookie=SESSION_COOKIE)


def start_session(request: HttpRequest, link: PrivateLink, *, cookie: str) -> HttpResponseRedirect:
    """Go to the page a link opens, with a cookie for that path, gone with the browser."""
    path = reverse(_PAGES[cookie])
    response = HttpResponseRedirect(path, status=303)
    response.set_cookie(
        cookie,
        signing.dumps(link.pk, salt=_salt(cookie)),
        path=path,
        secure=request.is_secure(),
        httponly=True,
        samesite="Lax",
    )
    return response


def forget_session(response: _Response, *, cookie: str) -> _Response:
    """Have a browser drop a cookie, and return the response that says so."""
    response.delete_cookie(cookie, path=reverse(_PAGES[cookie]), samesite="Lax")
    return response


def forget_sessions(response: _Response) -> _Response:
    """Have a browser drop every cookie there may be, for the quick exit."""
    for cookie in _PAGES:
        forget_session(response, cookie=cookie)
    return response


def session_link_id(request: HttpRequest, *, cookie: str) -> int:
    """Return the id of the link that a cookie stands for, or raise `LinkProblemError`."""
    try:
        link_id: int = signing.loads(request.COOKIES.get(cookie, ""), salt=_salt(cookie))
    except signing.BadSignature as error:
        raise LinkProblemError from error
    return link_id


def session_link(request: HttpRequest) -> PrivateLink:
    """Return the link that opened this browser’s videos, or raise `LinkProblemError`."""
    link_id = session_link_id(request, cookie=SESSION_COOKIE)
    return read_link_by_id(purpose=LinkPurpose.VIDEOS, link_id=link_id, now=timezone.now())


def _salt(cookie: str) -> str:
    return f"funnel.{cookie}"
