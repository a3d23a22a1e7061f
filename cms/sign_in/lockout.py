"""What ends guessing: five wrong passwords or codes for one name from one network, then a pause.

django-axes counts, by the name as it was typed, so the answer is the same for a name that there
is and one that there isn't.
"""

import logging
from ipaddress import IPv6Address, ip_address, ip_network
from typing import Any

from axes.handlers.proxy import AxesProxyHandler
from django.conf import settings
from django.contrib.auth.signals import user_login_failed
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

logger = logging.getLogger(__name__)

IPV4_PREFIX, IPV6_PREFIX = 24, 64


def network_of(request: HttpRequest) -> str | None:
    """Return the network a request comes from, by its first address.

    A neighbor's address costs an attacker nothing, so the network counts. What a proxy says is
    believed only where the proxy is on this machine, and only its last word.
    """
    direct = _address(request.META.get("REMOTE_ADDR", ""))
    if direct is not None and direct.is_loopback:
        said = request.headers.get("X-Forwarded-For", "").rpartition(",")[2]
        direct = _address(said.strip()) or direct
    if direct is None:
        return None
    prefix = IPV6_PREFIX if isinstance(direct, IPv6Address) else IPV4_PREFIX
    return str(ip_network((direct, prefix), strict=False).network_address)


def _address(text: str) -> Any:
    try:
        found = ip_address(text)
    except ValueError:
        return None
    if isinstance(found, IPv6Address) and found.ipv4_mapped:
        return found.ipv4_mapped
    return found


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
