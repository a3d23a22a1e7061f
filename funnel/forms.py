"""The opt-in form: validates, cleans, and saves nothing."""

import re
from typing import Any
from zoneinfo import available_timezones

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Field, Layout
from django import forms
from django.template import Context
from django.template.loader import get_template
from django.urls import reverse
from django.utils import timezone

from funnel.addresses import Address, InvalidAddressError, parse_address
from funnel.choices import ConsentMode, SenderChoice
from funnel.models import (
    CallToAction,
    CallToActionVariant,
    ConsentWording,
    FunnelSettings,
    StuckCycle,
)
from funnel.models.content import DEFAULT_WORDS, NO_CYCLE
from funnel.models.opt_ins import UTM_FIELDS
from funnel.queries.assessments import Answered, read_answers
from funnel.queries.content import FormContent, form_content
from funnel.services.gate import Verdict
from funnel.services.mail import SUBJECT, sender_for
from funnel.services.opt_ins import Agreement, MailWishes
from funnel.text import clean_line

NO_CYCLE_LABEL = "None of these, or I’d rather not say"
USUAL_BUTTON_LABEL = "Send me the videos"
WORDING_CHANGED = (
    "The words about what you agree to have changed since this page was opened. "
    "Please read them below, then press the button once more."
)
TOO_MANY = {
    Verdict.NETWORK_IS_BUSY: "Many requests have come from your network within the hour, so this "
    "one was not taken. Please send it again in an hour, or from another network.",
    Verdict.SITE_IS_BUSY: "More people are asking at this moment than we can answer. Nothing was "
    "sent. Please press the button again in an hour.",
}
MAX_PATH_LENGTH = 500
# Filled by the page's script; without it they stay empty, and what is empty is unknown.
TOLD_BY_SCRIPT = ("landing_path", "referring_host", "time_zone", "stamp")
_HOST = re.compile(r"[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?", re.ASCII)
# As long as a private link's token: no such address is anybody's landing page.
_LIKE_A_TOKEN = re.compile(r"[\w-]{32,}", re.ASCII)


def possible_senders(funnel_settings: FunnelSettings) -> dict[SenderChoice, str]:
    """Return the names under which mails may come, the usual one first."""
    choices = [SenderChoice.COACH]
    if funnel_settings.neutral_sender_name:
        choices.append(SenderChoice.NEUTRAL)
    return {choice: sender_for(choice, funnel_settings=funnel_settings).name for choice in choices}


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
    sender = forms.ChoiceField(
        label="How our mails show up in your mailbox",
        required=False,
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": "Please choose one of these two."},
    )
    one_mail = forms.BooleanField(
        label="Just one mail with all three videos, and none to remind me", required=False
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
        for name in (*UTM_FIELDS, *TOLD_BY_SCRIPT):
            self.fields[name] = forms.Field(required=False, widget=forms.HiddenInput)
        self.offers_video = content.first_video_id is not None
        if self.funnel_settings.neutral_sender_name:
            self.fields["sender"].choices = [  # type: ignore[attr-defined]
                (choice.value, f"{sender} – {SUBJECT}")
                for choice, sender in possible_senders(self.funnel_settings).items()
            ]
            self.initial["sender"] = SenderChoice.COACH.value
        else:
            del self.fields["sender"]

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
        helper.attrs = {
            "novalidate": "",
            "data-opt-in-form": "",
            "data-stamp": reverse("funnel:stamp"),
        }
        fields: list[Any] = [
            Field("cycle", wrapper_class="opt-in-form__cycles"),
            Field("first_name"),
            Field("email"),
        ]
        if "sender" in self.fields:
            fields.append(Field("sender", wrapper_class="opt-in-form__senders"))
        fields.append(Field("one_mail"))
        if "letters" in self.fields:
            fields.append(Field("letters"))
        carried = ("wording", "page", "call_to_action", "variant", "answers")
        hidden = (*carried, *UTM_FIELDS, *TOLD_BY_SCRIPT)
        helper.layout = Layout(
            *fields,
            *hidden,
            Part("funnel/blocks/trap.html"),
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

    def clean_landing_path(self) -> str:
        """Return a path of this site, empty for anything else and for private links."""
        path = clean_line(str(self.cleaned_data["landing_path"] or ""), max_length=2000)
        path = path.partition("?")[0].partition("#")[0]
        if not path.startswith("/") or path.startswith(("//", "/\\")) or _LIKE_A_TOKEN.search(path):
            return ""
        return path if len(path) <= MAX_PATH_LENGTH else ""

    def clean_referring_host(self) -> str:
        """Return a host's name, empty for whatever is none."""
        host = clean_line(str(self.cleaned_data["referring_host"] or ""), max_length=300).lower()
        return host if _HOST.fullmatch(host) else ""

    def clean_time_zone(self) -> str:
        """Return the name of a time zone that is known here, else nothing."""
        name = str(self.cleaned_data["time_zone"] or "")
        return name if name in available_timezones() else ""

    def clean(self) -> dict[str, Any]:
        """Resolve the wording the person saw, and clean what the page carried along."""
        cleaned = super().clean() or {}
        for name in UTM_FIELDS:
            cleaned[name] = clean_line(cleaned.get(name) or "", max_length=120)
        cleaned["wishes"] = MailWishes(
            sender_choice=SenderChoice(cleaned.get("sender") or SenderChoice.COACH),
            wants_one_mail=bool(cleaned.get("one_mail")),
            time_zone=cleaned.get("time_zone", ""),
        )
        wording = self._seen_wording(cleaned.get("wording", ""))
        if wording is None:
            raise forms.ValidationError(WORDING_CHANGED)
        cleaned["agreement"] = Agreement(
            wording=wording, wants_letters=bool(cleaned.get("letters"))
        )
        return cleaned

    def put_off(self, verdict: Verdict) -> "OptInForm":
        """Return this form with everything typed, and the reason why it was not taken now."""
        self.add_error(None, TOO_MANY[verdict])
        return self.renewed()

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
