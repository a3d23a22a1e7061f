"""Keeping what history needs, with a sentence instead of an error."""

from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from wagtail.admin import messages

from funnel.queries.content import needed_by


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
