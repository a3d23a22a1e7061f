"""The forms of what a person asks for besides the videos: a call, and what is kept about them."""

import re
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import HTML, Div, Field, Layout
from django import forms
from django.urls import reverse

from funnel.addresses import Address, InvalidAddressError, parse_address
from funnel.choices import ContactWay
from funnel.forms import NO_CYCLE_LABEL, TOO_MANY, Part, possible_senders
from funnel.models import Lead, StuckCycle
from funnel.models.content import NO_CYCLE
from funnel.queries.content import FormContent
from funnel.services.conversations import CallWishes
from funnel.services.gate import Verdict
from funnel.services.my_data import Details
from funnel.text import clean_line, clean_text

MAX_TOPIC = 2000
_PHONE = re.compile(r"[0-9+()/. -]+")


def _email_field(*, missing: str) -> forms.CharField:
    return forms.CharField(
        label="Email address",
        max_length=320,
        widget=forms.EmailInput(attrs={"autocomplete": "email", "spellcheck": "false"}),
        error_messages={
            "required": missing,
            "max_length": "This address is too long. Please check it.",
        },
    )


def _plain_helper(action: str) -> FormHelper:
    """A form without a CSRF token, which would set a cookie and end caching; the view checks
    where it was sent from instead. The browser's own messages are off, so that everybody gets ours.
    """
    helper = FormHelper()
    helper.form_action = action
    helper.disable_csrf = True
    helper.attrs = {"novalidate": ""}
    return helper


def _button(label: str, *, name: str = "", value: str = "") -> HTML:
    what = f' name="{name}" value="{value}"' if name else ""
    return HTML(f'<button type="submit" class="btn btn-primary"{what}>{label}</button>')


def _public_helper(action: str, *fields: Any) -> FormHelper:
    """The same for a form that anybody can send: with the trap for robots, and the time it took."""
    helper = _plain_helper(action)
    helper.attrs |= {"data-opt-in-form": "", "data-stamp": reverse("funnel:stamp")}
    trap = Part("funnel/blocks/trap.html")
    *asked, button = fields
    helper.layout = Layout(*asked, "stamp", trap, button)
    return helper


class PublicForm(forms.Form):
    """A form that anybody can send about any address."""

    stamp = forms.Field(required=False, widget=forms.HiddenInput)

    def put_off(self, verdict: Verdict) -> None:
        """Say on the form why it was not taken this time."""
        self.add_error(None, TOO_MANY[verdict])

    def clean_email(self) -> Address:
        """Return the address, normalised; the message of a bad one says what to do."""
        try:
            return parse_address(self.cleaned_data["email"])
        except InvalidAddressError as error:
            raise forms.ValidationError(str(error)) from error


class CallRequestForm(PublicForm):
    """Asks what the coach needs to get in touch discreetly; nothing but an address is required."""

    name = forms.CharField(
        label="What may I call you? (optional)",
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "given-name"}),
        error_messages={"max_length": "This name is too long for us. A short form is enough."},
    )
    email = _email_field(missing="Please enter your email address, so that I can answer you.")
    topic = forms.CharField(
        label="What would you like to talk about? (optional)",
        required=False,
        max_length=MAX_TOPIC,
        help_text="A few words are enough. You can also leave it for the call.",
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"max_length": "This is longer than we can keep. Please shorten it."},
    )
    times_that_suit = forms.CharField(
        label="When would suit you? (optional)",
        required=False,
        max_length=300,
        help_text="For example: weekday mornings, and where you live, because of the hour.",
        error_messages={"max_length": "This is longer than we can keep. Please shorten it."},
    )
    contact_way = forms.ChoiceField(
        label="How may I get in touch?",
        choices=ContactWay.choices,
        initial=ContactWay.EMAIL,
        required=False,
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": "Please choose one of these two."},
    )
    phone = forms.CharField(
        label="Phone number (only if I may call)",
        required=False,
        max_length=40,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"}),
        error_messages={"max_length": "This number is too long. Please check it."},
    )
    may_leave_voicemail = forms.BooleanField(
        label="You may leave a voicemail",
        required=False,
        help_text="It would be a first name and a number, nothing else. Without this I hang up "
        "if it isn’t you who answers.",
    )
    shares_story = forms.BooleanField(
        label="The coach may see my cycle and which videos I watched", required=False
    )

    @property
    def helper(self) -> FormHelper:
        """Crispy's description of the form."""
        return _public_helper(
            reverse("funnel:call_request"),
            Field("name"),
            Field("email"),
            Field("topic"),
            Field("times_that_suit"),
            Field("contact_way"),
            Field("phone"),
            Field("may_leave_voicemail"),
            Field("shares_story"),
            _button("Send the request"),
        )

    def clean_name(self) -> str:
        """One clean line; a name is nobody's to judge."""
        return clean_line(self.cleaned_data["name"], max_length=80)

    def clean_topic(self) -> str:
        """Clean lines."""
        return clean_text(self.cleaned_data["topic"], max_length=MAX_TOPIC)

    def clean_times_that_suit(self) -> str:
        """One clean line."""
        return clean_line(self.cleaned_data["times_that_suit"], max_length=300)

    def clean_contact_way(self) -> str:
        """By email, where nothing was chosen."""
        return str(self.cleaned_data["contact_way"] or ContactWay.EMAIL)

    def clean_phone(self) -> str:
        """A number that can be dialed, or none."""
        number = clean_line(self.cleaned_data["phone"], max_length=40)
        digits = sum(character.isdigit() for character in number)
        if number and (not _PHONE.fullmatch(number) or not 5 <= digits <= 20):
            raise forms.ValidationError(
                "This does not look like a phone number. Please write it in digits, "
                "for example +1 555 0100."
            )
        return number

    def clean(self) -> dict[str, Any]:
        """A call needs a number; a number for mail needs nobody's voicemail."""
        cleaned = super().clean() or {}
        if (
            cleaned.get("contact_way") == ContactWay.PHONE
            and not cleaned.get("phone")
            and "phone" not in self.errors
        ):
            self.add_error("phone", "Please enter the number I may call, or choose “By email”.")
        return cleaned

    @property
    def wishes(self) -> CallWishes:
        """What was written, once the form is valid."""
        return CallWishes(
            **{
                name: value
                for name, value in self.cleaned_data.items()
                if name not in ("email", "stamp")
            }
        )


class MyDataRequestForm(PublicForm):
    """Asks for the address to which the fresh link goes."""

    email = _email_field(missing="Please enter the address that our mails came to.")

    @property
    def helper(self) -> FormHelper:
        """Crispy's description of the form."""
        return _public_helper(
            reverse("funnel:my_data"), Field("email"), _button("Send me the link")
        )


class DetailsForm(forms.Form):
    """What a person can change about herself, filled with what is kept now."""

    first_name = forms.CharField(
        label="First name",
        required=False,
        max_length=200,
        help_text="Leave it empty, and we use none.",
        widget=forms.TextInput(attrs={"autocomplete": "given-name"}),
        error_messages={"max_length": "This name is too long for us. A short form is enough."},
    )
    frequency = forms.ChoiceField(
        label="How often we write about the videos",
        choices=[
            ("as_they_come", "As they come: a mail for each next video"),
            ("one_mail", "Nothing more: I open them with the link I have"),
        ],
        required=False,
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": "Please choose one of these two."},
    )

    def __init__(self, *args: Any, lead: Lead, content: FormContent, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.lead = lead
        self.cycles: dict[str, StuckCycle] = {cycle.code: cycle for cycle in content.cycles}
        self.fields["cycle"] = forms.ChoiceField(
            label="Which of these sounds like you?",
            choices=[
                *((cycle.code, cycle.experience) for cycle in content.cycles),
                (NO_CYCLE, NO_CYCLE_LABEL),
            ],
            required=False,
            widget=forms.RadioSelect,
            error_messages={"invalid_choice": "Please choose one of these sentences."},
        )
        senders = possible_senders(content.settings)
        self.offers_senders = len(senders) > 1
        if self.offers_senders:
            self.fields["sender_choice"] = forms.ChoiceField(
                label="Under which name our mails come",
                choices=[(choice.value, name) for choice, name in senders.items()],
                required=False,
                widget=forms.RadioSelect,
                error_messages={"invalid_choice": "Please choose one of these two."},
            )
        self.initial = {
            "first_name": lead.first_name,
            "cycle": lead.current_cycle.code if lead.current_cycle else NO_CYCLE,
            "frequency": "one_mail" if lead.wants_one_mail else "as_they_come",
            "sender_choice": lead.sender_choice,
            **self.initial,
        }

    @property
    def helper(self) -> FormHelper:
        """Crispy's description of the form."""
        helper = _plain_helper(reverse("funnel:see_my_data"))
        fields = [Field("first_name"), Field("cycle"), Field("frequency")]
        if self.offers_senders:
            fields.append(Field("sender_choice"))
        helper.layout = Layout(
            *fields, Div(_button("Save these changes", name="act", value="change"))
        )
        return helper

    def clean_first_name(self) -> str:
        """One clean line; a name is nobody's to judge."""
        return clean_line(self.cleaned_data["first_name"], max_length=80)

    @property
    def details(self) -> Details:
        """What holds from now on, once the form is valid; what was not sent stays as it is."""
        cleaned, lead = self.cleaned_data, self.lead
        cycle = self.cycles.get(cleaned["cycle"]) if cleaned["cycle"] else lead.current_cycle
        frequency = cleaned["frequency"]
        return Details(
            first_name=cleaned["first_name"],
            cycle=cycle,
            sender_choice=cleaned.get("sender_choice") or lead.sender_choice,
            wants_one_mail=frequency == "one_mail" if frequency else lead.wants_one_mail,
        )
