"""Where help is, country by country, as every site knows it from the start."""

import json

from cms.models import SupportPlace, SupportSignpost

from .starter_pages import CONTENT


def give_signposts() -> None:
    """Put up the signposts, unless somebody has put up others already."""
    if SupportSignpost.objects.exists():
        return
    written = json.loads((CONTENT / "signposts.json").read_text(encoding="utf-8"))
    for position, facts in enumerate(written, start=1):
        places = [
            SupportPlace(sort_order=order, **place) for order, place in enumerate(facts["places"])
        ]
        signpost = SupportSignpost(
            country=facts["country"],
            emergency_number=facts["emergency_number"],
            note=facts["note"],
            sort_order=position,
        )
        signpost.places = places
        signpost.save()
