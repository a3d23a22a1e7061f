"""What the retention clock is about to remove, before it does."""

from datetime import timedelta
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from wagtail.admin.menu import MenuItem
from wagtail.admin.viewsets.base import ViewSet

from funnel.models import Lead
from funnel.queries.leads import leads_of_the_videos, may_read_leads
from funnel.queries.retention import (
    UNCONFIRMED,
    due_before,
    removed_at,
    retention_terms,
)

AHEAD = timedelta(days=30)
SHOWN = 50
WHY = {
    True: "Never pressed the button of the mail",
    False: "No sign of life for a long time",
}


def retention(request: HttpRequest) -> HttpResponse:
    """List who is removed within the next thirty days, and say when and why."""
    if not may_read_leads(request.user):
        raise PermissionDenied
    now = timezone.now()
    terms = retention_terms()
    shown = leads_of_the_videos().values("pk")
    due = due_before(now + AHEAD, terms=terms).filter(pk__in=shown)
    page = Paginator(due, SHOWN).get_page(request.GET.get("p"))
    context: dict[str, Any] = {
        "terms": terms,
        "rows": [_row(lead, terms=terms) for lead in page],
        "page_obj": page,
        "days_ahead": AHEAD.days,
        "settings_url": reverse("wagtailsettings:edit", args=("funnel", "funnelsettings")),
        "header_title": "Retention",
        "header_icon": "time",
        "breadcrumbs_items": [
            {"url": reverse("wagtailadmin_home"), "label": "Home"},
            {"url": "", "label": "Retention"},
        ],
    }
    return render(request, "funnel/admin/retention.html", context)


def _row(lead: Lead, *, terms: Any) -> dict[str, Any]:
    return {
        "lead": lead,
        "why": WHY[lead.fate == UNCONFIRMED],  # type: ignore[attr-defined]
        "removed_at": removed_at(lead, terms=terms),
    }


class RetentionMenuItem(MenuItem):
    """Shown to whoever may read leads."""

    def is_shown(self, request: HttpRequest) -> bool:
        """Ask as the page itself does."""
        return may_read_leads(request.user)


class RetentionViewSet(ViewSet):
    """One page: what the clock is about to remove."""

    name = "funnel_retention"
    icon = "time"

    def get_urlpatterns(self) -> list[URLPattern]:
        """Return the page’s address."""
        return [path("", retention, name="index")]


def retention_menu_item() -> MenuItem:
    """Return the line in the funnel’s menu."""
    return RetentionMenuItem(
        "Retention", reverse("funnel_retention:index"), icon_name="time", order=80
    )
