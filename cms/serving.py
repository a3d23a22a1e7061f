"""Serves pages: as Wagtail does, with a shorter way to articles."""

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from wagtail import views

from cms.queries.routes import route_to_article


def serve(request: HttpRequest, path: str) -> HttpResponseBase:
    """Serve the page at this path; its restrictions and hooks are Wagtail's."""
    found = route_to_article(request, path)
    if found is not None:
        # Where Wagtail keeps what it finds, and looks before it goes.
        request.__dict__["_wagtail_route_for_request"] = found
    response: HttpResponseBase = views.serve(request, path)
    return response
