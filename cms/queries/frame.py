"""What stands around every page: its menus, and the signposts and cycles it may show.

Each is asked for once a request, however many parts of the page show it.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, TypeVar

from django.db.models import F, Q
from django.http import HttpRequest
from django.urls import reverse
from wagtail.models import Page

from cms.models import SiteSettings, SupportSignpost
from cms.queries.public import for_anybody
from cms.queries.routes import site_root_path
from funnel.models import StuckCycle
from funnel.queries.content import stuck_cycles

_Answer = TypeVar("_Answer")


@dataclass(frozen=True, kw_only=True)
class MenuItem:
    """One line of a menu; `page_id` where it is a page of this site."""

    label: str
    url: str
    page_id: int | None = None


@dataclass(frozen=True, kw_only=True)
class CycleOnPage:
    """A cycle, and the address of the page about it, empty where there is none."""

    cycle: StuckCycle
    url: str


def once_a_request(request: HttpRequest, name: str, ask: Callable[[], _Answer]) -> _Answer:
    """Return what `ask` answered the first time in this request."""
    answers: dict[str, Any] = request.__dict__.setdefault("_frame_answers", {})
    if name not in answers:
        answers[name] = ask()
    answer: _Answer = answers[name]
    return answer


def site_settings(request: HttpRequest) -> SiteSettings:
    """The site's facts."""
    return once_a_request(request, "settings", lambda: SiteSettings.load(request_or_site=request))


def main_menu(request: HttpRequest) -> list[MenuItem]:
    """The menu as the coach arranged it, else the pages below the first that are for menus."""
    chosen = _chosen_items(site_settings(request).main_navigation, request)
    if chosen:
        return chosen
    root = site_root_path(request)
    return _page_items(
        (page for page in _pages(request).values() if page.show_in_menus and _is_below(page, root)),
        request,
    )


def footer_menu(request: HttpRequest) -> list[MenuItem]:
    """The menu at the foot, else the pages that the settings name."""
    facts = site_settings(request)
    chosen = _chosen_items(facts.footer_navigation, request)
    named = (facts.about_page, facts.contact_page, facts.privacy_page, facts.safety_page)
    return chosen or _page_items((page for page in named if page and page.live), request)


def videos_url(request: HttpRequest) -> str:
    """Where links to the free videos lead: the coach's page for them, else the form alone."""
    page = site_settings(request).videos_page
    return (page.get_url(request) if page and page.live else None) or reverse("funnel:opt_in")


def quick_exit_url(request: HttpRequest) -> str:
    """Where the quick way out leads; the funnel asks for it (FUNNEL["QUICK_EXIT"])."""
    return site_settings(request).quick_exit_url


def support_signposts(request: HttpRequest) -> list[SupportSignpost]:
    """The signposts to help of all countries, with their places."""
    return once_a_request(
        request,
        "signposts",
        lambda: list(SupportSignpost.objects.prefetch_related("places")),
    )


def cycles_on_pages(request: HttpRequest) -> list[CycleOnPage]:
    """Every cycle in the coach's order, with the page about it."""
    return [
        CycleOnPage(cycle=cycle, url=item.url if (item := cycle_page(request, cycle.pk)) else "")
        for cycle in stuck_cycles(request)
    ]


def cycle_page(request: HttpRequest, cycle_id: int | None) -> MenuItem | None:
    """The page about a cycle, where there is one."""
    if cycle_id is None:
        return None
    pages = [page for page in _pages(request).values() if page.about_cycle == cycle_id]
    return next(iter(_page_items(pages, request)), None)


def _pages(request: HttpRequest) -> dict[int, Any]:
    """Every page that a frame may link to, by its id: for menus, in menus, and about cycles."""

    def ask() -> dict[int, Any]:
        facts = site_settings(request)
        chosen = {*_chosen_ids(facts.main_navigation), *_chosen_ids(facts.footer_navigation)}
        pages = Page.objects.annotate(about_cycle=F("cyclepage__cycle")).filter(
            Q(pk__in=chosen) | Q(show_in_menus=True) | Q(about_cycle__isnull=False)
        )
        return {page.pk: page for page in for_anybody(pages).order_by("path")}

    return once_a_request(request, "pages", ask)


def _is_below(page: Page, root_path: str | None) -> bool:
    """Whether this page stands directly below the one with this path."""
    if not root_path or not page.url_path.startswith(root_path):
        return False
    return page.url_path != root_path and page.url_path.removeprefix(root_path).count("/") == 1


def _page_items(pages: Iterable[Page], request: HttpRequest) -> list[MenuItem]:
    return [
        MenuItem(label=page.title, url=url, page_id=page.pk)
        for page in pages
        if (url := page.get_url(request))
    ]


def _lines(navigation: Any) -> Iterator[tuple[str, dict[str, Any]]]:
    """The lines of a menu as they are stored: asking the blocks would fetch each menu's pages."""
    for line in navigation.raw_data:
        yield line["type"], line["value"]


def _chosen_ids(navigation: Any) -> list[int]:
    return [line["page"] for kind, line in _lines(navigation) if kind == "page" and line["page"]]


def _chosen_items(navigation: Any, request: HttpRequest) -> list[MenuItem]:
    items = []
    for kind, line in _lines(navigation):
        if kind == "address":
            items.append(MenuItem(label=line["label"], url=line["address"]))
            continue
        page = _pages(request).get(line["page"])
        url = page.get_url(request) if page is not None else None
        if page is not None and url:
            items.append(MenuItem(label=line["label"] or page.title, url=url, page_id=page.pk))
    return items
