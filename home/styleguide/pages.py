"""Whole pages in states that a visitor meets only now and then."""

from collections.abc import Callable
from copy import copy
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from funnel.forms import OptInForm
from funnel.queries.content import FormContent, form_content
from funnel.queries.videos import VideoState
from funnel.services.gate import Verdict
from funnel.services.mail import SUBJECT

from . import people, questions, samples

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


def _two_names(request: HttpRequest) -> FormContent:
    """What forms say where people choose how our mails show up, and a video is offered."""
    known = form_content(request)
    settings = copy(known.settings)
    settings.sender_name, settings.neutral_sender_name = "Ada Sample", "A. S."
    return FormContent(settings=settings, cycles=known.cycles, first_video_id=1)


def crowded_form(request: HttpRequest) -> OptInForm:
    """A good form that was not taken, since many came from its network."""
    form = OptInForm({"email": samples.ADDRESS}, content=_two_names(request), auto_id="crowded-%s")
    form.is_valid()
    return form.put_off(Verdict.NETWORK_IS_BUSY)


def _on_its_way(request: HttpRequest) -> dict[str, Any]:
    return {"sender_names": ["Ada Sample", "A. S."], "subject": SUBJECT}


def _thanks(request: HttpRequest) -> dict[str, Any]:
    content = _two_names(request)
    return {
        **_on_its_way(request),
        "opt_in_form": OptInForm(content=content, auto_id="again-%s"),
    }


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
        title="The form was sent", template="funnel/check_mail.html", context=_thanks
    ),
    "crowded-form": PageInState(
        title="The form when too many have sent it",
        template="funnel/opt_in.html",
        context=lambda request: {"opt_in_form": crowded_form(request)},
    ),
    "first-video": PageInState(
        title="The first video, without an address",
        template="funnel/first_video.html",
        context=lambda request: {"video": samples.videos()[0]},
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
        context=lambda request: {"act": "stop_sharing_cycle"},
    ),
    "paused": PageInState(
        title="The mails wait",
        template="funnel/left.html",
        context=lambda request: {"act": "pause_month"},
    ),
    "forgotten": PageInState(
        title="The answers are forgotten",
        template="funnel/left.html",
        context=lambda request: {"act": "forget_answers"},
    ),
    "fresh-link": PageInState(
        title="A fresh link is on its way",
        template="funnel/left.html",
        context=lambda request: {"act": "fresh_link"},
    ),
    "call": PageInState(
        title="Let’s talk", template="funnel/call_request.html", context=people.call_form
    ),
    "refused-call": PageInState(
        title="The form for a call came back",
        template="funnel/call_request.html",
        context=people.refused_call_form,
    ),
    "call-requested": PageInState(
        title="The form for a call was sent",
        template="funnel/call_requested.html",
        context=_on_its_way,
    ),
    "call-confirm": PageInState(title="One button", template="funnel/call_confirm.html"),
    "call-confirm-again": PageInState(
        title="One button, pressed before",
        template="funnel/call_confirm.html",
        context=lambda request: {"is_used": True},
    ),
    "call-confirmed": PageInState(
        title="The request for a call is on its way",
        template="funnel/call_confirmed.html",
        context=lambda request: {"value": {"goal": "call_request"}},
    ),
    "my-data": PageInState(
        title="My data", template="funnel/my_data.html", context=people.my_data_form
    ),
    "my-data-asked": PageInState(
        title="The fresh link was asked for",
        template="funnel/my_data_asked.html",
        context=_on_its_way,
    ),
    "my-data-open": PageInState(title="One button", template="funnel/my_data_open.html"),
    "my-data-see": PageInState(
        title="What is kept", template="funnel/my_data_see.html", context=people.kept_page
    ),
    "my-data-erased": PageInState(title="Erased", template="funnel/my_data_erased.html"),
    "my-data-expired": PageInState(
        title="A fresh link that was used",
        template="funnel/link_problem.html",
        context=lambda request: {"ask_again_url": "?"},
    ),
    "questions": PageInState(
        title="The questionnaire", template="funnel/assessment.html", context=questions.sheet
    ),
    "no-answers": PageInState(
        title="No answer was chosen",
        template="funnel/assessment.html",
        context=questions.refused_sheet,
    ),
    "no-questions": PageInState(
        title="No questionnaire yet",
        template="funnel/assessment.html",
        context=questions.no_questions,
    ),
    "result": PageInState(
        title="A result",
        template="funnel/assessment_result.html",
        context=lambda request: questions.result(request, questions.CLEAR),
    ),
    "result-mixed": PageInState(
        title="A result with some of another",
        template="funnel/assessment_result.html",
        context=lambda request: questions.result(request, questions.MIXED),
    ),
    "result-tie": PageInState(
        title="A tie, from few answers",
        template="funnel/assessment_result.html",
        context=lambda request: questions.result(request, questions.TIE),
    ),
    "result-nothing": PageInState(
        title="A result that points nowhere",
        template="funnel/assessment_result.html",
        context=lambda request: questions.result(request, questions.NOTHING),
    ),
    "not-found": PageInState(title="Nothing at this address", template="404.html"),
    "server-error": PageInState(title="Something broke", template="500.html"),
    "long-menu": PageInState(
        title="A menu of six lines", template="styleguide/long_menu.html", context=_long_menu
    ),
}
