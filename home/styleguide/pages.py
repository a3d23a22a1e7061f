"""Whole pages in states that a visitor meets only now and then."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from funnel.forms import OptInForm
from funnel.queries.content import form_content
from funnel.queries.videos import VideoState
from funnel.services.mail import SUBJECT

from . import samples

MANY_LINES = ("Articles", "The three free videos", "About me", "Questions", "Contact", "Privacy")


@dataclass(frozen=True, kw_only=True)
class PageInState:
    """A page, in words, and how it is made."""

    title: str
    template: str
    context: Callable[[HttpRequest], dict[str, Any]] = lambda request: {}

    def response(self, request: HttpRequest) -> HttpResponse:
        """Answer as the page would, always with 200: this is a picture of it."""
        return render(request, self.template, self.context(request))


def refused_form(request: HttpRequest) -> OptInForm:
    """A form that came back: a bad address, an unknown cycle, words that have changed since."""
    form = OptInForm(
        {"email": "somebody@", "cycle": "no such cycle", "first_name": samples.LONGEST_WORD},
        content=form_content(request),
        auto_id="refused-%s",
    )
    form.is_valid()
    return form


def _long_menu(request: HttpRequest) -> dict[str, Any]:
    facts = samples.dressed(request)
    lines = [("address", {"label": words, "address": "/"}) for words in MANY_LINES]
    facts.main_navigation = facts.footer_navigation = lines
    facts.social_links = [("link", {"name": "Elsewhere", "address": "https://example.test/"})]
    return {}


def _videos(states: list[VideoState]) -> dict[str, Any]:
    return {
        "series": samples.series(),
        "current": next(iter(states), None),
        "others": states[1:],
        "is_finished": bool(states) and all(state.is_watched for state in states),
        "zone": "America/New_York",
    }


PAGES = {
    "thanks": PageInState(
        title="The form was sent",
        template="funnel/check_mail.html",
        context=lambda request: {"sender_name": "Ada Sample", "subject": SUBJECT},
    ),
    "refused-form": PageInState(
        title="The form came back",
        template="funnel/opt_in.html",
        context=lambda request: {"opt_in_form": refused_form(request)},
    ),
    "confirm": PageInState(title="One button", template="funnel/confirm.html"),
    "confirm-again": PageInState(
        title="One button, pressed before",
        template="funnel/confirm.html",
        context=lambda request: {"is_used": True},
    ),
    "expired-link": PageInState(
        title="An expired link",
        template="funnel/link_problem.html",
        context=lambda request: {"opt_in_form": OptInForm(content=form_content(request))},
    ),
    "videos": PageInState(
        title="The videos, their files locked away",
        template="funnel/videos.html",
        context=lambda request: _videos(samples.video_states()),
    ),
    "no-videos": PageInState(
        title="No videos yet",
        template="funnel/videos.html",
        context=lambda request: _videos([]),
    ),
    "videos-watched": PageInState(
        title="The videos, all of them watched",
        template="funnel/videos.html",
        context=lambda request: _videos(samples.watched_states()),
    ),
    "leave": PageInState(title="Stop the mails", template="funnel/leave.html"),
    "left": PageInState(title="The mails have stopped", template="funnel/left.html"),
    "still-here": PageInState(
        title="The mails go on, the cycle is no longer shared",
        template="funnel/left.html",
        context=lambda request: {"still_here": True},
    ),
    "not-found": PageInState(title="Nothing at this address", template="404.html"),
    "server-error": PageInState(title="Something broke", template="500.html"),
    "long-menu": PageInState(
        title="A menu of six lines", template="styleguide/long_menu.html", context=_long_menu
    ),
}
