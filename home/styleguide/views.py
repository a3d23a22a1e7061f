"""The styleguide's pages, for whoever may enter the admin."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from csp.constants import NONE, SELF, UNSAFE_INLINE
from csp.decorators import csp, csp_update
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe
from wagtail.admin.auth import require_admin_access

from cms.palettes import colors, palettes

from . import samples
from .mails import MAILS
from .pages import PAGES
from .specimens import SECTIONS

MAIL_POLICY = {
    "default-src": [NONE],
    "style-src": [UNSAFE_INLINE],
    "base-uri": [NONE],
    "frame-ancestors": [SELF],
}
View = Callable[..., HttpResponseBase]


def _for_staff(view: View) -> View:
    """Ask for a login, keep the answer out of every cache, and show what a visitor would see."""

    @wraps(view)
    def dressed(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        # The bar for editors is shown to whoever brings a session.
        request.COOKIES = {}
        samples.dressed(request, palette=request.GET.get("palette", ""))
        return view(request, *args, **kwargs)

    guarded: View = require_admin_access(never_cache(require_safe(dressed)))
    return guarded


def _page(request: HttpRequest, template: str, **context: Any) -> HttpResponse:
    around = {
        "sections": SECTIONS,
        "pages": PAGES,
        "palettes": palettes(),
        "worn": request.GET.get("palette", ""),
    }
    return render(request, f"styleguide/{template}.html", {**around, **context})


def _swatch(palette: str, scheme: str) -> dict[str, Any]:
    named = colors(palette, scheme).items()
    return {"scheme": scheme, "color": {name.replace("-", "_"): code for name, code in named}}


@_for_staff
def index(request: HttpRequest) -> HttpResponse:
    """Show the colors and the type, and list everything else."""
    swatches = [
        {"name": name, "words": words, "schemes": [_swatch(name, "light"), _swatch(name, "dark")]}
        for name, words in palettes().items()
    ]
    return _page(request, "index", swatches=swatches)


@_for_staff
def section(request: HttpRequest, name: str) -> HttpResponse:
    """Show the components under one heading."""
    if name not in SECTIONS:
        raise Http404("There is no such part of the styleguide.")
    shown = SECTIONS[name]
    return _page(request, "section", section=shown, specimens=list(shown.specimens(request)))


@_for_staff
def page(request: HttpRequest, name: str) -> HttpResponse:
    """Show a whole page in a state."""
    if name not in PAGES:
        raise Http404("There is no such page in the styleguide.")
    return PAGES[name].response(request)


@_for_staff
@csp_update({"frame-src": [SELF]})
def mails(request: HttpRequest) -> HttpResponse:
    """Show every mail, as a mail program shows it and as plain text."""
    return _page(request, "mails", mails=MAILS.values())


@_for_staff
@xframe_options_sameorigin
@csp(MAIL_POLICY)  # type: ignore[arg-type]
def mail(request: HttpRequest, name: str) -> HttpResponse:
    """Show a mail's HTML under a policy that lets its own styles apply and nothing run."""
    if name not in MAILS:
        raise Http404("There is no such mail.")
    return HttpResponse(MAILS[name].html)
