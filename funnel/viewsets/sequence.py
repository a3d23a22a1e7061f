"""The mails that follow, for the coach to word, and the whole sequence on a time line."""

from typing import Any, ClassVar

from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.forms import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.views import View
from django.views.decorators.clickjacking import xframe_options_sameorigin
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, MultiFieldPanel, ObjectList
from wagtail.admin.ui.tables import BooleanColumn, Column
from wagtail.admin.widgets.button import HeaderButton
from wagtail.permission_policies import ModelPermissionPolicy
from wagtail.snippets.views.snippets import EditView, IndexView, SnippetViewSet

from funnel.choices import SenderChoice, SequenceOwner
from funnel.models import FunnelSettings, SequenceMail
from funnel.queries.sequence import sequence_mails
from funnel.services.sequence import look_again
from funnel.services.timeline import CONFIRM, VIDEOS, sample_mail, timeline

from .choosers import NoChooser
from .menu import MENU_HOOK

CHANGE = "funnel.change_sequencemail"
# A mail styles itself, and does nothing else.
MAIL_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'self'; sandbox"
)
TELLING_WORDS = (
    "marriage",
    "married",
    "husband",
    "wife",
    "spouse",
    "relationship",
    "divorce",
    "separation",
    "couple",
    "therapy",
    "coach",
)


class SequenceMailPermissionPolicy(ModelPermissionPolicy):
    """Changing as Django says; adding and deleting by nobody: there is one mail of each kind."""

    def user_has_permission(self, user: Any, action: str) -> bool:
        """Answer for one action."""
        return action not in {"add", "delete"} and bool(super().user_has_permission(user, action))


class SequenceMailForm(WagtailAdminModelForm):
    """Keeps what others may read over a shoulder from saying what it is about."""

    def clean_subject(self) -> str:
        """Look at the subject."""
        return _quiet(self.cleaned_data["subject"])

    def clean_opening(self) -> str:
        """Look at the first line."""
        return _quiet(self.cleaned_data["opening"])


def _quiet(text: str) -> str:
    said = text.lower()
    telling = [word for word in TELLING_WORDS if word in said]
    if telling:
        raise ValidationError(
            f"Somebody else may see this line in the list of mails. Leave out “{telling[0]}”."
        )
    return text


class SequenceMailIndexView(IndexView):
    """The three mails, with the way to the time line."""

    @cached_property
    def columns(self) -> list[Column]:
        """Leave out the column for bulk actions: there are none."""
        columns: list[Column] = super(IndexView, self).columns
        return columns

    @cached_property
    def header_buttons(self) -> list[HeaderButton]:
        """Lead to the time line."""
        return [
            HeaderButton(
                "See them on a time line",
                url=reverse("wagtailsnippets_funnel_sequencemail:timeline"),
                icon_name="time",
            )
        ]


class SequenceMailEditView(EditView):
    """The form of one mail."""

    def save_instance(self) -> Model:
        """Save, and let what waits already keep to the new days."""
        saved: Model = super().save_instance()
        look_again(kind=saved.kind, now=timezone.now())  # type: ignore[attr-defined]
        return saved


class _ForWhoWordsThem(View):
    """Asks for permission first."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Let in whoever may change the mails."""
        if not request.user.has_perm(CHANGE):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)


class TimelineView(_ForWhoWordsThem):
    """Every mail of the sequence, when it would leave, and how it shows up."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show the sequence for an opt-in at this moment."""
        now = timezone.now()
        listed = reverse("wagtailsnippets_funnel_sequencemail:list")
        context = {
            "timeline": timeline(now=now),
            "now": now,
            "is_ours": FunnelSettings.load().sequence_owner == SequenceOwner.HERE,
            "turned_off": [mail for mail in sequence_mails().values() if not mail.is_on],
            "settings_url": reverse("wagtailsettings:edit", args=("funnel", "funnelsettings")),
            "header_title": "The mails on a time line",
            "header_icon": "mail",
            "breadcrumbs_items": [
                {"url": reverse("wagtailadmin_home"), "label": "Home"},
                {"url": listed, "label": "Mails that follow"},
                {"url": "", "label": "On a time line"},
            ],
        }
        return render(request, "funnel/admin/timeline.html", context)


class SampleMailView(_ForWhoWordsThem):
    """One mail as it would be drawn, for a frame."""

    def get(self, request: HttpRequest, name: str, choice: str) -> HttpResponse:
        """Answer with the mail's HTML, which may style itself and nothing more."""
        if name not in {CONFIRM, VIDEOS, *sequence_mails()} or choice not in SenderChoice.values:
            raise Http404("There is no such mail.")
        response = HttpResponse(sample_mail(name=name, choice=choice).html)
        response.headers["Content-Security-Policy"] = MAIL_POLICY
        response.headers["Cache-Control"] = "no-store"
        return response


class SequenceMailViewSet(SnippetViewSet):
    """The mails that follow; there are three, and a coach rewords them."""

    model = SequenceMail
    icon = "mail"
    menu_label = "Mails that follow"
    menu_order = 65
    menu_hook = MENU_HOOK
    chooser_viewset_class = NoChooser
    copy_view_enabled = False
    index_view_class = SequenceMailIndexView
    edit_view_class = SequenceMailEditView
    list_display: ClassVar[list[Any]] = [
        "__str__",
        "subject",
        Column("wait_days", label="Days to wait"),
        BooleanColumn("is_on", label="Sent"),
    ]
    ordering = ("pk",)
    edit_handler = ObjectList(
        [
            MultiFieldPanel(
                [FieldPanel("is_on"), FieldPanel("wait_days")], heading="When it leaves"
            ),
            MultiFieldPanel(
                [FieldPanel("subject"), FieldPanel("opening")], heading="In the list of mails"
            ),
            MultiFieldPanel(
                [FieldPanel("body"), FieldPanel("button_label")], heading="In the mail"
            ),
        ],
        base_form_class=SequenceMailForm,
    )

    def get_urlpatterns(self) -> list[URLPattern]:
        """Add the time line and its mails; what comes with a number stays as it is."""
        return [
            path("timeline/", TimelineView.as_view(), name="timeline"),
            path(
                "timeline/<slug:name>/<slug:choice>/",
                xframe_options_sameorigin(SampleMailView.as_view()),
                name="sample",
            ),
            *super().get_urlpatterns(),
        ]
