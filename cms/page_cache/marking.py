"""Which answers may be kept: pages behind Wagtail's restriction check, and views named in settings.

Nothing is kept because it looks harmless. The WSGI side puts a `Slot` into the environ of a request
whose answer it could keep; what is served from here marks it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.deprecation import MiddlewareMixin
from wagtail.models import Page

SLOT = "cms.page_cache"
# After Wagtail's own check of who may see a page.
HOOK_ORDER = 1000

ServePage = Callable[[Page, HttpRequest, list[Any], dict[str, Any]], HttpResponseBase]


@dataclass(slots=True)
class Slot:
    """The room that a request's answer would have in the cache."""

    query: str
    is_marked: bool = False


def mark(request: HttpRequest) -> None:
    """Let the answer to this request be kept, and hide from it what is not part of its key.

    The query is cut here and not before Django, so that redirects, logins and every other view see
    the one that was sent.
    """
    slot = request.META.get(SLOT)
    if slot is None:
        return
    slot.is_marked = True
    if request.META.get("QUERY_STRING", "") != slot.query:
        request.META["QUERY_STRING"] = slot.query
        vars(request).pop("GET", None)


def mark_served_page(serve: ServePage) -> ServePage:
    """Mark each page that is served; registered to run inside the check of view restrictions."""

    def marking(
        page: Page, request: HttpRequest, args: list[Any], kwargs: dict[str, Any]
    ) -> HttpResponseBase:
        mark(request)
        return serve(page, request, args, kwargs)

    return marking


class MarkNamedViews(MiddlewareMixin):
    """Mark the views that PAGE_CACHE_VIEWS names: the same for everybody, known by the path."""

    def process_view(self, request: HttpRequest, *_view: Any) -> None:
        """Mark a request whose view's name is listed."""
        match = request.resolver_match
        if match is not None and match.view_name in settings.PAGE_CACHE_VIEWS:
            mark(request)
