"""Private links: made when a mail is written, read when somebody uses one."""

import hashlib
import secrets
from collections.abc import Callable
from datetime import datetime, timedelta

from django.db.models import QuerySet

from funnel.choices import LinkPurpose
from funnel.models import Lead, OptIn, PrivateLink

LIFETIMES = {
    LinkPurpose.CONFIRM: timedelta(days=7),
    LinkPurpose.VIDEOS: timedelta(days=365),
    LinkPurpose.LEAVE: timedelta(days=3650),
    LinkPurpose.MY_DATA: timedelta(minutes=30),
    LinkPurpose.CALL: timedelta(days=7),
}


class LinkProblemError(Exception):
    """A link that opens nothing: never made, made for something else, or too old."""


def new_token() -> str:
    """Return 256 bits of randomness as text for a URL."""
    return secrets.token_urlsafe(32)


def _digest(*, purpose: LinkPurpose, token: str) -> str:
    return hashlib.sha256(f"funnel.link.{purpose}:{token}".encode()).hexdigest()


def create_link(
    *,
    purpose: LinkPurpose,
    lead: Lead,
    opt_in: OptIn | None,
    now: datetime,
    make_token: Callable[[], str] = new_token,
) -> tuple[PrivateLink, str]:
    """Make a link for one purpose; the token is only in what is returned, not in the database."""
    token = make_token()
    link = PrivateLink.objects.create(
        token_digest=_digest(purpose=purpose, token=token),
        purpose=purpose,
        lead=lead,
        opt_in=opt_in,
        created_at=now,
        expires_at=now + LIFETIMES[purpose],
    )
    return link, token


def read_link(*, purpose: LinkPurpose, token: str, now: datetime) -> PrivateLink:
    """Return the link of this purpose that the token stands for, or raise `LinkProblemError`."""
    digest = _digest(purpose=purpose, token=token)
    return _usable(PrivateLink.objects.filter(token_digest=digest), purpose=purpose, now=now)


def read_link_by_id(*, purpose: LinkPurpose, link_id: int, now: datetime) -> PrivateLink:
    """The same for an id that a signed cookie vouches for."""
    return _usable(PrivateLink.objects.filter(pk=link_id), purpose=purpose, now=now)


def _usable(links: QuerySet[PrivateLink], *, purpose: LinkPurpose, now: datetime) -> PrivateLink:
    link = (
        links.filter(purpose=purpose, expires_at__gt=now)
        .select_related("lead", "opt_in__call_to_action__series")
        .first()
    )
    if link is None:
        raise LinkProblemError
    return link
