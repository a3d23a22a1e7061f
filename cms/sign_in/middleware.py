"""Holds every session that lacks the second step, whatever address it asks for."""

from functools import partial
from typing import Any

from asgiref.sync import sync_to_async
from django.contrib.auth.middleware import get_user
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.utils.deprecation import MiddlewareMixin
from django.utils.functional import SimpleLazyObject

from cms.sign_in.progress import is_past_second_step


class SecondStepMiddleware(MiddlewareMixin):
    """Makes whoever has not taken the second step a stranger.

    No list of addresses to guard, so none to forget: the admin, its API, previews, the userbar,
    private pages and documents all ask `request.user`. It stays lazy, because looking into the
    session makes an answer differ by cookie, and public pages are kept.
    """

    def process_request(self, request: HttpRequest) -> None:
        """Put a careful `user` in the place of the one Django found."""
        request.user = SimpleLazyObject(lambda: trusted_user(request))  # type: ignore[assignment]
        request.auser = partial(sync_to_async(trusted_user), request)


def trusted_user(request: HttpRequest) -> Any:
    """Return the person of this session if every step was taken, else nobody."""
    user = get_user(request)
    if user.is_anonymous or is_past_second_step(request, user):
        return user
    return AnonymousUser()
