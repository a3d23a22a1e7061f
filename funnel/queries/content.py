"""What the coach wrote for the funnel, as pages need it, and what keeps it from being deleted."""

from collections.abc import Iterable

from django.db.models import (
    PROTECT,
    RESTRICT,
    ForeignObjectRel,
    Model,
    Prefetch,
    prefetch_related_objects,
)
from django.http import HttpRequest

from funnel.models import CallToAction, CallToActionVariant, OptIn, StuckCycle

_CYCLES = "_funnel_cycles"


def stuck_cycles(request: HttpRequest | None) -> list[StuckCycle]:
    """Return the cycles in their order; asks the database once in a request."""
    known: list[StuckCycle] | None = getattr(request, _CYCLES, None)
    if known is None:
        known = list(StuckCycle.objects.all())
        if request is not None:
            setattr(request, _CYCLES, known)
    return known


def bring_variants(calls_to_action: Iterable[CallToAction | None]) -> None:
    """Fetch the variants of several calls to action, with their cycles, in one query at most."""
    variants = CallToActionVariant.objects.select_related("cycle")
    prefetch_related_objects(
        [each for each in calls_to_action if each is not None and each.pk],
        Prefetch("variants", variants),
    )


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
