"""Which page an address leads to, in as few questions as the tree allows.

Wagtail walks from the root of the site to the page and asks for every step, and for the page's
fields apart. Nearly every visit is one to an article, and an article's address says which one.
"""

from urllib.parse import urlsplit

from django.http import HttpRequest
from wagtail.models import Site
from wagtail.url_routing import RouteResult

from cms.models.articles import ArticlePage


def site_root_path(request: HttpRequest) -> str | None:
    """The path in the tree of this site's first page.

    Wagtail keeps the paths of all sites, with their hosts, for making addresses; where they say
    which site is meant, nobody else needs to be asked.
    """
    if not hasattr(request, "_wagtail_site"):
        known = Site.get_site_root_paths()
        request.__dict__["_wagtail_cached_site_root_paths"] = known
        host = request._get_raw_host()  # type: ignore[attr-defined]
        here = [place for place in known if urlsplit(place.root_url).netloc == host]
        if len(here) == 1:
            # The rest of it is fetched if somebody wants to know.
            request.__dict__["_wagtail_site"] = Site.from_db(
                Site.objects.db, ["id"], [here[0].site_id]
            )
            request.__dict__["_site_root_path"] = here[0].root_path
    if "_site_root_path" not in request.__dict__:
        site = Site.find_for_request(request)
        path = site.root_page.localized.url_path if site is not None else None
        request.__dict__["_site_root_path"] = path
    path_known: str | None = request.__dict__["_site_root_path"]
    return path_known


def route_to_article(request: HttpRequest, path: str) -> RouteResult | None:
    """Return the article at this path of the site; None where Wagtail had better look."""
    steps = [step for step in path.split("/") if step]
    # No list of articles is the front page, so that an article is two steps away at least.
    root_path = site_root_path(request) if len(steps) > 1 else None
    if root_path is None:
        return None
    url_path = f"{root_path}{'/'.join(steps)}/"
    article = (
        ArticlePage.objects.for_reading()
        .filter(slug=steps[-1], url_path=url_path, live=True)
        .first()
    )
    if article is None:
        # Wagtail, who walks on from here, wants all of the site: let it ask as it would.
        request.__dict__.pop("_wagtail_site", None)
        return None
    return RouteResult(article)
