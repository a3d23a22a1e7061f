"""What the pages about calls and about one’s own data show of a made-up person."""

from datetime import UTC, datetime
from typing import Any

from django.http import HttpRequest

from funnel.models import Lead, StuckCycle
from funnel.person_forms import CallRequestForm, DetailsForm, MyDataRequestForm
from funnel.queries.content import form_content
from funnel.queries.my_data import Entry, Fact, Kept

from . import samples

MOMENT = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
BOOKING = "https://booking.example.test/"


def call_form(request: HttpRequest) -> dict[str, Any]:
    """The form for a call, beside a calendar kept elsewhere."""
    return _call_page(CallRequestForm(auto_id="call-%s"))


def refused_call_form(request: HttpRequest) -> dict[str, Any]:
    """The same come back: a call without a number, and an address that is none."""
    form = CallRequestForm(
        {"email": "somebody@", "contact_way": "phone", "topic": samples.LONGEST_WORD},
        auto_id="refused-call-%s",
    )
    form.is_valid()
    return _call_page(form)


def _call_page(form: CallRequestForm) -> dict[str, Any]:
    return {
        "person_form": form,
        "value": {"goal": "call_request"},
        "booking_url": BOOKING,
        "booking_host": "booking.example.test",
    }


def my_data_form(request: HttpRequest) -> dict[str, Any]:
    """The form that asks for the address."""
    return {"person_form": MyDataRequestForm(auto_id="my-data-%s")}


def kept_page(request: HttpRequest) -> dict[str, Any]:
    """Everything that is kept about somebody."""
    cycle = samples.cycles(request)[0]
    lead = Lead(address=samples.ADDRESS, first_name="Sam", current_cycle=cycle)
    return {
        "kept": _kept(cycle),
        "person_form": DetailsForm(lead=lead, content=form_content(request), auto_id="details-%s"),
        "closes_at": MOMENT,
        "is_paused": True,
        "done": "Your changes are saved.",
    }


def _kept(cycle: StuckCycle) -> Kept:
    nothing: list[Entry] = []
    return Kept(
        about=[_fact("Address", samples.ADDRESS), _fact("Your cycle", cycle.experience)],
        forms=[_entry("The form for the videos", Page="Asking and waiting")],
        consents=[_entry("Agreed on the form", Letters="yes", Words="You get three videos.")],
        cycles=[_entry("Chosen on a form", Answer=cycle.experience)],
        assessments=nothing,
        videos=[_entry(samples.LONGEST_WORD, Seen="3 of 4 quarters")],
        calls=[_entry("A request for a call: new", number=1, Topic="How to begin.\n\nAnd when.")],
        mails=[_entry("The mail that answers an opt-in", Outcome="Sent")],
        mail_service=[_entry("Delivered", Fields="status, FNAME, CONSENTED")],
        blocks=nothing,
        links=nothing,
    )


def _fact(name: str, value: str) -> Fact:
    return Fact(name=name, value=value)


def _entry(title: str, *, number: int | None = None, **facts: str) -> Entry:
    return Entry(
        at=MOMENT,
        title=title,
        number=number,
        facts=[_fact(name, value) for name, value in facts.items()],
    )
