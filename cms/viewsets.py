"""Records that editors keep beside the pages."""

from typing import ClassVar

from wagtail.snippets.views.snippets import SnippetViewSet

from cms.models import SupportSignpost, Topic
from funnel.viewsets.choosers import NoChooser


class TopicViewSet(SnippetViewSet):
    """Topics, in a list of their own."""

    model = Topic
    icon = "tag"
    list_display: ClassVar[list[str]] = ["name", "slug"]
    menu_label = "Topics"
    add_to_admin_menu = False


class SupportSignpostViewSet(SnippetViewSet):
    """Where help is, country by country."""

    model = SupportSignpost
    icon = "help"
    chooser_viewset_class = NoChooser
    list_display: ClassVar[list[str]] = ["country", "emergency_number", "sort_order"]
    ordering: ClassVar[list[str]] = ["sort_order", "country"]
    menu_label = "Where help is"
    add_to_admin_menu = False
