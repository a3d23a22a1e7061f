"""Which pages anybody may read."""

from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.db.models.functions import Length, Substr
from wagtail.models import PageViewRestriction


def for_anybody(pages: Any) -> Any:
    """Return those of these pages that are published and behind no password and no login.

    Wagtail's own `public()` asks the database for every restriction before it asks for the pages;
    this is one question. A restriction holds for a page and for all below it, whose `path` in the
    tree begins with its own.
    """
    return pages.live().filter(~Exists(restrictions_of_page()))


def restrictions_of_page() -> QuerySet[PageViewRestriction]:
    """Restrictions that hold for the page of an outer query."""
    own_part = Substr(OuterRef("path"), 1, Length("page__path"))
    return PageViewRestriction.objects.filter(page__path=own_part)
