"""What the coach wrote for the funnel, as pages need it, and what keeps it from being deleted."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from django.db.models import (
    PROTECT,
    RESTRICT,
    F,
    ForeignObjectRel,
    Model,
    Subquery,
)
from django.http import HttpRequest

from funnel.models import (
    CallToAction,
    CallToActionVariant,
    FunnelSettings,
    OptIn,
    StuckCycle,
    Video,
)

_Kind = TypeVar("_Kind", bound=Model)
_KNOWN = "_funnel_form_content"


@dataclass(frozen=True, kw_only=True)
class FormContent:
    """What every form on a page says: the settings in force, and the cycles to choose from.

    `first_video_id` is the video that may be watched without an address, where there is one.
    """

    settings: FunnelSettings
    cycles: Sequence[StuckCycle]
    first_video_id: int | None = None


def form_content(request: HttpRequest | None) -> FormContent:
    """Return it, read once in a request by one query, however many parts of the page need it.

    The single row of settings travels beside the cycles, since a page's queries are counted.
    """
    known: FormContent | None = getattr(request, _KNOWN, None)
    if known is None:
        known = _read_form_content()
        if request is not None:
            setattr(request, _KNOWN, known)
    return known


def stuck_cycles(request: HttpRequest | None) -> Sequence[StuckCycle]:
    """Return the cycles in their order; a page with a form asks nothing more for them."""
    return form_content(request).cycles


def _read_form_content() -> FormContent:
    single_row = FunnelSettings.objects.order_by("pk")
    columns = _columns(FunnelSettings)
    first_video = Video.objects.filter(series=Subquery(single_row.values("series_id")[:1]))
    cycles = list(
        StuckCycle.objects.annotate(
            **{f"settings_{name}": Subquery(single_row.values(name)[:1]) for name in columns},
            first_video_id=Subquery(first_video.order_by("sort_order", "pk").values("pk")[:1]),
        )
    )
    settings = _part(cycles[0], FunnelSettings, "settings") if cycles else None
    settings = settings or FunnelSettings.load()
    first_video_id = cycles[0].first_video_id if cycles else None
    if not settings.offers_video_without_mail:
        first_video_id = None
    return FormContent(settings=settings, cycles=cycles, first_video_id=first_video_id)


def calls_to_action_with_variants(keys: Iterable[int | None]) -> dict[int, CallToAction]:
    """Return calls to action by key, their variants and the cycles of those with them: one query.

    It answers with one row for each variant, or one for a call to action without any.
    """
    rows = CallToAction.objects.filter(pk__in={key for key in keys if key is not None}).annotate(
        **{f"variant_{name}": F(f"variants__{name}") for name in _columns(CallToActionVariant)},
        **{f"cycle_{name}": F(f"variants__cycle__{name}") for name in _columns(StuckCycle)},
    )
    found: dict[int, CallToAction] = {}
    variants: dict[int, list[CallToActionVariant]] = {}
    for row in rows:
        found.setdefault(row.pk, row)
        variant = _part(row, CallToActionVariant, "variant")
        cycle = _part(row, StuckCycle, "cycle")
        if variant is not None and cycle is not None:
            variant.cycle = cycle
            variants.setdefault(row.pk, []).append(variant)
    for key, each in found.items():
        each.variants.set(variants.get(key, []))
    return found


def _columns(model: type[Model]) -> list[str]:
    return [field.attname for field in model._meta.concrete_fields]


def _part(row: Model, model: type[_Kind], prefix: str) -> _Kind | None:
    columns = _columns(model)
    values = [getattr(row, f"{prefix}_{name}") for name in columns]
    return model.from_db(row._state.db, columns, values) if values[0] is not None else None


def brought_opt_ins(variant: CallToActionVariant) -> bool:
    """Whether any opt-in names this variant; none names one that was never stored."""
    return bool(variant.pk) and OptIn.objects.filter(call_to_action_variant=variant).exists()


def needed_by(record: Model) -> dict[str, int]:
    """Count the rows that a deletion would leave without their subject, by what they are called.

    Asks the relations themselves, so that a host's own models count as well.
    """
    counts: dict[str, int] = {}
    for relation in record._meta.get_fields(include_hidden=True):
        if not isinstance(relation, ForeignObjectRel):
            continue
        if getattr(relation, "on_delete", None) not in (PROTECT, RESTRICT):
            continue
        rows = relation.related_model._base_manager.filter(**{relation.field.name: record.pk})
        count = rows.count()
        if count:
            options = relation.related_model._meta
            name = str(options.verbose_name if count == 1 else options.verbose_name_plural)
            counts[name] = counts.get(name, 0) + count
    return counts
