"""What a coach writes for the funnel: calls to action, cycles and videos."""

from typing import Any, ClassVar

from django import forms
from django.utils.html import format_html
from django.utils.safestring import SafeString
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, MultiFieldPanel
from wagtail.admin.ui.tables import Column
from wagtail.snippets.views.snippets import SnippetViewSet

from funnel.models import CallToAction, StuckCycle, VideoSeries

from .call_to_action_variants import CallToActionCopyView, VariantsPanel
from .choosers import ChooserWithoutForm, NoChooser
from .menu import MENU_HOOK


class PrivateFileInput(forms.ClearableFileInput):
    """A file field for files without an address: says that there is one, and links nowhere."""

    def is_initial(self, value: Any) -> bool:
        """Ask for the file itself; upstream asks for its URL, which a private file has not."""
        return bool(value)

    def format_value(self, value: Any) -> Any:
        """Return the file, if there is one."""
        return value if self.is_initial(value) else None

    def render(
        self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None
    ) -> SafeString:
        """Return the plain input, with the size of what is stored already."""
        field = forms.FileInput(self.attrs).render(name, None, attrs, renderer)
        if not self.is_initial(value):
            return field
        kind = str(value.name).rpartition(".")[2].upper()
        clear = SafeString("")
        if not self.is_required:
            clear = format_html(
                '<label class="w-block w-mt-2"><input type="checkbox" name="{}" id="{}"> '
                "Take this file away</label>",
                self.clear_checkbox_name(name),
                self.clear_checkbox_id(self.clear_checkbox_name(name)),
            )
        return format_html(
            '<p class="w-mb-2">There is a {} file already. Choose another to replace it.</p>{}{}',
            kind,
            field,
            clear,
        )


class CallToActionViewSet(SnippetViewSet):
    """The invitations a coach places in articles."""

    model = CallToAction
    icon = "pick"
    menu_label = "Calls to action"
    chooser_viewset_class = ChooserWithoutForm
    copy_view_class = CallToActionCopyView
    menu_order = 50
    menu_hook = MENU_HOOK
    list_display: ClassVar[list[Any]] = [
        "name",
        "heading",
        Column("get_goal_display", label="Leads to", sort_key="goal"),
        "series",
    ]
    list_filter = ("goal",)
    search_fields = ("name", "heading", "offer_line")
    search_backend_name = None
    panels: ClassVar[list[Any]] = [
        FieldPanel("name"),
        MultiFieldPanel(
            [
                FieldPanel("eyebrow"),
                FieldPanel("heading"),
                FieldPanel("offer_line"),
                FieldPanel("points_heading"),
                FieldPanel("points"),
                FieldPanel("button_label"),
            ],
            heading="What readers see",
        ),
        MultiFieldPanel(
            [FieldPanel("goal"), FieldPanel("link_url"), FieldPanel("series", widget=forms.Select)],
            heading="Where it leads",
        ),
        VariantsPanel(),
    ]


class StuckCycleViewSet(SnippetViewSet):
    """The cycles; a coach rewords them, only an admin adds one or changes its name in Mailchimp."""

    model = StuckCycle
    icon = "rotate"
    menu_label = "Cycles"
    menu_order = 70
    menu_hook = MENU_HOOK
    chooser_viewset_class = NoChooser
    copy_view_enabled = False
    list_display = ("name", "experience", "mailchimp_tag")
    ordering = ("sort_order", "pk")
    panels: ClassVar[list[Any]] = [
        FieldPanel("name"),
        FieldPanel("experience"),
        FieldPanel("description"),
        FieldPanel("sort_order"),
        FieldRowPanel(
            [
                FieldPanel("code", permission="funnel.add_stuckcycle"),
                FieldPanel("mailchimp_tag", permission="funnel.add_stuckcycle"),
            ],
        ),
    ]


def _private(field: str) -> FieldPanel:
    return FieldPanel(field, widget=PrivateFileInput)


class VideoSeriesViewSet(SnippetViewSet):
    """The free videos, in order."""

    model = VideoSeries
    icon = "media"
    menu_label = "Videos"
    menu_order = 60
    menu_hook = MENU_HOOK
    chooser_viewset_class = NoChooser
    copy_view_enabled = False
    list_display: ClassVar[list[Any]] = [
        "name",
        "title",
        Column("get_release_display", label="When the videos open", sort_key="release"),
        "mailchimp_tag",
    ]
    panels: ClassVar[list[Any]] = [
        MultiFieldPanel(
            [FieldPanel("name"), FieldPanel("mailchimp_tag")], heading="For your own lists"
        ),
        MultiFieldPanel(
            [FieldPanel("title"), FieldPanel("introduction")], heading="Above the videos"
        ),
        FieldPanel("release", widget=forms.RadioSelect),
        InlinePanel(
            "videos",
            heading="Videos, in this order",
            label="Video",
            panels=[
                FieldPanel("title"),
                FieldPanel("summary"),
                _private("file"),
                _private("captions"),
                _private("poster"),
                FieldPanel("transcript"),
                FieldPanel("duration_seconds"),
            ],
        ),
    ]
