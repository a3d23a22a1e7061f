"""What stands around every page: its menus, and the signposts and cycles it may show.

Each is asked for once a request, however many parts of the page show it.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, TypeVar

from django.http import HttpRequest
from django.urls import reverse
from wagtail.models import Page, Site

from cms.models import CyclePage, SiteSettings, SupportSignpost
from funnel.models import StuckCycle

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
    site = Site.find_for_request(request)
    if site is None:
        return []
    pages = site.root_page.get_children().live().public().in_menu()
    return _page_items(pages, request)


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


def support_signposts(request: HttpRequest) -> list[SupportSignpost]:
    """The signposts to help of all countries, with their places."""
    return once_a_request(
        request,
        "signposts",
        lambda: list(SupportSignpost.objects.prefetch_related("places")),
    )


def cycles_on_pages(request: HttpRequest) -> list[CycleOnPage]:
    """Every cycle in the coach's order, with the page about it."""

    def ask() -> list[CycleOnPage]:
        pages = {
            page.cycle_id: page.get_url(request) or ""
            for page in CyclePage.objects.live().public().filter(cycle__isnull=False)
        }
        return [
            CycleOnPage(cycle=cycle, url=pages.get(cycle.pk, ""))
            for cycle in StuckCycle.objects.all()
        ]

    return once_a_request(request, "cycles", ask)


def _page_items(pages: Iterable[Page], request: HttpRequest) -> list[MenuItem]:
    return [
        MenuItem(label=page.title, url=url, page_id=page.pk)
        for page in pages
        if (url := page.get_url(request))
    ]


def _chosen_items(navigation: Any, request: HttpRequest) -> list[MenuItem]:
    items = []
    for line in navigation:
        if line.block_type == "address":
            items.append(MenuItem(label=line.value["label"], url=line.value["address"]))
            continue
        page = line.value["page"]
        url = page.get_url(request) if page is not None and page.live else None
        if url:
            items.append(
                MenuItem(label=line.value["label"] or page.title, url=url, page_id=page.pk)
            )
    return items
