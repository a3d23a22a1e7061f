"""The receipt of what a person agreed to: a page that prints well, and a text file."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone

from funnel.queries.leads import leads_of_the_videos, may_export_leads, may_read_leads
from funnel.queries.receipts import ConsentReceipt, receipt_of


def _receipt(pk: int) -> ConsentReceipt:
    return receipt_of(get_object_or_404(leads_of_the_videos(), pk=pk), now=timezone.now())


def receipt_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the receipt to whoever may read leads."""
    if not may_read_leads(request.user):
        raise PermissionDenied
    context: dict[str, Any] = {
        "receipt": _receipt(pk),
        "text_url": reverse("wagtailsnippets_funnel_lead:receipt_text", args=[pk])
        if may_export_leads(request.user)
        else "",
        "header_title": "Receipt of consent",
        "header_icon": "doc-full-inverse",
        "breadcrumbs_items": [
            {"url": reverse("wagtailadmin_home"), "label": "Home"},
            {"url": reverse("wagtailsnippets_funnel_lead:list"), "label": "Leads"},
            {"url": reverse("wagtailsnippets_funnel_lead:inspect", args=[pk]), "label": "Lead"},
            {"url": "", "label": "Receipt of consent"},
        ],
    }
    return render(request, "funnel/admin/receipt.html", context)


def receipt_text(request: HttpRequest, pk: int) -> HttpResponse:
    """Hand the receipt out as a file, to whoever may take leads away."""
    if not may_export_leads(request.user):
        raise PermissionDenied
    response = HttpResponse(_receipt(pk).as_text(), content_type="text/plain; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="receipt-{pk}.txt"'
    return response
