"""System checks of the site: what would leave the door to the leads ajar."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register

AUTHENTICATION = "django.contrib.auth.middleware.AuthenticationMiddleware"
SECOND_STEP = "cms.sign_in.middleware.SecondStepMiddleware"
LOCKOUT = "axes.backends.AxesStandaloneBackend"


@register(Tags.security)
def check_sign_in(app_configs: Any, **kwargs: Any) -> Sequence[CheckMessage]:
    """Refuse settings under which a password alone would open the admin, or be guessed."""
    found: list[CheckMessage] = []
    middleware = list(settings.MIDDLEWARE)
    where = middleware.index(AUTHENTICATION) if AUTHENTICATION in middleware else -1
    if where < 0 or middleware[where + 1 : where + 2] != [SECOND_STEP]:
        found.append(
            Error(
                "A password alone opens the admin.",
                hint=f"Put {SECOND_STEP} into MIDDLEWARE, directly below {AUTHENTICATION}.",
                id="cms.E001",
            )
        )
    if settings.AUTHENTICATION_BACKENDS[0] != LOCKOUT:
        found.append(
            Error(
                "Passwords can be guessed without an end.",
                hint=f"Make {LOCKOUT} the first of AUTHENTICATION_BACKENDS.",
                id="cms.E002",
            )
        )
    return found


@register(Tags.security, deploy=True)
def check_no_demo(app_configs: Any, **kwargs: Any) -> Sequence[CheckMessage]:
    """Refuse a demo where visitors come: its accounts sign in with a password that was printed."""
    if not settings.DEMO:
        return []
    return [
        Error(
            "DEMO is on, and demo accounts sign in with a password only.",
            hint="Set DEMO=0 in the environment or in .env.",
            id="cms.E003",
        )
    ]
