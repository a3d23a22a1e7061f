"""What the front door shows in the admin."""

from collections.abc import Mapping
from typing import Any

from wagtail.admin.ui.components import Component

from home.queries.first_steps import first_steps


class BeginHerePanel(Component):
    """What is left to do before the site can be shown; gone once everything is done."""

    order = 50
    template_name = "home/admin/begin_here.html"

    def get_context_data(self, parent_context: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """Add the steps that are left."""
        return {"steps": first_steps()}
