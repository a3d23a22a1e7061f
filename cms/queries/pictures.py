"""Pictures in the sizes a page shows them in."""

from collections.abc import Iterable

from django.db.models import prefetch_related_objects

from cms.models.images import SiteImage


def bring_sizes(pictures: Iterable[SiteImage | None]) -> None:
    """Fetch the sizes of all these pictures in one query; else each tag asks for its own."""
    found = [picture for picture in pictures if picture is not None]
    if found:
        prefetch_related_objects(found, "renditions")
