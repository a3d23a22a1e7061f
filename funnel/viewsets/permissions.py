"""The permissions that are the funnel's own."""

from django.contrib.auth.models import Permission
from django.db.models import QuerySet


def own_permissions() -> QuerySet[Permission]:
    """Return the permissions that are the funnel's own, for the form of a group."""
    return Permission.objects.filter(
        content_type__app_label="funnel",
        codename__in=(
            "view_lead",
            "export_lead",
            "read_lead_where_allowed",
            "change_lead_access",
            "change_callrequest",
        ),
    )
