"""Hooks of the front door; they only register."""

from typing import Any

from django.http import HttpRequest
from wagtail import hooks

from home.panels import BeginHerePanel


@hooks.register("construct_homepage_panels")
def begin_here(request: HttpRequest, panels: list[Any]) -> None:
    """Say first what an empty site still lacks, to whoever may give it."""
    if request.user.has_perm("cms.change_sitesettings"):
        panels.append(BeginHerePanel())
