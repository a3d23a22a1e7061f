"""What stands in the way of deleting a record of the coach's."""

from django.db.models import PROTECT, RESTRICT, ForeignObjectRel, Model


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
