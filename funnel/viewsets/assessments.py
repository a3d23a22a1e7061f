"""The questionnaire where a coach writes and publishes it, and the versions that stand."""

from collections.abc import Sequence
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import PermissionDenied
from django.db.models import Model, OuterRef, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path, reverse
from django.utils import formats, timezone
from django.utils.functional import cached_property
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from modelcluster.forms import BaseChildFormSet
from wagtail.admin import messages
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, InlinePanel, MultiFieldPanel, Panel
from wagtail.admin.ui.tables import Column
from wagtail.admin.widgets.button import Button
from wagtail.snippets.action_menu import ActionMenuItem
from wagtail.snippets.views.snippets import CreateView, EditView, SnippetViewSet

from funnel.models import (
    AnswerWeight,
    Assessment,
    AssessmentAnswer,
    AssessmentVersion,
    StuckCycle,
)
from funnel.queries.assessments import current_version, most_possible, versions_with_results
from funnel.services.assessments import NotReadyError, publish_assessment

from .choosers import NoChooser
from .menu import MENU_HOOK

PUBLISH = "action-publish-questionnaire"
MOST_POINTS = 10


class InOrder(BaseChildFormSet):
    """Questions or answers in the order that the coach gave them."""

    def __init__(self, *args: Any, queryset: QuerySet | None = None, **kwargs: Any) -> None:
        super().__init__(*args, queryset=queryset, **kwargs)
        rows: QuerySet = (
            getattr(self.instance, self.rel_name).all() if queryset is None else queryset
        )
        self.queryset = rows.order_by("sort_order", "pk")


class AnswerFormSet(InOrder):
    """The answers to one question; each may give points to every cycle."""

    @cached_property
    def cycles(self) -> Sequence[StuckCycle]:
        """All cycles, asked once for all answers."""
        return list(StuckCycle.objects.all())

    def get_form_kwargs(self, index: int | None) -> dict[str, Any]:
        """Hand the cycles to each form."""
        return {**super().get_form_kwargs(index), "cycles": self.cycles}


class AnswerForm(WagtailAdminModelForm):
    """An answer in one line, and below it a small number for each cycle, 0 where it is empty.

    Rows of their own for points, which Wagtail would do as well, are what a coach can't survey:
    eight questions with four answers would be sixty of them, each with a list to choose from.
    """

    def __init__(self, *args: Any, cycles: Sequence[StuckCycle] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.cycles = cycles
        given = {row.cycle_id: row.weight for row in self.instance.weights.all()}
        for cycle in cycles:
            self.fields[self._name(cycle)] = forms.IntegerField(
                label=cycle.name,
                required=False,
                min_value=0,
                max_value=MOST_POINTS,
                initial=given.get(cycle.pk),
                widget=forms.NumberInput(attrs={"size": 3, "title": cycle.experience}),
                error_messages={
                    "min_value": "Points go from 0 to 10.",
                    "max_value": "Points go from 0 to 10.",
                    "invalid": "Write a number from 0 to 10.",
                },
            )

    @staticmethod
    def _name(cycle: StuckCycle) -> str:
        return f"points_{cycle.pk}"

    @property
    def points(self) -> list[forms.BoundField]:
        """The fields for the points, in the order of the cycles."""
        return [self[self._name(cycle)] for cycle in self.cycles]

    def save(self, commit: bool = True) -> AssessmentAnswer:
        """Lay the points beside the answer; they are written when it is."""
        answer: AssessmentAnswer = super().save(commit=False)
        known = {row.cycle_id: row for row in answer.weights.all()}
        rows = []
        for cycle in self.cycles:
            points = self.cleaned_data.get(self._name(cycle))
            if points:
                row = known.get(cycle.pk) or AnswerWeight(cycle=cycle)
                row.weight = points
                rows.append(row)
        answer.weights.set(rows)
        if commit:
            answer.save()
        return answer


class PointsPanel(Panel):
    """The row of small numbers below an answer."""

    class BoundPanel(Panel.BoundPanel):
        """The same for one answer."""

        template_name = "funnel/admin/points_panel.html"


class _OrderedPanel(InlinePanel):
    form_options: ClassVar[dict[str, Any]] = {"formset": InOrder}

    def get_form_options(self) -> dict[str, Any]:
        options: dict[str, Any] = super().get_form_options()
        options["formsets"][self.relation_name] |= self.form_options
        return options


class QuestionsPanel(_OrderedPanel):
    """All questions, in their order."""


class AnswerPanel(MultiFieldPanel):
    """One answer; the fields that `PointsPanel` shows are not shown again below it."""

    class BoundPanel(MultiFieldPanel.BoundPanel):
        """The same for one answer."""

        def render_missing_fields(self) -> SafeString:
            """Leave out the points: sent twice, the empty ones would win."""
            shown = {"text", *(field.name for field in self.form.points)}
            return format_html_join(
                "", "{}", ((self.form[name],) for name in self.form.fields if name not in shown)
            )


class AnswersPanel(_OrderedPanel):
    """The answers to one question, with their points."""

    form_options: ClassVar[dict[str, Any]] = {"formset": AnswerFormSet, "form": AnswerForm}

    @cached_property
    def child_edit_handler(self) -> Panel:
        """Return what shows one answer."""
        panel = AnswerPanel(self.panel_definitions, heading=self.heading)
        return panel.bind_to_model(self.db_field.related_model)


class PublishMenuItem(ActionMenuItem):
    """Saves and publishes with one press."""

    name = PUBLISH
    label = "Publish this questionnaire"
    icon_name = "upload"


def publish_menu_item(model: type[Model]) -> ActionMenuItem | None:
    """Offer to publish below a questionnaire, for Wagtail's hook."""
    return PublishMenuItem(order=10) if model is Assessment else None


class _Publishing:
    """What making and changing a questionnaire have in common."""

    request: HttpRequest
    object: Assessment

    def get_success_message(self, *_instance: Any) -> str:
        """Say that saving is not publishing."""
        return f"“{self.object}” is saved. Readers see it once you publish it."

    def save_action(self) -> HttpResponse:
        """Publish what was just saved where that was pressed, and say what came of it."""
        if PUBLISH not in self.request.POST:
            answer: HttpResponse = super().save_action()  # type: ignore[misc]
            return answer
        edit_url = reverse(_name("edit"), args=[self.object.pk])
        try:
            version = publish_assessment(assessment_id=self.object.pk, now=timezone.now())
        except NotReadyError as problem:
            messages.error(self.request, f"Saved, and not published yet. {problem}")
            return redirect(edit_url)
        if version is None:
            messages.success(self.request, "Saved. Readers get exactly this already.")
        else:
            messages.success(self.request, f"Published: readers now get version {version.number}.")
        return redirect(_name("versions"), self.object.pk)


class AssessmentCreateView(_Publishing, CreateView):
    """Makes a questionnaire."""


class AssessmentEditView(_Publishing, EditView):
    """Changes one; what was published stays as it is until it is published anew."""

    @cached_property
    def header_more_buttons(self) -> list[Button]:
        """Add the way to the versions."""
        return [
            *super().header_more_buttons,
            Button(
                "Published versions",
                url=reverse(_name("versions"), args=[self.object.pk]),
                icon_name="history",
                priority=5,
            ),
        ]


def _name(view: str) -> str:
    return f"wagtailsnippets_funnel_assessment:{view}"


def _may_edit(request: HttpRequest) -> None:
    if not request.user.has_perm("funnel.change_assessment"):
        raise PermissionDenied


def _around(assessment: Assessment, *more: dict[str, str], title: str) -> dict[str, Any]:
    edit_url = reverse(_name("edit"), args=[assessment.pk])
    return {
        "assessment": assessment,
        "edit_url": edit_url,
        "header_title": title,
        "header_icon": "help",
        "breadcrumbs_items": [
            {"url": reverse("wagtailadmin_home"), "label": "Home"},
            {"url": reverse(_name("list")), "label": "Questionnaire"},
            {"url": edit_url, "label": assessment.title},
            *more,
            {"url": "", "label": title},
        ],
    }


def versions_page(request: HttpRequest, pk: int) -> HttpResponse:
    """List every version with its date and how many results name it."""
    _may_edit(request)
    assessment = get_object_or_404(Assessment, pk=pk)
    context = {
        **_around(assessment, title="Published versions"),
        "versions": versions_with_results(pk),
        "current": current_version(),
        "public_url": reverse("funnel:assessment"),
    }
    return render(request, "funnel/admin/assessment_versions.html", context)


def version_page(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """Show one version as it was published, with its points."""
    _may_edit(request)
    version = get_object_or_404(
        AssessmentVersion.objects.select_related("assessment"), assessment=pk, number=number
    )
    names = dict(StuckCycle.objects.values_list("code", "name"))
    questions = [
        {
            "text": question["text"],
            "answers": [
                {
                    "text": answer["text"],
                    "points": ", ".join(
                        f"{names.get(code, code)} {weight}"
                        for code, weight in answer["weights"].items()
                    ),
                }
                for answer in question["answers"]
            ],
        }
        for question in version.content["questions"]
    ]
    back = {"url": reverse(_name("versions"), args=[pk]), "label": "Published versions"}
    context = {
        **_around(version.assessment, back, title=f"Version {number}"),
        "version": version,
        "questions": questions,
        "most": [
            (names.get(code, code), most) for code, most in most_possible(version.content).items()
        ],
    }
    return render(request, "funnel/admin/assessment_version.html", context)


def _published(assessment: Any) -> str:
    if assessment.newest_number is None:
        return "Not yet"
    day = formats.date_format(timezone.localtime(assessment.newest_at), "j F Y")
    return f"Version {assessment.newest_number}, {day}"


class AssessmentViewSet(SnippetViewSet):
    """The questionnaire, its questions, and what each answer speaks for."""

    model = Assessment
    icon = "help"
    menu_label = "Questionnaire"
    menu_order = 65
    menu_hook = MENU_HOOK
    chooser_viewset_class = NoChooser
    copy_view_enabled = False
    add_view_class = AssessmentCreateView
    edit_view_class = AssessmentEditView
    index_results_template_name = "funnel/admin/assessment_results.html"
    list_display: ClassVar[list[Any]] = ["title", Column("published", "Published", _published)]
    panels: ClassVar[list[Any]] = [
        MultiFieldPanel(
            [
                FieldPanel("title"),
                FieldPanel("introduction"),
                FieldPanel("call_to_action", widget=forms.Select),
            ],
            heading="Around the questions",
        ),
        QuestionsPanel(
            "questions",
            heading="Questions, in this order",
            label="Question",
            help_text="About eight is enough. Readers may leave out any of them.",
            panels=[
                FieldPanel("text"),
                AnswersPanel(
                    "answers",
                    heading="Answers to choose from",
                    label="Answer",
                    panels=[FieldPanel("text"), PointsPanel(heading="Points")],
                ),
            ],
        ),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Assessment]:
        """Bring along the number and the day of what was published last."""
        newest = AssessmentVersion.objects.filter(assessment=OuterRef("pk")).order_by("-number")
        return Assessment.objects.annotate(
            newest_number=Subquery(newest.values("number")[:1]),
            newest_at=Subquery(newest.values("published_at")[:1]),
        )

    def get_urlpatterns(self) -> list[URLPattern]:
        """Add the versions."""
        return [
            *super().get_urlpatterns(),
            path("versions/<int:pk>/", versions_page, name="versions"),
            path("versions/<int:pk>/<int:number>/", version_page, name="version"),
        ]
