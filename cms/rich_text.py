"""How links that a coach writes into running text come out on a page."""

from typing import Any

from django.utils.html import escape
from wagtail.rich_text import LinkHandler
from wagtail.rich_text.feature_registry import FeatureRegistry


class OutsideLinkHandler(LinkHandler):
    """Links that lead to other sites, which learn nothing of the page they were on."""

    identifier = "external"

    @classmethod
    def expand_db_attributes(cls, attrs: dict[str, Any]) -> str:
        """Return the opening tag."""
        return f'<a href="{escape(attrs["href"])}" rel="noopener noreferrer">'


def register_links(features: FeatureRegistry) -> None:
    """Make it so in every rich text of the site."""
    features.register_link_type(OutsideLinkHandler)
