"""Other words for a call to action, where a coach writes them: below the usual ones."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from modelcluster.forms import BaseChildFormSet
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, InlinePanel
from wagtail.snippets.views.snippets import CopyView

from funnel.models import CallToAction, StuckCycle
from funnel.queries.content import brought_opt_ins

MOST_VARIANTS = 4


def _in_the_readers_words(cycle: StuckCycle) -> str:
    return cycle.experience


class VariantForm(WagtailAdminModelForm):
    """The words for one cycle. The cycle stays as it was first chosen."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cycle = self.fields["cycle"]
        cycle.label_from_instance = _in_the_readers_words
        if self.instance.pk:
            cycle.disabled = True
            cycle.help_text = "It stays as it is; for another cycle, add other words."


class VariantFormSet(BaseChildFormSet):
    """All of them; keeps those that people came through."""

    def clean(self, *args: Any, **kwargs: Any) -> None:
        """Refuse to delete words that an opt-in names, and say how to take them back instead."""
        super().clean(*args, **kwargs)
        kept = [form for form in self.deleted_forms if brought_opt_ins(form.instance)]
        for form in kept:
            # Else the refused page would come up without the words it talks about.
            form.data = form.data.copy()
            form.data[form.add_prefix("DELETE")] = ""
        if kept:
            named = " and ".join(f"“{form.instance.cycle.experience}”" for form in kept)
            raise ValidationError(
                f"The words for {named} stay, because people asked for the videos after reading "
                "them, and what happened is kept. To show the usual words again, empty all their "
                "lines."
            )

    def get_unique_error_message(self, unique_check: Any) -> str:
        """Say it without the names of the columns."""
        return "There are two variants for one cycle. Take one of the two away."

    def get_form_error(self) -> str:
        """Mark the second of the two."""
        return "This cycle has other words already."


class VariantsPanel(InlinePanel):
    """Up to four variants below a call to action."""

    def __init__(self, **kwargs: Any) -> None:
        settings = {
            "relation_name": "variants",
            "heading": "Other words for the same invitation",
            "label": "Variant",
            "help_text": "For whoever says “this sounds like me”: other words for the same "
            "invitation. A line left empty shows the usual words.",
            "max_num": MOST_VARIANTS,
            "panels": [
                FieldPanel("cycle", widget=forms.Select),
                FieldPanel("eyebrow"),
                FieldPanel("heading"),
                FieldPanel("offer_line"),
                FieldPanel("points_heading"),
                FieldPanel("points"),
                FieldPanel("button_label"),
            ],
        }
        super().__init__(**{**settings, **kwargs})

    def get_form_options(self) -> dict[str, Any]:
        """Use the forms above."""
        options: dict[str, Any] = super().get_form_options()
        options["formsets"][self.relation_name] |= {"form": VariantForm, "formset": VariantFormSet}
        return options


class CallToActionCopyView(CopyView):
    """Copies a call to action with its variants; upstream would send their old numbers along."""

    def get_initial_form_instance(self) -> CallToAction:
        """Return the original with variants that are new."""
        original: CallToAction = super().get_initial_form_instance()
        variants = list(original.variants.all())
        for variant in variants:
            variant.pk = None
        original.variants.set(variants)
        return original
