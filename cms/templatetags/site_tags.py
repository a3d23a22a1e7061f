"""What templates ask about the site around their page."""

from typing import Any

from django import template
from django.http import HttpRequest

from cms.queries import frame
from cms.stylesheets import stylesheet_path

register = template.Library()


def _request(context: dict[str, Any]) -> HttpRequest:
    request: HttpRequest = context["request"]
    return request


@register.simple_tag(takes_context=True)
def main_menu(context: dict[str, Any]) -> list[frame.MenuItem]:
    """The lines of the menu at the top."""
    return frame.main_menu(_request(context))


@register.simple_tag(takes_context=True)
def footer_menu(context: dict[str, Any]) -> list[frame.MenuItem]:
    """The lines of the menu at the foot."""
    return frame.footer_menu(_request(context))


@register.simple_tag(takes_context=True)
def videos_url(context: dict[str, Any]) -> str:
    """Where links to the free videos lead."""
    return frame.videos_url(_request(context))


@register.simple_tag(takes_context=True)
def support_signposts(context: dict[str, Any]) -> Any:
    """The signposts to help of all countries."""
    return frame.support_signposts(_request(context))


@register.simple_tag(takes_context=True)
def cycles_on_pages(context: dict[str, Any]) -> list[frame.CycleOnPage]:
    """Every cycle, with the page about it."""
    return frame.cycles_on_pages(_request(context))


@register.filter
def stylesheet(palette: str) -> str:
    """The one stylesheet a page links for this palette, as `{% static %}` wants it."""
    return stylesheet_path(palette or "")
