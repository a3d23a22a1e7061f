"""The opt-in form: validates, cleans, and saves nothing."""

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Field, Layout
from django import forms
from django.template import Context
from django.template.loader import get_template
from django.urls import reverse
from django.utils import timezone

from funnel.addresses import Address, InvalidAddressError, parse_address
from funnel.choices import ConsentMode
from funnel.models import (
    CallToAction,
    CallToActionVariant,
    ConsentWording,
    StuckCycle,
)
from funnel.models.content import DEFAULT_WORDS, NO_CYCLE
from funnel.models.opt_ins import UTM_FIELDS
from funnel.queries.assessments import Answered, read_answers
from funnel.queries.content import FormContent, form_content
from funnel.services.opt_ins import Agreement
from funnel.text import clean_line

NO_CYCLE_LABEL = "None of these, or I’d rather not say"
USUAL_BUTTON_LABEL = "Send me the videos"
WORDING_CHANGED = (
    "The words about what you agree to have changed since this page was opened. "
    "Please read them below, then press the button once more."
)


class OptInForm(forms.Form):
    """Asks for an address, perhaps a name and a cycle, under the wording in force.

    The wording's digest travels as a field, because the page around the form may come from a cache:
    what is recorded is what the person saw. So does the cycle whose words were shown, which only a
    browser knows.
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

    variant = forms.Field(required=False, widget=forms.HiddenInput)
    answers = forms.Field(required=False, widget=forms.HiddenInput)

    def __init__(
        self,
        *args: Any,
        content: FormContent | None = None,
        call_to_action: CallToAction | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        content = content or form_content(None)
        self.funnel_settings = content.settings
        self.shown_call_to_action = call_to_action
        self.current_wording = ConsentWording(
            digest=ConsentWording.digest_of(**self.funnel_settings.wording),
            **self.funnel_settings.wording,
        )
        self.cycles = {cycle.code: cycle for cycle in content.cycles}
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

    @property
    def button_labels(self) -> list[tuple[str, str]]:
        """What the button says, as pairs of code and label: the usual label first."""
        if self.shown_call_to_action is None:
            return [(DEFAULT_WORDS, USUAL_BUTTON_LABEL)]
        return self.shown_call_to_action.button_labels

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
        hidden = ("wording", "page", "call_to_action", "variant", "answers", *UTM_FIELDS)
        helper.layout = Layout(
            *fields,
            *hidden,
            Part("funnel/blocks/promise.html", promise=self.current_wording.promise),
            Part("funnel/blocks/button.html", labels=self.button_labels),
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

    def clean_variant(self) -> CallToActionVariant | None:
        """Return the variant that was seen; None for whatever doesn’t name one of this invitation.

        No opt-in is refused over it, because nobody typed it.
        """
        if self.shown_call_to_action is None:
            return None
        return self.shown_call_to_action.variant_for(str(self.cleaned_data["variant"] or ""))

    def clean_answers(self) -> Answered | None:
        """Return the questionnaire that came along; None for none, and for anything odd."""
        return read_answers(str(self.cleaned_data["answers"] or ""))

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


class Part:
    """A template as a part of crispy's layout, rendered with all that the page around it knows."""

    def __init__(self, template: str, **words: Any) -> None:
        self.template = template
        self.words = words

    def render(self, form: Any, context: Context, template_pack: Any = None, **kwargs: Any) -> str:
        """Render as an include would, so that a host can lay it out otherwise."""
        template = get_template(self.template).template  # type: ignore[attr-defined]
        with context.push(**self.words):
            return str(template.render(context))
