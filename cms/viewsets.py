"""Records that editors keep beside the pages."""

from typing import ClassVar

from wagtail.snippets.views.snippets import SnippetViewSet

from cms.models import Topic


class TopicViewSet(SnippetViewSet):
    """Topics, in a list of their own."""

    model = Topic
    icon = "tag"
    list_display: ClassVar[list[str]] = ["name", "slug"]
    menu_label = "Topics"
    add_to_admin_menu = False
