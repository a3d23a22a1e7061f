"""A word to whoever looks after the site, when it holds something off."""

import smtplib
from datetime import datetime

from django.conf import settings
from django.core.mail import EmailMessage

from funnel.conf import site_url
from funnel.models import FunnelSettings

from .limits import (
    DAY,
    HOUR,
    Count,
    Limit,
    everybody_limit,
    give_back,
    is_reached,
    take,
    window_start,
)

_ALERT = Limit(name="breaker-alert", most=1, window=DAY)
_SUBJECT = "The form is holding off a flood"
_TEXT = """\
More than {most} requests for the videos came to {site} within one hour, counted from {start}.

Until that hour is over, whoever sends the form is asked to come back later, and nothing is written
down. What came before is being answered, never with more than one mail an hour to an address.

If these are people (a letter went out, a newspaper wrote about you), set OPT_INS_AN_HOUR higher and
restart the site. If not, the log of the web server in front says where they come from.
"""


def tell_of_breaker(*, now: datetime) -> bool:
    """Tell, once for each hour in which the site's own limit was reached; return whether it did.

    Looks back at the hour before as well, for a limit reached in its last minute.
    """
    to = FunnelSettings.load().alert_address
    told = False
    for moment in (now - HOUR, now) if to else ():
        breaker = everybody_limit()
        if not is_reached(Count(limit=breaker), now=moment):
            continue
        start = window_start(breaker, now=moment)
        alert = Count(limit=_ALERT, subject=start.isoformat())
        if take([alert], now=start) is not None:
            continue
        text = _TEXT.format(most=breaker.most, site=site_url(), start=f"{start:%H:%M} UTC")
        try:
            EmailMessage(_SUBJECT, text, settings.DEFAULT_FROM_EMAIL, [to]).send()
        except (smtplib.SMTPException, OSError):
            give_back(alert, now=start)
            raise
        told = True
    return told
