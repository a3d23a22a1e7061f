"""Leads in Wagtail's snippets: read here, and nowhere written.

Two things differ from an ordinary snippet on purpose: there is no chooser (anybody with admin
access may read a chooser), and the search for a person is a POST, because a GET would put an
address into the browser's history and the log (docs/decisions/searching-for-a-person.md).
"""

from typing import Any, ClassVar

import django_filters
from django import forms
from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponseBadRequest
from django.urls import URLPattern, path, reverse
from django.utils.formats import date_format
from django.utils.functional import cached_property
from django.utils.text import Truncator
from django.utils.timezone import localtime
from wagtail.admin.filters import DateRangePickerWidget, WagtailFilterSet
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.admin.widgets.button import HeaderButton
from wagtail.permission_policies import ModelPermissionPolicy
from wagtail.snippets.bulk_actions.snippet_bulk_action import SnippetBulkAction
from wagtail.snippets.views.snippets import IndexView, InspectView, SnippetViewSet

from funnel.choices import LeadStage
from funnel.exports import SafeExportMixin
from funnel.models import CallToAction, Lead, Segment, StuckCycle
from funnel.models.opt_ins import UTM_FIELDS
from funnel.queries.lead_facts import facts_of, sync_sentence, with_listing_facts
from funnel.queries.lead_story import story_of
from funnel.queries.leads import (
    READ_WHERE_ALLOWED,
    SyncState,
    came_through,
    in_sync_state,
    may_export_leads,
    may_read_leads,
    rules_of,
    source_pages,
    visible_leads,
)

from .choosers import NoChooser
from .find_lead import FindLeadView
from .menu import MENU_HOOK
from .receipts import receipt_page, receipt_text

UNKNOWN_FILTER = "One of these filters is not known, or not any more."


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
        "words_shown",
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
        "words_shown": "Words shown",
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
        if self.is_export and self.has_unknown_filter:
            return HttpResponseBadRequest(
                f"{UNKNOWN_FILTER} There is no file for it.\n", content_type="text/plain"
            )
        if self.is_export:
            return self.as_spreadsheet(self.get_queryset(), request.GET["export"])
        return super().get(request, *args, **kwargs)

    def may_export(self) -> bool:
        """Ask the policy."""
        return bool(self.user_has_permission("export"))

    def get_base_queryset(self) -> QuerySet[Lead]:
        """Return every lead with its facts: one query."""
        return with_listing_facts(visible_leads(self.request.user))

    @cached_property
    def has_unknown_filter(self) -> bool:
        """Whether a filter names what is not there, as an old bookmark of a segment does."""
        return bool(self.filters) and not self.filters.is_valid()

    def filter_queryset(self, queryset: QuerySet[Lead]) -> QuerySet[Lead]:
        """Take an unknown filter for nobody, where Wagtail takes it for everybody."""
        if self.has_unknown_filter:
            return queryset.none()
        filtered: QuerySet[Lead] = super().filter_queryset(queryset)
        return filtered

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
        if self.has_unknown_filter:
            return f"{UNKNOWN_FILTER} Take the filters away to see everybody."
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
            row["words_shown"] = opt_in.words_shown
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
        lead = with_listing_facts(visible_leads(self.request.user).filter(pk=self.pk)).first()
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
            width="20%",
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
        Column("sync", label="Mailchimp", accessor=sync_sentence, width="18%"),
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
            path("receipt/<int:pk>/", receipt_page, name="receipt"),
            path("receipt/<int:pk>.txt", receipt_text, name="receipt_text"),
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
