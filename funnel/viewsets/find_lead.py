"""Finding a person by POST, because a GET would put an address into history and logs."""

from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views import View

from funnel.addresses import InvalidAddressError, parse_address
from funnel.models import Lead
from funnel.queries.erasures import ErasureProof, erasure_asked_at, erasure_proofs
from funnel.queries.leads import (
    FOUND_AT_MOST,
    find_leads,
    may_read_leads,
)


class FindLeadForm(forms.Form):
    """A part of an address or of a first name."""

    words = forms.CharField(
        label="Address or first name",
        min_length=2,
        max_length=320,
        help_text="A part is enough. What you type here is sent so that it stays out of the "
        "browser’s history.",
        widget=forms.TextInput(attrs={"autocomplete": "off", "autofocus": True}),
    )


def _erasures(form: FindLeadForm) -> tuple[list[ErasureProof], datetime | None]:
    """Return what is known of erasures of an address, where a whole one was typed."""
    try:
        address = parse_address(form.cleaned_data["words"])
    except InvalidAddressError:
        return [], None
    return erasure_proofs(address), erasure_asked_at(address)


class FindLeadView(View):
    """Find a person by address or first name, by POST so that neither ever stands in a URL."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Ask for permission first."""
        if not may_read_leads(request.user):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show the form; words in the address bar are ignored."""
        return self._page(request, FindLeadForm())

    def post(self, request: HttpRequest) -> HttpResponse:
        """Open the one lead that was found, else list them here."""
        form = FindLeadForm(request.POST)
        if not form.is_valid():
            return self._page(request, form)
        found = list(find_leads(words=form.cleaned_data["words"], user=request.user))
        if len(found) == 1:
            return redirect("wagtailsnippets_funnel_lead:inspect", found[0].pk)
        return self._page(request, form, found=found)

    def _page(
        self, request: HttpRequest, form: FindLeadForm, *, found: list[Lead] | None = None
    ) -> HttpResponse:
        proofs, asked_at = _erasures(form) if found is not None else ([], None)
        leads_url = reverse("wagtailsnippets_funnel_lead:list")
        return render(
            request,
            "funnel/admin/find_lead.html",
            {
                "form": form,
                "found": found[:FOUND_AT_MOST] if found is not None else None,
                "proofs": proofs,
                "asked_at": asked_at,
                "too_many": found is not None and len(found) > FOUND_AT_MOST,
                "shown_at_most": FOUND_AT_MOST,
                "header_title": "Find a person",
                "header_icon": "search",
                "breadcrumbs_items": [
                    {"url": reverse("wagtailadmin_home"), "label": "Home"},
                    {"url": leads_url, "label": "Leads"},
                    {"url": "", "label": "Find a person"},
                ],
            },
        )
