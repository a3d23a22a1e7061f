"""Blocks with which a host's pages carry calls to action and the opt-in form."""

import copy
from collections.abc import Sequence
from typing import Any

from wagtail.blocks import StaticBlock, StructBlock
from wagtail.snippets.blocks import SnippetChooserBlock

from funnel.choices import CallToActionGoal
from funnel.forms import OptInForm
from funnel.models import CallToAction
from funnel.queries.content import calls_to_action_with_variants, form_content


def opt_in_form(
    *, call_to_action: CallToAction | None, parent_context: dict[str, Any] | None
) -> OptInForm:
    """Return an unbound form for this place on this page.

    Ids in the form get a number that counts the forms of the page, since a page may carry several.
    """
    context = parent_context if parent_context is not None else {}
    page = context.get("page")
    request = context.get("request")
    number = 1
    if request is not None:
        number = getattr(request, "_funnel_forms", 0) + 1
        request._funnel_forms = number
    return OptInForm(
        content=form_content(request),
        call_to_action=call_to_action,
        initial={"page": getattr(page, "pk", None)},
        auto_id=f"opt-in-{number}-%s",
    )


class _ChooserBlock(SnippetChooserBlock):
    """Brings the variants along, for all the calls to action of a page at once."""

    def bulk_to_python(self, values: Sequence[Any]) -> list[CallToAction | None]:
        """Return them in the order of their keys, each an object of its own."""
        found = calls_to_action_with_variants(values)
        return [copy.copy(found.get(value)) for value in values]


class _InnerChooserBlock(_ChooserBlock):
    """The same inside another block; migrations know it as what it is for them."""

    def deconstruct(self) -> tuple[str, Sequence[Any], dict[str, Any]]:
        """Return Wagtail's own name for it, so that no host has to migrate for a query."""
        _, arguments, options = super().deconstruct()
        return "wagtail.snippets.blocks.SnippetChooserBlock", arguments, options


class CallToActionBlock(_ChooserBlock):
    """A call to action, chosen from those the coach keeps; with its form where it offers videos."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__("funnel.CallToAction", **kwargs)

    def get_context(
        self, value: CallToAction | None, parent_context: dict[str, Any] | None = None
    ) -> dict[str, Any]:
        """Add the form for an offer of videos."""
        context: dict[str, Any] = super().get_context(value, parent_context=parent_context)
        if value is not None and value.goal == CallToActionGoal.OPT_IN:
            context["opt_in_form"] = opt_in_form(
                call_to_action=value, parent_context=parent_context
            )
        return context

    def get_preview_value(self) -> CallToAction | None:
        """Show a real one in the block picker, where the coach has written one."""
        return CallToAction.objects.first()

    class Meta:
        icon = "pick"
        label = "Call to action"
        group = "Invitations"
        template = "funnel/blocks/call_to_action.html"
        description = "An invitation you wrote once. Changing it changes it everywhere."


class OptInFormBlock(StructBlock):
    """The form alone, where the text around it already invites."""

    call_to_action = _InnerChooserBlock(
        "funnel.CallToAction",
        required=False,
        help_text="Whose button and videos it uses. Left empty: the usual ones.",
    )

    def get_context(
        self, value: Any, parent_context: dict[str, Any] | None = None
    ) -> dict[str, Any]:
        """Add the form."""
        context: dict[str, Any] = super().get_context(value, parent_context=parent_context)
        context["opt_in_form"] = opt_in_form(
            call_to_action=value.get("call_to_action"), parent_context=parent_context
        )
        return context

    def get_preview_value(self) -> dict[str, Any]:
        """Show the form with the usual button in the block picker."""
        return self.normalize({"call_to_action": None})

    class Meta:
        icon = "form"
        label = "Opt-in form"
        group = "Invitations"
        template = "funnel/blocks/opt_in_form.html"
        description = "The form for the free videos, without an invitation around it."


class PrivacyFactsBlock(StaticBlock):
    """How long things are kept and who carries them, as the funnel's settings have it now."""

    def get_context(
        self, value: Any, parent_context: dict[str, Any] | None = None
    ) -> dict[str, Any]:
        """Add the settings, which the forms of a page read as well."""
        context: dict[str, Any] = super().get_context(value, parent_context=parent_context)
        context["funnel_settings"] = form_content((parent_context or {}).get("request")).settings
        return context

    class Meta:
        icon = "lock"
        label = "How long things are kept"
        group = "For the reader’s sake"
        template = "funnel/blocks/privacy_facts.html"
        admin_text = (
            "Shows how long things are kept and which companies carry them, "
            "as the funnel settings say."
        )
        preview_value = None
        description = "For the privacy page: filled from the funnel settings, so it stays true."
