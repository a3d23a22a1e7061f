"""Wagtail's bulk actions, closed to people who may do none of it.

Wagtail 8.0 shows the page of a bulk action to everybody with a login, lists the names of the chosen
records on it (drafts included) under "you don't have permission", and answers a POST with success.
Nothing is changed, but marketing has no business with a draft's title.
"""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from wagtail.admin.views.bulk_action import BulkAction
from wagtail.admin.views.pages import bulk_actions as of_pages
from wagtail.documents.views import bulk_actions as of_documents
from wagtail.images.views import bulk_actions as of_images
from wagtail.snippets import bulk_actions as of_snippets


class NeedsOneAllowedRecord(BulkAction):
    """Refuses where not one of the chosen records is the caller's to act on."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Ask before the page is made."""
        allowed, _refused = self.get_actionable_objects()
        if not allowed:
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)


BULK_ACTIONS: tuple[type[BulkAction], ...] = tuple(
    type(f"Guarded{name}", (NeedsOneAllowedRecord, getattr(module, name)), {})
    for module in (of_pages, of_images, of_documents, of_snippets)
    for name in module.__all__
)
