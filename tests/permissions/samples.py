"""One object of every kind that an address under /admin/ can name, and how to name it.

An address with a parameter that nothing here answers raises `LookupError`, which fails the build:
whoever adds a view also says which object it is tried with.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from typing import Any

from django.contrib.auth.models import Group, User
from django.contrib.contenttypes.models import ContentType
from django.core.files.base import ContentFile
from django.core.files.images import ImageFile
from django.db.models import Model
from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.resolvers import RoutePattern
from django.utils.regex_helper import normalize
from PIL import Image as PillowImage
from wagtail.admin.models import EditingSession
from wagtail.admin.views.bulk_action.registry import bulk_action_registry
from wagtail.contrib.redirects.models import Redirect
from wagtail.contrib.search_promotions.models import Query
from wagtail.contrib.settings.registry import registry as settings_registry
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.models import (
    Collection,
    GroupApprovalTask,
    Page,
    Site,
    UploadedFile,
    Workflow,
    WorkflowState,
    WorkflowTask,
)
from wagtail.snippets.models import get_snippet_models

from cms.models import ArticleIndexPage, ArticlePage, SupportSignpost
from funnel.models import Consent, StuckCycle, SyncAttempt
from home.models import HomePage
from tests.factories.assessments import published
from tests.factories.leads import (
    CallToActionFactory,
    ConsentFactory,
    SegmentFactory,
    SyncAttemptFactory,
    VideoSeriesFactory,
    lead_with_story,
)
from tests.factories.people import CallRequestFactory

LEAD_ADDRESS = "Only.For.Readers@mail.test"
LEAD_NAME = "Onlyforreaders"
EXPORTS = (
    "snippets/funnel/lead/",
    "snippets/funnel/lead/results/",
    "funnel/segment/",
    "funnel/consent/",
    "funnel/syncattempt/",
    "reports/site-history/",
    "users/",
)


@dataclass
class Samples:
    """The objects, by the words that addresses use for them."""

    by_parameter: dict[str, Any]
    by_model: dict[str, Model]


@dataclass(frozen=True)
class Address:
    """One way to call one pattern: how the table names it, and where it leads."""

    name: str
    path: str


def make_samples(user: User) -> Samples:
    """Make everything, with `user` as the one who did it."""
    admin_patterns()  # Wagtail registers snippets while it builds its addresses.
    root = Page.get_first_root_node()
    assert root is not None
    home: Page = HomePage.objects.first() or root.add_child(
        instance=HomePage(title="The front door", slug="the-front-door")
    )
    articles: Page = ArticleIndexPage.objects.first() or home.add_child(
        instance=ArticleIndexPage(title="Articles", slug="articles-to-try")
    )
    page = articles.add_child(instance=ArticlePage(title="An article", slug="to-try"))
    page.save_revision(user=user).publish()
    revision = page.save_revision(user=user)
    submitted = articles.add_child(instance=ArticlePage(title="Another", slug="submitted"))
    submitted.save_revision(user=user)
    site = Site.objects.first() or Site.objects.create(hostname="site.test", root_page=home)
    collection = Collection.get_first_root_node().add_child(name="A collection")  # type: ignore[union-attr]
    picture = BytesIO()
    PillowImage.new("RGB", (8, 8), "white").save(picture, "PNG")
    image = get_image_model().objects.create(
        title="A picture", file=ImageFile(picture, "picture.png")
    )
    document = get_document_model().objects.create(
        title="A document", file=ContentFile(b"text", "document.txt")
    )
    uploads = {
        model: UploadedFile.objects.create(
            for_content_type=ContentType.objects.get_for_model(model),
            file=ContentFile(picture.getvalue(), "upload.png"),
            uploaded_by_user=user,
        )
        for model in (get_image_model(), get_document_model())
    }
    task = GroupApprovalTask.objects.create(name="A task")
    workflow = Workflow.objects.create(name="A workflow")
    WorkflowTask.objects.create(workflow=workflow, task=task, sort_order=0)
    state: WorkflowState = workflow.start(submitted, user)
    lead = lead_with_story(
        address=LEAD_ADDRESS,
        first_name=LEAD_NAME,
        current_cycle=StuckCycle.objects.first(),
        opt_in__call_to_action=CallToActionFactory(),
    )
    consent = ConsentFactory(lead=lead)
    attempt = SyncAttemptFactory(lead=lead)
    samples: dict[str, Model] = {
        "wagtailcore.page": page,
        "wagtailcore.site": site,
        "wagtailcore.collection": collection,
        "wagtailcore.workflow": workflow,
        "wagtailcore.task": task,
        "wagtailimages.image": image,
        "wagtaildocs.document": document,
        "auth.user": User.objects.create_user("somebody-else", email="else@staff.test"),
        "auth.group": Group.objects.create(name="A group"),
        "wagtailredirects.redirect": Redirect.objects.create(old_path="/old", redirect_link="/"),
        "wagtailsearchpromotions.query": Query.get("a search"),
        "cms.supportsignpost": SupportSignpost.objects.create(country="A country"),
        "funnel.lead": lead,
        "funnel.assessment": published(datetime(2026, 5, 4, tzinfo=UTC)).assessment,
        "funnel.segment": SegmentFactory(),
        "funnel.consent": Consent.objects.get(pk=consent.pk),
        "funnel.syncattempt": SyncAttempt.objects.get(pk=attempt.pk),
        "funnel.calltoaction": CallToActionFactory(),
        "funnel.videoseries": VideoSeriesFactory(),
    }
    for model in get_snippet_models():
        label = model._meta.label_lower
        if label not in samples:
            found = model._default_manager.first() or _plain(model)
            samples[label] = found
    session = EditingSession.objects.create(
        user=user,
        content_type=ContentType.objects.get_for_model(Page),
        object_id=str(page.pk),
        last_seen_at=datetime(2026, 5, 4, tzinfo=UTC),
    )
    return Samples(
        by_parameter={
            "page_id": page.pk,
            "page_pk": page.pk,
            "parent_page_id": articles.pk,
            "page_to_move_id": page.pk,
            "destination_id": articles.pk,
            "submitted_page_id": submitted.pk,
            "revision_id": revision.pk,
            "revision_id_a": "earliest",
            "revision_id_b": "latest",
            "image_id": image.pk,
            "filter_spec": "width-100",
            "document_id": document.pk,
            "doc_id": document.pk,
            "collection_id": collection.pk,
            "workflow_pk": workflow.pk,
            "task_id": task.pk,
            "task_state_id": state.current_task_state.pk,
            "workflow_state_id": state.pk,
            "redirect_id": samples["wagtailredirects.redirect"].pk,
            "query_id": samples["wagtailsearchpromotions.query"].pk,
            "session_id": session.pk,
            "call_request_id": CallRequestFactory().pk,
            "uidb64": "MQ",
            "token": "set-password",
            "uploaded images": uploads[get_image_model()].pk,
            "uploaded documents": uploads[get_document_model()].pk,
        },
        by_model=samples,
    )


def _plain(model: type[Model]) -> Model:
    """Make a record of a host's own snippet by its name or title alone."""
    for field in ("name", "title"):
        if field in {each.name for each in model._meta.get_fields()}:
            return model._default_manager.create(**{field: "A record"})
    raise LookupError(f"make_samples() has to learn how to make a {model._meta.label}")


def admin_patterns() -> list[tuple[str, str]]:
    """Return every pattern below /admin/, as (pattern as a person reads it, name), sorted."""

    def below(resolver: URLResolver, prefix: str, namespace: str) -> Iterator[tuple[str, str]]:
        for entry in resolver.url_patterns:
            pattern = prefix + _readable(entry.pattern)
            if isinstance(entry, URLResolver):
                inside = f"{namespace}{entry.namespace}:" if entry.namespace else namespace
                yield from below(entry, pattern, inside)
            elif isinstance(entry, URLPattern) and pattern.startswith("admin/"):
                yield pattern.removeprefix("admin/"), f"{namespace}{entry.name or ''}"

    return sorted(set(below(get_resolver(), "", "")))


def _readable(pattern: Any) -> str:
    """Return a pattern without its converters and regular expressions."""
    text = str(pattern)
    if isinstance(pattern, RoutePattern):
        return re.sub(r"<\w+:(\w+)>", r"<\1>", text)
    if text == "^.*/$":
        return "anything-else/"
    ((form, parameters), *_rest) = normalize(text)
    readable: str = form % {name: f"<{name}>" for name in parameters}
    return readable


def addresses(samples: Samples) -> list[Address]:
    """Return every way in which every pattern is tried, in the order of the table."""
    found: list[Address] = []
    for pattern, name in admin_patterns():
        found += [
            Address(f"{pattern}{label}", f"/admin/{path}")
            for label, path in _ways(pattern, name, samples)
        ]
        if pattern in EXPORTS:
            found.append(Address(f"{pattern}?export=csv", f"/admin/{pattern}?export=csv"))
    return sorted(found, key=lambda address: address.name)


def _ways(pattern: str, name: str, samples: Samples) -> Iterator[tuple[str, str]]:
    if name == "wagtail_bulk_action":
        bulk_action_registry._scan_for_bulk_actions()
        for app, models in bulk_action_registry.actions.items():
            for model, actions in models.items():
                for action in actions:
                    pk = samples.by_model[_label_of_sample(app, model)].pk
                    yield f" {app}.{model} {action}", f"bulk/{app}/{model}/{action}/?id={pk}"
        return
    if name.startswith("wagtailsettings:"):
        for model in settings_registry:
            app, model_name = model._meta.app_label, model._meta.model_name
            values = {"app_name": app, "model_name": model_name, "pk": model.load().pk}
            yield f" {app}.{model_name}", _fill(pattern, values)
        return
    if name == "wagtailadmin_editing_sessions:ping":
        for label in ("wagtailcore.page", "funnel.lead", "auth.user", "funnel.calltoaction"):
            app, _, model_name = label.partition(".")
            values = {
                "app_label": app,
                "model_name": model_name,
                "object_id": samples.by_model[label].pk,
                "session_id": samples.by_parameter["session_id"],
            }
            yield f" {label}", _fill(pattern, values)
        return
    yield "", _fill(pattern, {p: _value(p, name, samples) for p in _parameters(pattern)})


def _parameters(pattern: str) -> list[str]:
    return [part.partition(">")[0] for part in pattern.split("<")[1:]]


def _fill(pattern: str, values: dict[str, Any]) -> str:
    for parameter, value in values.items():
        pattern = pattern.replace(f"<{parameter}>", str(value))
    return pattern


def _label_of_sample(app: str, model: str) -> str:
    image = get_image_model()._meta.label_lower
    document = get_document_model()._meta.label_lower
    label = f"{app}.{model}"
    return {image: "wagtailimages.image", document: "wagtaildocs.document"}.get(label, label)


_FIXED = {
    "wagtailadmin_pages:add": {
        "content_type_app_name": "cms",
        "content_type_model_name": "articlepage",
    },
    "wagtailadmin_pages:preview_on_add": {
        "content_type_app_name": "cms",
        "content_type_model_name": "articlepage",
    },
    "wagtailadmin_pages:type_use": {
        "content_type_app_name": "cms",
        "content_type_model_name": "articlepage",
    },
    "wagtailadmin_pages:type_use_results": {
        "content_type_app_name": "cms",
        "content_type_model_name": "articlepage",
    },
    "wagtailadmin_pages:choose_parent": {"app_label": "cms", "model_name": "articlepage"},
    "wagtailadmin_pages:workflow_action": {"action_name": "approve"},
    "wagtailadmin_pages:collect_workflow_action_data": {"action_name": "approve"},
    "wagtailadmin_workflows:add_task": {
        "app_label": "wagtailcore",
        "model_name": "groupapprovaltask",
    },
    "wagtailadmin_tag_model_autocomplete": {"app_name": "taggit", "model_name": "tag"},
    "wagtailadmin_api:pages:action": {"action_name": "unpublish"},
    "wagtailsnippets_funnel_assessment:version": {"number": 1},
    "wagtailsnippets_funnel_sequencemail:sample": {"name": "nudge", "choice": "coach"},
}
_PK_OF = {
    "wagtailadmin_api:pages": "wagtailcore.page",
    "wagtailadmin_api:documents": "wagtaildocs.document",
    "wagtailadmin_api:images": "wagtailimages.image",
    "wagtailadmin_pages": "wagtailcore.page",
    "wagtailadmin_collections": "wagtailcore.collection",
    "wagtailsites": "wagtailcore.site",
    "wagtailusers_users": "auth.user",
    "wagtailusers_groups": "auth.group",
    "wagtaildocs_chooser": "wagtaildocs.document",
    "wagtailimages_chooser": "wagtailimages.image",
}


def _value(parameter: str, name: str, samples: Samples) -> Any:
    namespace, _, view = name.rpartition(":")
    if parameter == "page_id" and "workflow" in view:
        return samples.by_parameter["submitted_page_id"]
    if parameter in _FIXED.get(name, {}):
        return _FIXED[name][parameter]
    if parameter == "uploaded_file_id":
        kind = "images" if namespace == "wagtailimages" else "documents"
        return samples.by_parameter[f"uploaded {kind}"]
    if parameter == "instance_pk":
        return samples.by_model[".".join(view.split("_modeladmin_")[0].rsplit("_", 1))].pk
    if parameter == "pk" and namespace in _PK_OF:
        return samples.by_model[_PK_OF[namespace]].pk
    if parameter == "pk" and namespace == "wagtailadmin_workflows":
        return samples.by_model["wagtailcore.task" if "task" in view else "wagtailcore.workflow"].pk
    if parameter == "pk" and namespace.startswith(("wagtailsnippets_", "wagtailsnippetchoosers_")):
        _prefix, app, model = namespace.split("_")
        return samples.by_model[f"{app}.{model}"].pk
    if parameter in samples.by_parameter:
        return samples.by_parameter[parameter]
    raise LookupError(
        f"tests/permissions/samples.py does not know what <{parameter}> is in “{name}”; add it."
    )
