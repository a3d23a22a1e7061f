"""What the front door's templates say in words."""

from django import template

register = template.Library()

LONG_ENOUGH_TO_COUNT = 90
ABOUT_A_MINUTE = 45


@register.filter
def length_in_words(seconds: int | None) -> str:
    """How long a video runs, as a person would say it; empty where nobody has said."""
    if not seconds:
        return ""
    if seconds < ABOUT_A_MINUTE:
        return "under a minute"
    if seconds < LONG_ENOUGH_TO_COUNT:
        return "about a minute"
    return f"{round(seconds / 60)} min"
