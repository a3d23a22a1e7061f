"""What a host's templates can put anywhere: an invitation with its form."""

from collections.abc import Sequence
from typing import Any

from django import template
from django.utils.safestring import SafeString

from funnel.blocks import CallToActionBlock, OptInFormBlock
from funnel.models import CallToAction, StuckCycle
from funnel.queries import content

register = template.Library()


@register.simple_tag(takes_context=True)
def invitation(context: Any, call_to_action: CallToAction | None = None) -> SafeString:
    """Show this call to action as its block would, or the form alone where there is none."""
    if call_to_action is not None:
        return CallToActionBlock().render(call_to_action, context=context.flatten())
    block = OptInFormBlock()
    return block.render(block.normalize({"call_to_action": None}), context=context.flatten())


@register.simple_tag(takes_context=True)
def stuck_cycles(context: Any) -> Sequence[StuckCycle]:
    """The cycles in their order."""
    return content.stuck_cycles(context.get("request"))
