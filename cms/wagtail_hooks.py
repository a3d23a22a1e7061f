"""Hooks of the editorial core; they only register."""

from wagtail import hooks
from wagtail.snippets.models import register_snippet

from cms.bulk_actions import BULK_ACTIONS
from cms.page_cache import marking
from cms.rich_text import register_links
from cms.sign_in import in_the_admin
from cms.viewsets import SupportSignpostViewSet, TopicViewSet

register_snippet(TopicViewSet)
register_snippet(SupportSignpostViewSet)

for action_class in BULK_ACTIONS:
    hooks.register("register_bulk_action", action_class, order=500)

hooks.register("on_serve_page", marking.mark_served_page, order=marking.HOOK_ORDER)

hooks.register("register_rich_text_features", register_links)

hooks.register("register_log_actions", in_the_admin.register_log_actions)
hooks.register("register_account_menu_item", in_the_admin.account_menu_item)
