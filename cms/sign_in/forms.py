"""What a person types at the second step."""

from typing import Any

from django import forms

CODE_ATTRIBUTES = {
    "autocomplete": "one-time-code",
    "inputmode": "numeric",
    "spellcheck": "false",
}
WRONG_CODE = (
    "This code isn’t right, or was used before. Wait until your app shows the next one, and type "
    "that one. If it keeps failing, check that your phone sets its clock by itself."
)


class UnrepeatedInput(forms.TextInput):
    """A field that is empty again after each try; nobody corrects a code."""

    def format_value(self, value: Any) -> None:
        """Show nothing of what was typed."""


class CodeForm(forms.Form):
    """One code, from the app or from the list of recovery codes."""

    code = forms.CharField(
        label="Code",
        max_length=40,
        widget=UnrepeatedInput(attrs=CODE_ATTRIBUTES),
        error_messages={"required": "Type the code that your app shows now."},
    )

    def __init__(self, *args: Any, ask_at_once: bool = True, **kwargs: Any) -> None:
        """Put the cursor into the field, unless there is something to read and do before."""
        super().__init__(*args, **kwargs)
        if ask_at_once:
            self.fields["code"].widget.attrs["autofocus"] = True


class KeptForm(forms.Form):
    """The word of a person that the recovery codes are in a safe place."""

    kept = forms.BooleanField(
        label="I have put these codes in a safe place",
        error_messages={
            "required": "Put the codes somewhere safe first, then tick the box. Without them, "
            "a lost phone locks you out."
        },
    )
