"""What a session knows of a sign-in: how far it has come, and that it came to its end.

Between password and code nobody is logged in: the session only remembers who gave the password.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth import load_backend, login
from django.contrib.auth.models import AbstractBaseUser
from django.http import HttpRequest
from django.utils.crypto import constant_time_compare

from cms.sign_in.second_step import needs_second_step, second_step_of

STARTED = "sign_in"
# The number of the second step that this session was opened with.
PROOF = "second_step"
# Long enough to fetch a phone and to install an app on it.
MAY_TAKE = timedelta(minutes=30)
REMEMBERED_FOR = timedelta(days=7)


@dataclass
class SignIn:
    """A sign-in on its way: the password was right."""

    user: Any
    request: HttpRequest

    @property
    def _kept(self) -> dict[str, Any]:
        kept: dict[str, Any] = self.request.session[STARTED]
        return kept

    @property
    def target(self) -> str:
        """Where the person wanted to go, checked when it was given; empty for the front page."""
        return str(self._kept["next"])

    def recall(self, name: str) -> Any:
        """Return what was noted under this name."""
        return self._kept.get(name)

    def note(self, name: str, value: Any) -> None:
        """Keep something until the sign-in ends."""
        self.request.session[STARTED] = {**self._kept, name: value}

    def finish(self, *, step: int | None) -> None:
        """Log in, with the number of the second step that was taken, under a new session key."""
        kept = self._kept
        login(self.request, self.user, backend=kept["backend"])
        del self.request.session[STARTED]
        if step is not None:
            self.request.session[PROOF] = step
        set_age(self.request, remember=kept["remember"])

    def abandon(self) -> None:
        """Forget the password that was given."""
        self.request.session.flush()


def set_age(request: HttpRequest, *, remember: bool) -> None:
    """Let a session go with the browser, or stay for some days; it never lives for ever."""
    request.session.set_expiry(int(REMEMBERED_FOR.total_seconds()) if remember else 0)


def start_sign_in(
    request: HttpRequest, *, user: Any, remember: bool, target: str, now: datetime
) -> None:
    """Note whose password was right, in a session of its own: an older one ends here."""
    request.session.flush()
    request.session[STARTED] = {
        "user": user.pk,
        "backend": user.backend,
        "hash": user.get_session_auth_hash(),
        "remember": remember,
        "next": target,
        "at": now.timestamp(),
    }
    request.session.set_expiry(int(MAY_TAKE.total_seconds()))


def sign_in_under_way(request: HttpRequest, *, now: datetime) -> SignIn | None:
    """Return the sign-in that has begun in this session, if it may still go on.

    It may not once it has taken too long, the password was changed meanwhile, or the person may no
    longer come in.
    """
    kept = request.session.get(STARTED)
    if not kept or now.timestamp() - kept["at"] > MAY_TAKE.total_seconds():
        return None
    if kept["backend"] not in settings.AUTHENTICATION_BACKENDS:
        return None
    user = load_backend(kept["backend"]).get_user(kept["user"])
    if user is None or not constant_time_compare(kept["hash"], user.get_session_auth_hash()):
        return None
    return SignIn(user=user, request=request)


def is_past_second_step(request: HttpRequest, user: AbstractBaseUser) -> bool:
    """Say whether this session may act as the person it was opened for."""
    proof = request.session.get(PROOF)
    if proof is not None and proof == second_step_of(user):
        return True
    return not needs_second_step(user)
