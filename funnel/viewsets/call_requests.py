"""Requests for a call, for the coach to work through; marketing has no way here."""

from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.views import View
from wagtail.admin import messages
from wagtail.admin.menu import MenuItem
from wagtail.admin.viewsets.base import ViewSet

from funnel.choices import CallRequestState
from funnel.models import CallRequest
from funnel.queries.conversations import (
    confirmed_requests,
    may_work_with_requests,
    requests_in_states,
    shared_story,
)
from funnel.services.conversations import keep_note, move_call_request
from funnel.text import clean_text

SHOWN = 50
MAX_NOTE = 5000
NAME = "funnel_call_requests"
# What each button says, on the page of a request in another state.
MOVES = {
    CallRequestState.NEW: "Mark as new again",
    CallRequestState.ANSWERED: "I have answered",
    CallRequestState.MET: "We have met",
    CallRequestState.CLOSED: "Close it",
}


class NoteForm(forms.Form):
    """The coach's own note."""

    note = forms.CharField(
        label="Your own note",
        required=False,
        max_length=MAX_NOTE,
        help_text="Only you and the owner of the site read it here. If the person asks what is "
        "kept about them, it is shown to them too.",
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def clean_note(self) -> str:
        """Clean lines."""
        return clean_text(self.cleaned_data["note"], max_length=MAX_NOTE)


class _CoachView(View):
    """Asks before anything is looked up, so that nobody learns which numbers are taken."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Let the coach in, and nobody else."""
        if not may_work_with_requests(request.user):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)


class CallRequestList(_CoachView):
    """What waits for the coach; a state in the address bar shows the others."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """List the requests in one state, the oldest first: it has waited longest."""
        state = request.GET.get("state", CallRequestState.NEW)
        if state not in CallRequestState.values:
            state = CallRequestState.NEW
        numbers = requests_in_states()
        found = confirmed_requests().filter(state=state).order_by("confirmed_at", "pk")
        page = Paginator(found, SHOWN).get_page(request.GET.get("p"))
        context = {
            "state": CallRequestState(state),
            "states": [(each, numbers[each]) for each in CallRequestState],
            "is_empty": not sum(numbers.values()),
            "page_obj": page,
            "call_url": request.build_absolute_uri(reverse("funnel:call_request")),
            "settings_url": reverse("wagtailsettings:edit", args=("funnel", "funnelsettings")),
            "header_title": "Requests for a call",
            "header_icon": "comment",
            "breadcrumbs_items": [_home(), {"url": "", "label": "Requests for a call"}],
        }
        return render(request, "funnel/admin/call_request_list.html", context)


class CallRequestPage(_CoachView):
    """One request: how to get in touch first, then what it is about."""

    def get(self, request: HttpRequest, call_request_id: int) -> HttpResponse:
        """Show it."""
        found = _request(call_request_id)
        return self._page(request, found, NoteForm(initial={"note": found.note}))

    def post(self, request: HttpRequest, call_request_id: int) -> HttpResponse:
        """Move it on, or keep the note; each by a button of its own."""
        found = _request(call_request_id)
        state = request.POST.get("state", "")
        if state in CallRequestState.values:
            move_call_request(
                request_id=found.pk, state=CallRequestState(state), now=timezone.now()
            )
            label = CallRequestState(state).label.lower()
            messages.success(request, f"The request now stands under “{label}”.")
            return redirect(f"{NAME}:see", found.pk)
        form = NoteForm(request.POST)
        if not form.is_valid():
            return self._page(request, found, form)
        keep_note(request_id=found.pk, note=form.cleaned_data["note"])
        messages.success(request, "Your note is kept.")
        return redirect(f"{NAME}:see", found.pk)

    def _page(self, request: HttpRequest, found: CallRequest, form: NoteForm) -> HttpResponse:
        context = {
            "call": found,
            "moves": [(state, words) for state, words in MOVES.items() if state != found.state],
            "story": shared_story(found),
            "form": form,
            "header_title": "A request for a call",
            "header_icon": "comment",
            "breadcrumbs_items": [
                _home(),
                {"url": reverse(f"{NAME}:index"), "label": "Requests for a call"},
                {"url": "", "label": f"Request {found.pk}"},
            ],
        }
        response = render(request, "funnel/admin/call_request.html", context)
        response.headers["Cache-Control"] = "no-store"
        return response


def _request(call_request_id: int) -> CallRequest:
    return get_object_or_404(
        confirmed_requests().select_related("lead__current_cycle"), pk=call_request_id
    )


def _home() -> dict[str, str]:
    return {"url": reverse("wagtailadmin_home"), "label": "Home"}


class CallRequestMenuItem(MenuItem):
    """Shown to the coach."""

    def is_shown(self, request: HttpRequest) -> bool:
        """Ask as the pages themselves do."""
        return may_work_with_requests(request.user)


class CallRequestViewSet(ViewSet):
    """The list and a page for each request; no other view has an address."""

    name = NAME
    icon = "comment"

    def get_urlpatterns(self) -> list[URLPattern]:
        """Return the two addresses."""
        return [
            path("", CallRequestList.as_view(), name="index"),
            path("<int:call_request_id>/", CallRequestPage.as_view(), name="see"),
        ]


def call_request_menu_item() -> MenuItem:
    """Return the line in the funnel's menu."""
    return CallRequestMenuItem(
        "Requests for a call", reverse(f"{NAME}:index"), icon_name="comment", order=5
    )
