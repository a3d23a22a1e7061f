"""Segments, consents and delivery attempts, on one hardened base over wagtail-modeladmin 2.5.0.

What the base closes (measured on that version): a history view without a permission check; exports
open to everybody who may look, N+1, with formulas and "-" for no; any query parameter taken as a
lookup along any relation, passwords included; a crash on an unknown one; objects looked up before
permission is asked.
"""

import re
from typing import Any, ClassVar

from django import forms
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.utils import quote
from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import URLPattern, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel
from wagtail_modeladmin.helpers import ButtonHelper, PermissionHelper
from wagtail_modeladmin.options import ModelAdmin
from wagtail_modeladmin.views import IndexView, InspectView

from funnel.exports import SafeExportMixin
from funnel.models import Consent, Segment, SyncAttempt
from funnel.queries.conversations import MAILS_ABOUT_CALLS
from funnel.queries.leads import lead_counts, may_export_leads, may_read_leads

LEAD_LIST = "wagtailsnippets_funnel_lead:list"
LEAD_INSPECT = "wagtailsnippets_funnel_lead:inspect"
A_NUMBER = re.compile(r"[0-9]{1,18}")


class HardenedPermissionHelper(PermissionHelper):
    """Reading needs the view permission or a stronger one of the same model; nothing else does."""

    def user_can_list(self, user: Any) -> bool:
        """Ask for view, add, change or delete, and not, as upstream, for any permission at all."""
        return any(
            self.user_has_specific_permission(user, self.get_perm_codename(action))
            for action in ("view", "add", "change", "delete")
        )

    def user_can_inspect_obj(self, user: Any, obj: Model) -> bool:
        """Whoever may read the list may read its rows."""
        return self.inspect_view_enabled and self.user_can_list(user)

    def user_can_export(self, user: Any) -> bool:
        """Nobody takes rows away unless a helper says who."""
        return False


class LeadFactsPermissionHelper(HardenedPermissionHelper):
    """For what is known about people: read by who may read leads, changed by nobody at all."""

    def user_can_list(self, user: Any) -> bool:
        """Follow the leads, whose reading by coaches is a setting of the site."""
        return may_read_leads(user)

    def user_can_create(self, user: Any) -> bool:
        """Services write these rows."""
        return False

    def user_can_edit_obj(self, user: Any, obj: Model) -> bool:
        """They are append-only."""
        return False

    def user_can_delete_obj(self, user: Any, obj: Model) -> bool:
        """They are append-only."""
        return False

    def user_can_export(self, user: Any) -> bool:
        """A file of them is a file of leads."""
        return may_export_leads(user)


class SegmentPermissionHelper(HardenedPermissionHelper):
    """A segment opens leads, so reading one needs both; making one needs its own permission."""

    def user_can_list(self, user: Any) -> bool:
        """Whoever may read leads reads the groups they are in."""
        return may_read_leads(user)

    def user_can_export(self, user: Any) -> bool:
        """Names and counts of groups are marketing's as well."""
        return may_export_leads(user)


class HardenedIndexView(SafeExportMixin, IndexView):
    """The listing, with exports by permission and no lookups but the filters on the screen."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Refuse a file without permission, and answer a mistyped filter with the plain list."""
        self.request = request
        if not self.permission_helper.user_can_list(request.user):
            raise PermissionDenied
        self.require_export_permission(request)
        try:
            response: HttpResponseBase = super().dispatch(request, *args, **kwargs)
        except IncorrectLookupParameters:
            return redirect(self.index_url)
        return response

    def may_export(self) -> bool:
        """Ask the model's permission helper."""
        return bool(self.permission_helper.user_can_export(self.request.user))

    def get_filters(self, request: HttpRequest) -> tuple[Any, bool, dict[str, Any], bool]:
        """Keep the filters on the screen; drop every other parameter, which upstream looks up."""
        filter_specs, has_filters, _lookups, use_distinct = super().get_filters(request)
        return filter_specs, has_filters, {}, use_distinct

    def to_row_dict(self, item: Any) -> dict[str, Any]:
        """Return the cells as values, so that `no` stays a word and a date a date."""
        row: dict[str, Any] = {}
        for name in self.list_export:
            shown = getattr(self.model_admin, name, None)
            display = getattr(item, f"get_{name}_display", None)
            if callable(shown):
                row[name] = shown(item)
            elif callable(display):
                row[name] = display()
            else:
                row[name] = getattr(item, name)
        return row


class HardenedButtonHelper(ButtonHelper):
    """Buttons in a coach's words."""

    def inspect_button(
        self,
        pk: Any,
        classnames_add: list[str] | None = None,
        classnames_exclude: list[str] | None = None,
    ) -> dict[str, str]:
        """Say “Show” where Wagtail says “Inspect”."""
        button: dict[str, str] = super().inspect_button(pk, classnames_add, classnames_exclude)
        return {**button, "label": "Show", "title": f"Show this {self.verbose_name}"}


class HardenedModelAdmin(ModelAdmin):
    """The one base of this plugin's modeladmins; see the module's docstring for what it closes."""

    history_view_enabled = False
    inspect_view_enabled = True
    permission_helper_class = HardenedPermissionHelper
    button_helper_class = HardenedButtonHelper
    index_view_class = HardenedIndexView
    add_to_admin_menu = False
    list_per_page = 50
    empty_value_display = ""
    #: Which of create, edit, delete and inspect have an address at all.
    actions: ClassVar[tuple[str, ...]] = ("create", "edit", "delete", "inspect")

    def get_list_export(self, request: HttpRequest) -> tuple[str, ...]:
        """Return the columns of the file, none for those who may not have it."""
        if not self.permission_helper.user_can_export(request.user):
            return ()
        return tuple(self.list_export)

    def get_admin_urls_for_registration(self) -> tuple[URLPattern, ...]:
        """Register the list and the actions there are; what has no address can't be forgotten."""
        wanted = {
            self.url_helper.get_action_url_name(action) for action in ("index", *self.actions)
        }
        return tuple(url for url in super().get_admin_urls_for_registration() if url.name in wanted)

    def register_indexing(self) -> None:
        """Keep people out of Wagtail's reference index, and so out of every page of usages."""

    def _for_readers(self, request: HttpRequest, instance_pk: str) -> None:
        """Ask before an object is looked up, so that nobody learns which ones there are.

        Upstream's lookup answers what is no number with a crash.
        """
        if not self.permission_helper.user_can_list(request.user):
            raise PermissionDenied
        if not A_NUMBER.fullmatch(instance_pk):
            raise Http404

    def inspect_view(self, request: HttpRequest, instance_pk: str) -> HttpResponseBase:
        """Show one row to who may read the list."""
        self._for_readers(request, instance_pk)
        response: HttpResponseBase = super().inspect_view(request, instance_pk)
        return response

    def edit_view(self, request: HttpRequest, instance_pk: str) -> HttpResponseBase:
        """Show the form to who may read the list; the view asks for the change permission."""
        self._for_readers(request, instance_pk)
        response: HttpResponseBase = super().edit_view(request, instance_pk)
        return response

    def delete_view(self, request: HttpRequest, instance_pk: str) -> HttpResponseBase:
        """Ask back those who may read the list; the view asks for the delete permission."""
        self._for_readers(request, instance_pk)
        response: HttpResponseBase = super().delete_view(request, instance_pk)
        return response


def _moment(value: Any) -> str:
    return date_format(timezone.localtime(value), "j F Y, H:i")


def _lead_link(row: Any) -> str:
    return format_html(
        '<a href="{}">{}</a>', reverse(LEAD_INSPECT, args=(row.lead_id,)), row.lead.address
    )


class SegmentButtonHelper(ButtonHelper):
    """The name of a segment opens its leads."""

    def _leads_button(self, pk: Any, classnames: list[str]) -> dict[str, str]:
        return {
            "url": f"{reverse(LEAD_LIST)}?segment={quote(pk)}",
            "label": "Show the leads",
            "classname": self.finalise_classname(["button-secondary", *classnames]),
            "title": "Show the leads of this segment",
        }

    def inspect_button(
        self,
        pk: Any,
        classnames_add: list[str] | None = None,
        classnames_exclude: list[str] | None = None,
    ) -> dict[str, str]:
        """Replace the page about the rule by the leads it picks."""
        return self._leads_button(pk, classnames_add or [])

    def get_primary_button(self, obj: Segment) -> dict[str, str]:
        """Link the name to the leads for whoever sees the list."""
        return self._leads_button(obj.pk, [])


class SegmentIndexView(HardenedIndexView):
    """The segments with their counts, which are one query for all of them."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Count the leads of the segments on this page."""
        context: dict[str, Any] = super().get_context_data(**kwargs)
        context["object_list"] = _with_counts(list(context["object_list"]))
        return context

    def to_row_dict(self, item: Any) -> dict[str, Any]:
        """Count for a file as well."""
        if not hasattr(item, "lead_count"):
            self._counts = getattr(self, "_counts", None) or lead_counts(Segment.objects.all())
            item.lead_count = self._counts.get(item.pk, 0)
        return super().to_row_dict(item)


def _with_counts(segments: list[Segment]) -> list[Segment]:
    counts = lead_counts(segments)
    for segment in segments:
        segment.lead_count = counts[segment.pk]  # type: ignore[attr-defined]
    return segments


class SegmentAdmin(HardenedModelAdmin):
    """Saved questions about leads; opening one shows the leads themselves."""

    model = Segment
    menu_label = "Segments"
    menu_icon = "group"
    menu_order = 20
    permission_helper_class = SegmentPermissionHelper
    button_helper_class = SegmentButtonHelper
    index_view_class = SegmentIndexView
    index_template_name = "funnel/admin/segment_list.html"
    list_display = ("name", "rules", "leads", "description")
    list_export = ("name", "rules", "leads", "description")
    list_select_related = ("cycle", "call_to_action")
    export_filename = "segments"
    panels: ClassVar[list[Any]] = [
        FieldPanel("name"),
        FieldPanel("description"),
        MultiFieldPanel(
            [
                FieldPanel("cycle", widget=forms.Select),
                FieldPanel("stage"),
                FieldPanel("call_to_action", widget=forms.Select),
                FieldRowPanel([FieldPanel("seen_from"), FieldPanel("seen_until")]),
            ],
            heading="Who belongs to it",
            help_text="Every rule that you fill in must hold; leave the others empty.",
        ),
    ]

    def rules(self, segment: Segment) -> str:
        """Say in words whom a segment picks."""
        rules = [
            str(rule)
            for rule in (
                segment.cycle,
                segment.get_stage_display(),
                segment.call_to_action and f"through “{segment.call_to_action}”",
                segment.seen_from and f"from {date_format(segment.seen_from, 'j F Y')}",
                segment.seen_until and f"until {date_format(segment.seen_until, 'j F Y')}",
            )
            if rule
        ]
        return ", ".join(rules) or "Everybody"

    def leads(self, segment: Segment) -> int | str:
        """Show the count; a zero is a figure, not an empty cell."""
        count: int = segment.lead_count  # type: ignore[attr-defined]
        return count or "0"

    def inspect_view(self, request: HttpRequest, instance_pk: str) -> HttpResponseBase:
        """Open the leads of a segment instead of a page about its rules."""
        self._for_readers(request, instance_pk)
        return redirect(f"{reverse(LEAD_LIST)}?segment={quote(instance_pk)}")


class LeadFactsAdmin(HardenedModelAdmin):
    """What both lists of facts share: read-only, newest first, each row beside its lead."""

    permission_helper_class = LeadFactsPermissionHelper
    actions = ("inspect",)
    ordering = ("-at", "-pk")

    def address(self, row: Any) -> str:
        """Link to everything known about the lead."""
        return _lead_link(row)

    address.short_description = "Lead"  # type: ignore[attr-defined]

    def when(self, row: Any) -> str:
        """Show a moment in words."""
        return _moment(row.at)

    when.admin_order_field = "at"  # type: ignore[attr-defined]


class ConsentInspectView(InspectView):
    """One consent with the words themselves, which are the point of it."""

    def get_field_display_value(self, field_name: str, field: Any = None) -> Any:
        """Quote the wording instead of naming its version."""
        wording = self.instance.wording
        if field_name != "wording" or wording is None:
            return super().get_field_display_value(field_name, field)
        return f"{wording.promise} {wording.letters_label}".strip() + f" ({wording})"


class ConsentAdmin(LeadFactsAdmin):
    """The proof: who agreed to which words, when, by which step."""

    model = Consent
    menu_label = "Consents"
    menu_icon = "check"
    menu_order = 30
    inspect_view_class = ConsentInspectView
    index_template_name = "funnel/admin/consent_list.html"
    list_display = ("when", "address", "step", "covers", "words", "page")
    list_filter = ("step", "covers_letters", "covers_sharing_cycle")
    list_select_related = ("lead", "wording", "opt_in")
    list_export = (
        "at",
        "lead_address",
        "step",
        "covers_videos",
        "covers_letters",
        "covers_sharing_cycle",
        "words",
        "promise",
        "letters_label",
        "page",
    )
    inspect_view_fields = (
        "lead",
        "step",
        "at",
        "covers_videos",
        "covers_letters",
        "covers_sharing_cycle",
        "wording",
        "opt_in",
    )
    export_filename = "consents"

    def covers(self, consent: Consent) -> str:
        """Say in words what was agreed to."""
        parts = [
            word
            for word, agreed in (
                ("videos", consent.covers_videos),
                ("letters", consent.covers_letters),
                ("sharing the cycle", consent.covers_sharing_cycle),
            )
            if agreed
        ]
        return ", ".join(parts) or "nothing"

    def words(self, consent: Consent) -> str:
        """Name the version of the words that were shown."""
        return consent.wording.digest[:8] if consent.wording else ""

    words.short_description = "Version of the words"  # type: ignore[attr-defined]

    def promise(self, consent: Consent) -> str:
        """Quote the promise that was shown."""
        return consent.wording.promise if consent.wording else ""

    def letters_label(self, consent: Consent) -> str:
        """Quote the words beside the box for the letters, where there was one."""
        return consent.wording.letters_label if consent.wording else ""

    def page(self, consent: Consent) -> str:
        """Name the page the form was on."""
        return consent.opt_in.page_title if consent.opt_in else ""

    def lead_address(self, consent: Consent) -> str:
        """Give the plain address to a file."""
        return consent.lead.address


class SyncAttemptAdmin(LeadFactsAdmin):
    """What was tried with mail server and mail service, and what came of it."""

    model = SyncAttempt
    menu_label = "Deliveries"
    menu_icon = "history"
    menu_order = 40
    index_template_name = "funnel/admin/attempt_list.html"
    list_display = ("when", "address", "kind", "outcome", "fields", "answer")
    list_filter = ("kind", "outcome")
    list_select_related = ("lead",)
    list_export = ("at", "lead_address", "kind", "outcome", "fields", "status", "title")
    inspect_view_fields = ("lead", "kind", "at", "outcome", "fields", "status", "title")
    export_filename = "deliveries"

    def get_queryset(self, request: HttpRequest) -> QuerySet[SyncAttempt]:
        """Leave out the mails about calls, which are between a person and the coach."""
        attempts: QuerySet[SyncAttempt] = super().get_queryset(request)
        return attempts.exclude(kind__in=MAILS_ABOUT_CALLS)

    def inspect_view(self, request: HttpRequest, instance_pk: str) -> HttpResponseBase:
        """Know nothing of them here either."""
        self._for_readers(request, instance_pk)
        if not self.get_queryset(request).filter(pk=instance_pk).exists():
            raise Http404
        return super().inspect_view(request, instance_pk)

    def answer(self, attempt: SyncAttempt) -> str:
        """Show the answer's number and words together."""
        return " ".join(str(part) for part in (attempt.status, attempt.title) if part)

    def lead_address(self, attempt: SyncAttempt) -> str:
        """Give the plain address to a file."""
        return attempt.lead.address
