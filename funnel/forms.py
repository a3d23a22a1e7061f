"""The opt-in form: validates, cleans, and saves nothing."""

from typing import Any

from crispy_forms.bootstrap import StrictButton
from crispy_forms.helper import FormHelper
from crispy_forms.layout import Field, Layout
from django import forms
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from funnel.addresses import Address, InvalidAddressError, parse_address
from funnel.choices import ConsentMode
from funnel.models import CallToAction, ConsentWording, FunnelSettings, StuckCycle
from funnel.models.opt_ins import UTM_FIELDS
from funnel.services.opt_ins import Agreement
from funnel.text import clean_line

NO_CYCLE = "none"
NO_CYCLE_LABEL = "None of these, or I’d rather not say"
WORDING_CHANGED = (
    "The words about what you agree to have changed since this page was opened. "
    "Please read them below, then press the button once more."
)


class OptInForm(forms.Form):
    """Asks for an address, perhaps a name and a cycle, under the wording in force.

    The wording's digest travels as a field, because the page around the form may come from a cache:
    what is recorded is what the person saw.
    """

    email = forms.CharField(
        label="Email address",
        max_length=320,
        widget=forms.EmailInput(attrs={"autocomplete": "email", "spellcheck": "false"}),
        error_messages={
            "required": "Please enter your email address, so that the videos can reach you.",
            "max_length": "This address is too long. Please check it.",
        },
    )
    first_name = forms.CharField(
        label="First name (optional)",
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "given-name"}),
        error_messages={"max_length": "This name is too long for us. A short form is enough."},
    )
    letters = forms.BooleanField(required=False)
    wording = forms.CharField(required=False, widget=forms.HiddenInput, max_length=64)
    page = forms.IntegerField(required=False, widget=forms.HiddenInput, min_value=1)
    call_to_action = forms.IntegerField(required=False, widget=forms.HiddenInput, min_value=1)

    def __init__(
        self, *args: Any, call_to_action: CallToAction | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.funnel_settings = FunnelSettings.load()
        self.current_wording = ConsentWording(
            digest=ConsentWording.digest_of(**self.funnel_settings.wording),
            **self.funnel_settings.wording,
        )
        self.cycles = {cycle.code: cycle for cycle in StuckCycle.objects.all()}
        self.fields["cycle"] = forms.ChoiceField(
            label="Which of these sounds like you?",
            choices=[
                *((cycle.code, cycle.experience) for cycle in self.cycles.values()),
                (NO_CYCLE, NO_CYCLE_LABEL),
            ],
            required=False,
            widget=forms.RadioSelect,
            error_messages={"invalid_choice": "Please choose one of these sentences."},
        )
        if self.current_wording.mode == ConsentMode.SEPARATE_LETTERS:
            self.fields["letters"].label = self.current_wording.letters_label
        else:
            del self.fields["letters"]
        self.initial["wording"] = self.current_wording.digest
        if call_to_action is not None:
            self.initial["call_to_action"] = call_to_action.pk
        for name in UTM_FIELDS:
            self.fields[name] = forms.Field(required=False, widget=forms.HiddenInput)
        self.button_label = call_to_action.button_label if call_to_action else "Send me the videos"

    @property
    def helper(self) -> FormHelper:
        """Crispy's description of the form: where it goes, and in which order it reads.

        It carries no CSRF token, which would set a cookie and end caching; the view checks the
        origin instead. The browser's own messages are off, so that everybody gets ours.
        """
        helper = FormHelper()
        helper.form_action = reverse("funnel:opt_in")
        helper.form_class = "opt-in-form"
        helper.disable_csrf = True
        helper.attrs = {"novalidate": "", "data-opt-in-form": ""}
        fields: list[Any] = [
            Field("cycle", wrapper_class="opt-in-form__cycles"),
            Field("first_name"),
            Field("email"),
        ]
        if "letters" in self.fields:
            fields.append(Field("letters"))
        hidden = ("wording", "page", "call_to_action", *UTM_FIELDS)
        helper.layout = Layout(
            *fields,
            *hidden,
            PromiseText(self.current_wording.promise),
            StrictButton(self.button_label, type="submit", css_class="btn-primary"),
        )
        return helper

    def clean_email(self) -> Address:
        """Return the address, normalised; the message of a bad one says what to do."""
        try:
            return parse_address(self.cleaned_data["email"])
        except InvalidAddressError as error:
            raise forms.ValidationError(str(error)) from error

    def clean_first_name(self) -> str:
        """One clean line; a name is nobody's to judge."""
        return clean_line(self.cleaned_data["first_name"], max_length=80)

    def clean_cycle(self) -> StuckCycle | None:
        """Return the cycle chosen, None for none of them."""
        return self.cycles.get(self.cleaned_data["cycle"])

    def clean(self) -> dict[str, Any]:
        """Resolve the wording the person saw, and clean what the page carried along."""
        cleaned = super().clean() or {}
        for name in UTM_FIELDS:
            cleaned[name] = clean_line(cleaned.get(name) or "", max_length=120)
        wording = self._seen_wording(cleaned.get("wording", ""))
        if wording is None:
            raise forms.ValidationError(WORDING_CHANGED)
        cleaned["agreement"] = Agreement(
            wording=wording, wants_letters=bool(cleaned.get("letters"))
        )
        return cleaned

    def renewed(self) -> "OptInForm":
        """Return this form with everything typed, its errors, and the wording in force."""
        self.data = {**dict(self.data.items()), "wording": self.current_wording.digest}
        return self

    def _seen_wording(self, digest: str) -> ConsentWording | None:
        if digest == self.current_wording.digest:
            wording, _ = ConsentWording.objects.get_or_create(
                digest=digest,
                defaults={**self.funnel_settings.wording, "first_used_at": timezone.now()},
            )
            return wording
        known = ConsentWording.objects.filter(digest=digest).first()
        # A box that was not on the page can't have been left unticked.
        return known if known and known.mode == self.current_wording.mode else None


class PromiseText:
    """The sentence above the button, as a part of crispy's layout."""

    def __init__(self, text: str) -> None:
        self.text = text

    def render(self, form: Any, context: Any, template_pack: Any = None, **kwargs: Any) -> str:
        """Render the promise from its template, so that a host can lay it out otherwise."""
        return render_to_string("funnel/blocks/promise.html", {"promise": self.text})
