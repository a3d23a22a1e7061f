"""What the funnel adds to Wagtail's admin; this module only registers."""

from typing import Any

from wagtail import hooks
from wagtail.admin.menu import Menu, MenuItem, SubmenuMenuItem
from wagtail.permissions import register_permission_policy
from wagtail_modeladmin.options import ModelAdmin

from funnel import viewsets
from funnel.exports import EXPORT_ACTION, ExportLogFormatter
from funnel.modeladmins import ConsentAdmin, SegmentAdmin, SyncAttemptAdmin
from funnel.models import Lead, SequenceMail

register_permission_policy(Lead, viewsets.LeadPermissionPolicy(Lead))
register_permission_policy(SequenceMail, viewsets.SequenceMailPermissionPolicy(SequenceMail))

hooks.register("register_admin_viewset", lambda: [viewset() for viewset in viewsets.VIEWSETS])
hooks.register("register_admin_viewset", viewsets.RetentionViewSet)
hooks.register(viewsets.MENU_HOOK, viewsets.retention_menu_item)
hooks.register("register_admin_viewset", viewsets.CallRequestViewSet)
hooks.register(viewsets.MENU_HOOK, viewsets.call_request_menu_item)
hooks.register("register_snippet_action_menu_item", viewsets.publish_menu_item)
hooks.register("register_bulk_action", viewsets.NoBulkActionOnLeads, order=1000)
hooks.register("before_delete_snippet", viewsets.refuse_to_delete_used)

funnel_menu = Menu(register_hook_name=viewsets.MENU_HOOK)


@hooks.register("register_admin_menu_item")
def register_funnel_menu() -> MenuItem:
    """One menu for everything about leads."""
    return SubmenuMenuItem("Funnel", funnel_menu, name="funnel", icon_name="group", order=250)


def _register_modeladmin(model_admin: ModelAdmin) -> None:
    model_admin.register_with_wagtail()
    hooks.register(viewsets.MENU_HOOK, model_admin.get_menu_item)


for admin_class in (SegmentAdmin, ConsentAdmin, SyncAttemptAdmin):
    _register_modeladmin(admin_class())


@hooks.register("register_log_actions")
def register_log_actions(actions: Any) -> None:
    """A file taken away is an act worth a line in the site's history."""
    actions.register_action(EXPORT_ACTION)(ExportLogFormatter)


@hooks.register("register_permissions")
def register_permissions() -> Any:
    """Offer the funnel's own permissions where groups are edited."""
    return viewsets.own_permissions()
