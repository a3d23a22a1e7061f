"""The pages every site is given to start with, each once."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

from django.utils.text import slugify
from wagtail.models import Page

from cms.models import ArticleIndexPage, CyclePage, SiteSettings, StandardPage
from funnel.models import CallToAction, StuckCycle
from home.demo import content_format as fmt
from home.models import HomePage, LandingPage

from .bodies import PictureShelf, body_of
from .starter_content import Starter

CONTENT = Path(__file__).resolve().parent.parent / "content"
# The plain pages the site settings name, by the address each gets.
PLAIN_PAGES = {
    "about": "about",
    "contact": "contact",
    "privacy": "privacy",
    "safety": "reading-safely",
}
CYCLES = tuple(sorted(path.stem for path in (CONTENT / "cycles").glob("*.md")))


class PageMaker:
    """Makes pages below the home page out of texts in a folder, or else of the starter's own."""

    def __init__(self, home: HomePage, *, content: Path, offers: Sequence[CallToAction]) -> None:
        self._home = home
        self._content = content
        self._offers = offers
        self._shelf = PictureShelf(content / "images")

    def give(self, starter: Starter) -> None:
        """Make what this site was never given; the menu comes last, since it names the pages."""
        starter.once("page:articles", self._articles)
        starter.once("page:videos", self._videos)
        for name, slug in PLAIN_PAGES.items():
            starter.once(f"page:{name}", partial(self._plain_page, name, slug))
        for code in CYCLES:
            starter.once(f"page:cycle {code}", partial(self._cycle, code))
        starter.once("menu", self._menu)

    def _articles(self) -> None:
        if not ArticleIndexPage.objects.exists():
            index = ArticleIndexPage(title="Articles", slug="articles", show_in_menus=True)
            publish_below(self._home, index)

    def _plain_page(self, name: str, slug: str) -> None:
        field = f"{name}_page"
        site_settings = SiteSettings.load()
        if self._is_taken(slug) or getattr(site_settings, field) is not None:
            return
        page = StandardPage(
            slug=slug, show_in_menus=name == "about", **self._text(f"pages/{name}.md")
        )
        publish_below(self._home, page)
        setattr(site_settings, field, page)
        site_settings.save()

    def _videos(self) -> None:
        site_settings = SiteSettings.load()
        if LandingPage.objects.exists() or self._is_taken("videos") or site_settings.videos_page:
            return
        page = LandingPage(
            slug="videos",
            call_to_action=self._offers[0] if self._offers else None,
            **self._text("pages/videos.md"),
        )
        publish_below(self._home, page)
        site_settings.videos_page = page
        site_settings.save()

    def _cycle(self, code: str) -> None:
        """A page whose title and address are what a reader would say."""
        cycle = StuckCycle.objects.filter(code=code).first()
        if cycle is None or CyclePage.objects.filter(cycle=cycle).exists():
            return
        slug = slugify(cycle.experience)
        if not slug or self._is_taken(slug):
            return
        page = CyclePage(
            slug=slug,
            cycle=cycle,
            call_to_action=self._offers[0] if self._offers else None,
            **{"title": cycle.experience, **self._text(f"cycles/{code}.md")},
        )
        publish_below(self._home, page)

    def _menu(self) -> None:
        """Write down the menu as it stands, with the videos in it and contact at its end."""
        site_settings = SiteSettings.load()
        if site_settings.main_navigation or site_settings.videos_page is None:
            return
        shown = list(self._home.get_children().live().in_menu())
        lines = [(page, "About" if page.title.startswith("About ") else "") for page in shown]
        lines.insert(1, (site_settings.videos_page, "Free videos"))
        if site_settings.contact_page is not None:
            lines.append((site_settings.contact_page, ""))
        site_settings.main_navigation = [
            ("page", {"page": page, "label": label}) for page, label in lines
        ]
        site_settings.save()

    def _is_taken(self, slug: str) -> bool:
        return bool(self._home.get_children().filter(slug=slug).exists())

    def _text(self, name: str) -> dict[str, Any]:
        own = self._content / name
        document = fmt.read_document(own if own.exists() else CONTENT / name)
        return page_fields(document, shelf=self._shelf, offers=self._offers)


def page_fields(
    document: fmt.Document, *, shelf: PictureShelf, offers: Sequence[CallToAction]
) -> dict[str, Any]:
    """Return the fields that a document fills in, on any page with a body."""
    facts = document.front_matter
    return {
        **({"title": facts["title"]} if "title" in facts else {}),
        "introduction": facts["introduction"],
        "image": shelf.lead_picture(document),
        "body": body_of(document, shelf=shelf, offers=offers),
    }


def publish_below(parent: Page, page: Page) -> None:
    """Add a page and publish it, with a first revision that an editor can go back to."""
    page.live = False
    parent.refresh_from_db()
    parent.add_child(instance=page)
    page.save_revision().publish()
