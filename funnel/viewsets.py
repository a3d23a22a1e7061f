"""Leads, and what a coach writes for the funnel, in Wagtail's snippets.

Leads are read here and nowhere written. Two things differ from an ordinary snippet on purpose:
there is no chooser (anybody with admin access may read a chooser), and the search for a person is a
POST, because a GET would put an address into the browser's history and the server's log
(docs/decisions/searching-for-a-person.md).
"""

from typing import Any, ClassVar

import django_filters
from django import forms
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, reverse
from django.utils.formats import date_format
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import Truncator
from django.utils.timezone import localtime
from django.views import View
from wagtail.admin import messages
from wagtail.admin.filters import DateRangePickerWidget, WagtailFilterSet
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, MultiFieldPanel
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.admin.widgets.button import HeaderButton
from wagtail.permission_policies import ModelPermissionPolicy
from wagtail.snippets.bulk_actions.snippet_bulk_action import SnippetBulkAction
from wagtail.snippets.views.chooser import SnippetChooserViewSet
from wagtail.snippets.views.snippets import IndexView, InspectView, SnippetViewSet

from funnel.choices import LeadStage
from funnel.exports import SafeExportMixin
from funnel.models import CallToAction, Lead, Segment, StuckCycle, VideoSeries
from funnel.queries.content import needed_by
from funnel.queries.lead_facts import facts_of, sync_sentence, with_listing_facts
from funnel.queries.lead_story import story_of
from funnel.queries.leads import (
    FOUND_AT_MOST,
    READ_WHERE_ALLOWED,
    SyncState,
    came_through,
    find_leads,
    in_sync_state,
    may_export_leads,
    may_read_leads,
    rules_of,
    source_pages,
)

UTM_FIELDS = ("utm_source", "utm_medium", "utm_campaign", "utm_content", "utm_term")
MENU_HOOK = "register_funnel_menu_item"


class NoChooser(SnippetChooserViewSet):
    """A chooser without addresses; a form chooses such a record from a plain list."""

    register_widget = False

    def get_urlpatterns(self) -> list[URLPattern]:
        """Return nothing, so that nobody can open it."""
        return []


class ChooserWithoutForm(SnippetChooserViewSet):
    """A chooser that only chooses; upstream's address for making a record there has no form."""

    def get_urlpatterns(self) -> list[URLPattern]:
        """Return the addresses that choose."""
        return [pattern for pattern in super().get_urlpatterns() if pattern.name != "create"]


class LeadPermissionPolicy(ModelPermissionPolicy):
    """Reading as `may_read_leads()` says; adding, changing and deleting by nobody, admins included.

    Wagtail asks this for menus, lists, bulk actions, links to a lead and its own reports.
    """

    def user_has_permission(self, user: Any, action: str) -> bool:
        """Answer for one action."""
        if action == "view":
            return may_read_leads(user)
        if action == "export":
            return may_export_leads(user)
        return False

    def users_with_any_permission(self, actions: Any) -> QuerySet[Any]:
        """Return the people who could read leads; used by Wagtail for lists of people only."""
        if not set(actions) & {"view", "export"}:
            return get_user_model()._default_manager.none()
        codenames = ["view_lead", READ_WHERE_ALLOWED.partition(".")[2]]
        return self._get_users_with_any_permission_codenames(codenames)


class LeadFilterSet(WagtailFilterSet):
    """Groups of leads. Nothing here names a person, because it all stands in the address bar."""

    segment = django_filters.ModelChoiceFilter(
        label="Segment",
        queryset=Segment.objects.select_related("cycle", "call_to_action"),
        method="filter_segment",
        empty_label="All leads",
    )
    stage = django_filters.MultipleChoiceFilter(
        label="Stage", choices=LeadStage.choices, widget=forms.CheckboxSelectMultiple
    )
    current_cycle = django_filters.ModelChoiceFilter(
        label="Cycle", queryset=StuckCycle.objects.all(), null_label="Not said"
    )
    call_to_action = django_filters.ModelChoiceFilter(
        label="Call to action",
        queryset=CallToAction.objects.all(),
        method="filter_call_to_action",
    )
    page = django_filters.ChoiceFilter(
        label="Came from", choices=source_pages, method="filter_page", empty_label="Any page"
    )
    created_at = django_filters.DateFromToRangeFilter(
        label="First seen", widget=DateRangePickerWidget
    )
    sync = django_filters.ChoiceFilter(
        label="Mailchimp",
        choices=SyncState.choices,
        method="filter_sync",
        widget=forms.RadioSelect,
        empty_label="Any state",
    )

    class Meta:
        model = Lead
        fields: ClassVar[list[str]] = []

    def filter_segment(self, leads: QuerySet[Lead], name: str, segment: Segment) -> QuerySet[Lead]:
        """Keep the leads of one segment."""
        return leads.filter(rules_of(segment))

    def filter_call_to_action(
        self, leads: QuerySet[Lead], name: str, call_to_action: CallToAction
    ) -> QuerySet[Lead]:
        """Keep the leads who came through it at least once."""
        return leads.filter(came_through(call_to_action=call_to_action))

    def filter_page(self, leads: QuerySet[Lead], name: str, page_id: str) -> QuerySet[Lead]:
        """Keep the leads who came from a page at least once."""
        return leads.filter(came_through(page_id=int(page_id)))

    def filter_sync(self, leads: QuerySet[Lead], name: str, state: str) -> QuerySet[Lead]:
        """Keep the leads who stand so with the mail service."""
        return leads.filter(in_sync_state(state))


class LeadIndexView(SafeExportMixin, IndexView):
    """The list of leads and its files."""

    any_permission_required = ("view",)
    list_export: ClassVar[list[str]] = [
        "address",
        "first_name",
        "stage",
        "cycle",
        "receives_letters",
        "shares_cycle",
        "first_seen",
        "agreed_at",
        "agreement_confirmed_at",
        "withdrawn_at",
        "wording",
        "wording_version",
        "source_title",
        "source_path",
        "call_to_action",
        "utm_source",
        "utm_medium",
        "utm_campaign",
        "utm_content",
        "utm_term",
        "sync",
    ]
    export_headings: ClassVar[dict[str, str]] = {
        "address": "Email address",
        "first_name": "First name",
        "stage": "Stage",
        "cycle": "Cycle",
        "receives_letters": "Agreed to letters",
        "shares_cycle": "Agreed to share the cycle with Mailchimp",
        "first_seen": "First seen",
        "agreed_at": "Agreed on the form",
        "agreement_confirmed_at": "Confirmed by the mail’s link",
        "withdrawn_at": "Withdrawn",
        "wording": "Words agreed to",
        "wording_version": "Version of the words",
        "source_title": "Source page",
        "source_path": "Source page’s path",
        "call_to_action": "Call to action",
        "utm_source": "UTM source",
        "utm_medium": "UTM medium",
        "utm_campaign": "UTM campaign",
        "utm_content": "UTM content",
        "utm_term": "UTM term",
        "sync": "Mailchimp",
    }

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Refuse a file to those who may only read."""
        self.require_export_permission(request)
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Write a file row by row, without first making the page that nobody sees."""
        if self.is_export:
            return self.as_spreadsheet(self.get_queryset(), request.GET["export"])
        return super().get(request, *args, **kwargs)

    def may_export(self) -> bool:
        """Ask the policy."""
        return bool(self.user_has_permission("export"))

    def get_base_queryset(self) -> QuerySet[Lead]:
        """Return every lead with its facts: one query."""
        return with_listing_facts(super().get_base_queryset())

    @cached_property
    def columns(self) -> list[Column]:
        """Leave out the column for bulk actions: there are none for leads."""
        columns: list[Column] = super(IndexView, self).columns
        return columns

    @cached_property
    def header_buttons(self) -> list[HeaderButton]:
        """Lead to the search, which is a page of its own."""
        return [
            HeaderButton(
                "Find a person",
                url=reverse("wagtailsnippets_funnel_lead:find"),
                icon_name="search",
            )
        ]

    @cached_property
    def no_results_message(self) -> str:
        """Say what an empty list means, and what fills it."""
        if self.is_filtering:
            return "Nobody matches these filters. Take one away to see more."
        return (
            "Nobody has asked for the videos yet. Leads appear here by themselves as soon as a "
            "reader sends the form of an article."
        )

    def get_edit_url(self, instance: Model) -> None:
        """Leads have no form."""
        return

    def get_list_buttons(self, instance: Model) -> list[Any]:
        """Offer nothing beside the link to the lead's page."""
        return []

    def to_row_dict(self, item: Any) -> dict[str, Any]:
        """Return one row of the file as values; cells are made safe where they are written."""
        facts = facts_of(item)
        opt_in, wording = facts.opt_in, facts.wording
        row = {
            "address": item.address,
            "first_name": item.first_name,
            "stage": item.get_stage_display(),
            "cycle": item.current_cycle,
            "receives_letters": item.receives_letters,
            "shares_cycle": item.shares_cycle,
            "first_seen": item.created_at,
            "agreed_at": facts.requested and facts.requested.at,
            "agreement_confirmed_at": facts.confirmed and facts.confirmed.at,
            "withdrawn_at": facts.withdrawn and facts.withdrawn.at,
            "sync": sync_sentence(item),
        }
        if wording:
            words = (wording.promise, wording.letters_label)
            row["wording"] = " / ".join(filter(None, words))
            row["wording_version"] = wording.digest[:8]
        if opt_in:
            row["source_title"] = opt_in.page_title
            row["source_path"] = opt_in.page_path
            row["call_to_action"] = opt_in.call_to_action
            row |= {name: getattr(opt_in, name) for name in UTM_FIELDS}
        return {name: row.get(name) for name in self.list_export}


class LeadInspectView(InspectView):
    """Everything known about one lead, on one page."""

    any_permission_required = ("view",)
    page_title = "Lead"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """Ask before looking up, so that nobody learns which numbers are taken."""
        if not may_read_leads(request.user):
            raise PermissionDenied
        super().setup(request, *args, **kwargs)

    def get_object(self, queryset: QuerySet[Lead] | None = None) -> Lead:
        """Return the lead with what a list says about it."""
        lead = with_listing_facts(Lead.objects.filter(pk=self.pk)).first()
        if lead is None:
            raise Http404
        return lead

    def get_fields(self) -> list[str]:
        """Leave the fields to the template, which says what they mean."""
        return []

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the story and where the lead stands with the mail service."""
        context: dict[str, Any] = super().get_context_data(**kwargs)
        context["lead"] = self.object
        context["sync"] = sync_sentence(self.object)
        context["story"] = story_of(self.object)
        return context


class FindLeadForm(forms.Form):
    """A part of an address or of a first name."""

    words = forms.CharField(
        label="Address or first name",
        min_length=2,
        max_length=320,
        help_text="A part is enough. What you type here is sent so that it stays out of the "
        "browser’s history.",
        widget=forms.TextInput(attrs={"autocomplete": "off", "autofocus": True}),
    )


class FindLeadView(View):
    """Find a person by address or first name, by POST so that neither ever stands in a URL."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Ask for permission first."""
        if not may_read_leads(request.user):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show the form; words in the address bar are ignored."""
        return self._page(request, FindLeadForm())

    def post(self, request: HttpRequest) -> HttpResponse:
        """Open the one lead that was found, else list them here."""
        form = FindLeadForm(request.POST)
        if not form.is_valid():
            return self._page(request, form)
        found = list(find_leads(words=form.cleaned_data["words"], user=request.user))
        if len(found) == 1:
            return redirect("wagtailsnippets_funnel_lead:inspect", found[0].pk)
        return self._page(request, form, found=found)

    def _page(
        self, request: HttpRequest, form: FindLeadForm, *, found: list[Lead] | None = None
    ) -> HttpResponse:
        leads_url = reverse("wagtailsnippets_funnel_lead:list")
        return render(
            request,
            "funnel/admin/find_lead.html",
            {
                "form": form,
                "found": found[:FOUND_AT_MOST] if found is not None else None,
                "too_many": found is not None and len(found) > FOUND_AT_MOST,
                "shown_at_most": FOUND_AT_MOST,
                "header_title": "Find a person",
                "header_icon": "search",
                "breadcrumbs_items": [
                    {"url": reverse("wagtailadmin_home"), "label": "Home"},
                    {"url": leads_url, "label": "Leads"},
                    {"url": "", "label": "Find a person"},
                ],
            },
        )


class LeadViewSet(SnippetViewSet):
    """Leads: a list, a page for each, a search, two files. No other view has an address."""

    model = Lead
    icon = "user"
    menu_label = "Leads"
    menu_order = 10
    menu_hook = MENU_HOOK
    chooser_viewset_class = NoChooser
    index_view_class = LeadIndexView
    inspect_view_class = LeadInspectView
    inspect_view_enabled = True
    copy_view_enabled = False
    add_to_reference_index = False
    search_backend_name = None
    filterset_class = LeadFilterSet
    list_per_page = 50
    inspect_template_name = "funnel/admin/lead.html"
    export_filename = "leads"
    list_export = LeadIndexView.list_export
    export_headings = LeadIndexView.export_headings
    ordering = ("-created_at", "-pk")
    list_display: ClassVar[list[Any]] = [
        TitleColumn(
            "address",
            label="Email address",
            sort_key="address_key",
            get_url=lambda lead: reverse("wagtailsnippets_funnel_lead:inspect", args=(lead.pk,)),
        ),
        Column("first_name", label="First name", sort_key="first_name"),
        Column("get_stage_display", label="Stage", sort_key="stage"),
        Column(
            "cycle",
            label="Cycle",
            accessor=lambda lead: lead.current_cycle or "Not said",
            sort_key="current_cycle__sort_order",
        ),
        Column(
            "source",
            label="Source article",
            accessor=lambda lead: getattr(facts_of(lead).opt_in, "page_title", ""),
        ),
        Column(
            "call_to_action",
            label="Call to action",
            accessor=lambda lead: getattr(facts_of(lead).opt_in, "call_to_action", None) or "",
        ),
        Column(
            "wording",
            label="Agreed to",
            accessor=lambda lead: Truncator(getattr(facts_of(lead).wording, "promise", "")).chars(
                45
            ),
            width="14%",
        ),
        Column(
            "first_seen",
            label="First seen",
            accessor=lambda lead: date_format(localtime(lead.created_at), "j F Y"),
            sort_key="created_at",
        ),
        Column("sync", label="Mailchimp", accessor=sync_sentence, width="20%"),
    ]

    def get_common_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        """Name no view that does not exist."""
        nowhere = ("add_url_name", "edit_url_name", "delete_url_name", "history_url_name")
        common: dict[str, Any] = super().get_common_view_kwargs(**kwargs)
        return {**common, **dict.fromkeys((*nowhere, "usage_url_name", "copy_url_name"))}

    def get_urlpatterns(self) -> list[URLPattern]:
        """Return the addresses there are, by name, so that a later Wagtail adds none unseen."""
        wanted = {"list", "list_results", "inspect"}
        return [
            *(pattern for pattern in super().get_urlpatterns() if pattern.name in wanted),
            path("find/", FindLeadView.as_view(), name="find"),
        ]


class NoBulkActionOnLeads(SnippetBulkAction):
    """Refuses what Wagtail offers for every snippet: its page lists the rows, refused or not."""

    display_name = "Delete"
    action_type = "delete"
    aria_label = "Delete selected leads"
    template_name = "wagtailadmin/404.html"

    models: ClassVar[list[type[Model]]] = [Lead]

    def check_perm(self, obj: Model) -> bool:
        """Nobody."""
        return False

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Refuse before anything is looked up."""
        raise PermissionDenied


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
    list_display = ("name", "title", "mailchimp_tag")
    panels: ClassVar[list[Any]] = [
        MultiFieldPanel(
            [FieldPanel("name"), FieldPanel("mailchimp_tag")], heading="For your own lists"
        ),
        MultiFieldPanel(
            [FieldPanel("title"), FieldPanel("introduction")], heading="Above the videos"
        ),
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


def own_permissions() -> QuerySet[Permission]:
    """Return the permissions that are the funnel's own, for the form of a group."""
    return Permission.objects.filter(
        content_type__app_label="funnel",
        codename__in=(
            "view_lead",
            "export_lead",
            "read_lead_where_allowed",
            "change_lead_access",
        ),
    )


def refuse_to_delete_used(request: HttpRequest, records: list[Model]) -> HttpResponse | None:
    """Answer a wish to delete what history still needs with a sentence instead of an error.

    For Wagtail's `before_delete_snippet`; returns None where nothing stands in the way.
    """
    for record in records:
        needed = needed_by(record)
        if needed:
            kind = record._meta.verbose_name
            messages.error(
                request,
                f"“{record}” stays, because {_listed(needed)} still depend on it, and what "
                f"happened is kept. You can reword this {kind}, or take it out of your pages.",
            )
            return redirect(record.snippet_viewset.get_url_name("list"))  # type: ignore[attr-defined]
    return None


def _listed(counts: dict[str, int]) -> str:
    parts = [f"{count} {name}" for name, count in counts.items()]
    return " and ".join([", ".join(parts[:-1]), parts[-1]] if len(parts) > 1 else parts)


VIEWSETS = (LeadViewSet, CallToActionViewSet, VideoSeriesViewSet, StuckCycleViewSet)
