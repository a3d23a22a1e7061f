"""Leads, and what a coach writes for the funnel, in Wagtail's snippets."""

from .assessments import AssessmentViewSet, publish_menu_item
from .call_requests import CallRequestViewSet, call_request_menu_item
from .content import CallToActionViewSet, StuckCycleViewSet, VideoSeriesViewSet
from .deletion import refuse_to_delete_used
from .leads import LeadPermissionPolicy, LeadViewSet, NoBulkActionOnLeads
from .menu import MENU_HOOK
from .permissions import own_permissions
from .retention import RetentionViewSet, retention_menu_item
from .sequence import SequenceMailPermissionPolicy, SequenceMailViewSet

VIEWSETS = (
    LeadViewSet,
    CallToActionViewSet,
    VideoSeriesViewSet,
    StuckCycleViewSet,
    AssessmentViewSet,
    SequenceMailViewSet,
)

__all__ = [
    "MENU_HOOK",
    "VIEWSETS",
    "AssessmentViewSet",
    "CallRequestViewSet",
    "CallToActionViewSet",
    "LeadPermissionPolicy",
    "LeadViewSet",
    "NoBulkActionOnLeads",
    "RetentionViewSet",
    "SequenceMailPermissionPolicy",
    "SequenceMailViewSet",
    "StuckCycleViewSet",
    "VideoSeriesViewSet",
    "call_request_menu_item",
    "own_permissions",
    "publish_menu_item",
    "refuse_to_delete_used",
    "retention_menu_item",
]
