"""What stands in the headers of every answer, and the one refusal that needs a request of its own.

These stand above everything else in MIDDLEWARE, whitenoise and the redirect to https included, so
that static files, redirects and error pages carry the same headers as a page.
"""

from csp.constants import NONE, SELF, UNSAFE_INLINE
from csp.middleware import CSPMiddleware, PolicyParts
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.middleware.security import SecurityMiddleware
from django.utils.deprecation import MiddlewareMixin

ADMIN_PATH = "/admin/"
# Wagtail's date pickers, choosers and Draftail need inline script and style (measured on 8.0).
ADMIN_DIRECTIVES = {
    "default-src": [SELF],
    "script-src": [SELF, UNSAFE_INLINE],
    "style-src": [SELF, UNSAFE_INLINE],
    "img-src": [SELF, "data:", "blob:"],
    "media-src": [SELF, "blob:"],
    "frame-src": [SELF],
    "form-action": [SELF],
    "base-uri": [SELF],
    "frame-ancestors": [SELF],
    "object-src": [NONE],
}
VIDEO_PLAYERS = ("https://www.youtube-nocookie.com", "https://player.vimeo.com")
# Nobody here needs a sensor, a device or a wallet. Full screen, picture in picture and autoplay are
# missing on purpose: left alone they are ours, and a frame's `allow` may hand them to a player.
DENIED_FEATURES = (
    "accelerometer",
    "camera",
    "display-capture",
    "geolocation",
    "gyroscope",
    "magnetometer",
    "microphone",
    "midi",
    "payment",
    "serial",
    "usb",
    "xr-spatial-tracking",
)
_SHOWS_PLAYER = "_shows_player"
PERMISSIONS_POLICY = ", ".join(f"{feature}=()" for feature in DENIED_FEATURES)
# Set by cms.wsgi, which may not let such a Content-Type reach Django. No client can set it: what
# comes with a request is called HTTP_… there.
ODD_CHARSET = "cms.odd_charset"
CHARSET_REFUSAL = "Please send this as UTF-8; no other encoding is read here.\n"


class ContentSecurityPolicyMiddleware(CSPMiddleware):
    """Sends the policy of the settings to visitors, and a looser one below the admin's path."""

    def get_policy_parts(
        self, request: HttpRequest, response: HttpResponseBase, report_only: bool = False
    ) -> PolicyParts:
        """Return the admin's directives for the admin, the settings' for everything else."""
        if getattr(request, _SHOWS_PLAYER, False):
            response = allow_frames(response)
        parts = super().get_policy_parts(request, response, report_only)
        if not report_only and request.path_info.startswith(ADMIN_PATH):
            parts.config = {**ADMIN_DIRECTIVES}
        elif getattr(request, "is_preview", False):
            # The editor shows a preview beside the form, as the public would get the page.
            parts.config = {**(parts.config or {}), "frame-ancestors": [SELF]}
        return parts


class StandingHeadersMiddleware(SecurityMiddleware):
    """Adds Django's own headers, and those it has no setting for; a view's own value prevails.

    Django's SecurityMiddleware stands below it and redirects to https. Where it stumbles over a
    wrong host, its headers would be missing: an error skips whoever raised it.
    """

    def process_request(self, request: HttpRequest) -> None:
        """Leave the redirect to the one below."""

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        """Deny devices to the page, and the answer to other sites' pages; let nothing grow stale.

        Uploaded pictures are the exception: a feed carries whole articles, and readers on the web
        show them, pictures included, on pages of their own. Their addresses change when they do.

        A browser that is told nothing keeps a permanent redirect for good: a page that moved away
        and came back would lead it in a circle.
        """
        response = super().process_response(request, response)
        response.headers.setdefault("Permissions-Policy", PERMISSIONS_POLICY)
        is_picture = request.path_info.startswith(settings.MEDIA_URL) and response.status_code < 400
        response.headers.setdefault(
            "Cross-Origin-Resource-Policy", "cross-origin" if is_picture else "same-origin"
        )
        if not is_picture:
            has_session = settings.SESSION_COOKIE_NAME in request.COOKIES
            response.headers.setdefault(
                "Cache-Control", "private, no-cache" if has_session else "no-cache"
            )
        return response


class OddCharsetMiddleware(MiddlewareMixin):
    """Answers 400 where cms.wsgi took away a Content-Type that Django could not live with."""

    def process_request(self, request: HttpRequest) -> HttpResponse | None:
        """Refuse without reading the body."""
        if ODD_CHARSET not in request.META:
            return None
        return HttpResponse(CHARSET_REFUSAL, status=400, content_type="text/plain; charset=utf-8")


def allow_frames(response: HttpResponseBase) -> HttpResponseBase:
    """Let this one answer hold a video player of YouTube's or Vimeo's; no other page may.

    `will_show_player` brings it about for a block. The frame itself, made after a press,
    needs `referrerpolicy="strict-origin-when-cross-origin"`, for the site's own `same-origin` tells
    a player nothing and YouTube's then refuses, and `allow="autoplay; fullscreen"`.
    """
    update = dict(getattr(response, "_csp_update", None) or {})
    update["frame-src"] = [*update.get("frame-src", ()), *VIDEO_PLAYERS]
    response._csp_update = update  # type: ignore[attr-defined]
    return response


def will_show_player(request: HttpRequest) -> None:
    """Say that the page being rendered for this request holds a video from elsewhere.

    A block knows its request, but not yet the answer that it becomes a part of.
    """
    setattr(request, _SHOWS_PLAYER, True)
