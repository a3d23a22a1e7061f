"""Choosers, which Wagtail opens to everybody with a login, cut down to what may be open."""

from django.urls import URLPattern
from wagtail.snippets.views.chooser import SnippetChooserViewSet


class NoChooser(SnippetChooserViewSet):
    """A chooser without addresses; a form chooses such a record from a plain list."""

    register_widget = False

    def get_urlpatterns(self) -> list[URLPattern]:
        """Return nothing, so that nobody can open it."""
        return []


class ChooserWithoutForm(SnippetChooserViewSet):
    """A chooser that only chooses; upstream's address for making a record there has no form."""

    def get_urlpatterns(self) -> list[URLPattern]:
        """Return the addresses that choose."""
        return [pattern for pattern in super().get_urlpatterns() if pattern.name != "create"]
