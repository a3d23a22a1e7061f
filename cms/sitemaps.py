"""What search engines may list: every public page, and the form for the free videos."""

from typing import Any

from django.contrib.sitemaps import Sitemap
from django.urls import reverse
from wagtail.contrib.sitemaps import Sitemap as PageSitemap


class OptInSitemap(Sitemap):
    """The one page of the funnel that needs no private link."""

    def items(self) -> list[str]:
        """Return the names of its addresses."""
        return ["funnel:opt_in"]

    def location(self, item: Any) -> str:
        """Return the path of one of them."""
        return reverse(item)


SITEMAPS: dict[str, type[Sitemap]] = {"pages": PageSitemap, "opt_in": OptInSitemap}
