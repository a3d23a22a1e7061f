"""Serves pages: as Wagtail does, with a shorter way to articles; and says when there is none."""

import logging
from pathlib import PurePosixPath

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.template.loader import render_to_string
from wagtail import views

from cms.queries.routes import route_to_article

logger = logging.getLogger("django.request")


def serve(request: HttpRequest, path: str) -> HttpResponseBase:
    """Serve the page at this path; its restrictions and hooks are Wagtail's."""
    found = route_to_article(request, path)
    if found is not None:
        # Where Wagtail keeps what it finds, and looks before it goes.
        request.__dict__["_wagtail_route_for_request"] = found
    response: HttpResponseBase = views.serve(request, path)
    return response


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer what leads nowhere with ways to go on; with a few plain words where that fails.

    Programs that try addresses of files (and there are many) get the plain words at once.
    """
    if not PurePosixPath(request.path).suffix:
        try:
            return render(request, "404.html", status=404)
        except Exception:
            logger.exception("The page for addresses that lead nowhere could not be made.")
    return HttpResponse(render_to_string("404_plain.html"), status=404)
