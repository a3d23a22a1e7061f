"""The front door."""

from wagtail.models import Page


class HomePage(Page):
    """The first page."""

    max_count = 1
