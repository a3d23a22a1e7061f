"""What ends guessing: five wrong passwords or codes for one name from one network, then a pause.

django-axes counts, by the name as it was typed, so the answer is the same for a name that there
is and one that there isn't.
"""

import logging
from typing import Any

from axes.handlers.proxy import AxesProxyHandler
from django.conf import settings
from django.contrib.auth.signals import user_login_failed
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from funnel import networks

logger = logging.getLogger(__name__)


def network_of(request: HttpRequest) -> str | None:
    """Return the first address of the network that a request comes from.

    A neighbor's address costs an attacker nothing, so the network counts, as it does for opt-ins.
    """
    network = networks.network_of(
        peer=request.META.get("REMOTE_ADDR", ""),
        forwarded_for=request.headers.get("X-Forwarded-For", ""),
        trusted=settings.FUNNEL["TRUSTED_PROXIES"],
    )
    return None if network == networks.UNKNOWN else network.partition("/")[0]


def may_try(request: HttpRequest, user: Any) -> bool:
    """Say whether another code may be tried for this person from here."""
    return bool(AxesProxyHandler.is_allowed(request, {"username": user.get_username()}))


def note_wrong_code(request: HttpRequest, user: Any) -> None:
    """Count a wrong code as a wrong password is counted."""
    user_login_failed.send(
        sender=__name__, credentials={"username": user.get_username()}, request=request
    )


def refuse(
    request: HttpRequest,
    original_response: HttpResponse | None = None,
    credentials: dict[str, Any] | None = None,
) -> HttpResponse:
    """Answer whoever has guessed too often, in the same words for every name."""
    if original_response is not None and original_response.status_code == 429:
        return original_response
    minutes = int(settings.AXES_COOLOFF_TIME.total_seconds() // 60)
    logger.warning("Signing in is paused for one name and network, after too many wrong tries.")
    return render(request, "cms/sign_in/locked.html", {"minutes": minutes}, status=429)
