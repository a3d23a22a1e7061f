"""What every fresh site needs before a person can work in it."""

from collections.abc import Sequence
from functools import partial
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.utils.html import strip_tags
from wagtail.models import Page, Site

from cms.models import ArticleIndexPage, SiteSettings, StandardPage
from cms.roles import ensure_roles
from funnel.models import CallToAction
from home.demo import content_format as fmt
from home.models import HomePage

from .bodies import BodyPart, PictureShelf, body_of
from .starter_content import Starter

CONTENT = Path(__file__).resolve().parent.parent / "content"


def prepare_site(
    *,
    starter: Starter,
    site_url: str,
    content: Path = CONTENT,
    offers: Sequence[CallToAction] = (),
) -> HomePage:
    """Make what is missing: home page, list of articles, the pages about the coach and privacy.

    `content` holds the folders `pages` and `images`. The address of the site follows `site_url` at
    every call, because that is where it is decided; everything else is given once.
    """
    ensure_roles()
    shelf = PictureShelf(content / "images")
    home = HomePage.objects.first() or _make_home_page(content, shelf=shelf, offers=offers)
    _ensure_site(home, site_url=site_url)

    def make_articles() -> None:
        if not ArticleIndexPage.objects.exists():
            index = ArticleIndexPage(title="Articles", slug="articles", show_in_menus=True)
            publish_below(home, index)

    def make_standard_page(slug: str) -> None:
        if home.get_children().filter(slug=slug).exists():
            return
        document = fmt.read_document(_page_text(content, slug))
        page = StandardPage(
            title=document.front_matter["title"],
            slug=slug,
            introduction=document.front_matter["introduction"],
            image=shelf.lead_picture(document),
            body=body_of(document, shelf=shelf, offers=offers),
            show_in_menus=slug == "about",
        )
        publish_below(home, page)
        site_settings = SiteSettings.load()
        field = f"{slug}_page"
        if getattr(site_settings, field) is None:
            setattr(site_settings, field, page)
            site_settings.save()

    starter.once("page:articles", make_articles)
    for slug in ("about", "privacy"):
        starter.once(f"page:{slug}", partial(make_standard_page, slug))
    return home


def publish_below(parent: Page, page: Page) -> None:
    """Add a page and publish it, with a first revision that an editor can go back to."""
    page.live = False
    parent.refresh_from_db()
    parent.add_child(instance=page)
    page.save_revision().publish()


def _page_text(content: Path, slug: str) -> Path:
    """The text of a page in `content`, or the one every site starts with."""
    own = content / "pages" / f"{slug}.md"
    return own if own.exists() else CONTENT / "pages" / f"{slug}.md"


def _make_home_page(
    content: Path, *, shelf: PictureShelf, offers: Sequence[CallToAction]
) -> HomePage:
    """Put a home page below the root, in the place of the page Wagtail came with."""
    document = fmt.read_document(content / "pages" / "home.md")
    root = Page.get_first_root_node()
    welcome = root.get_children().filter(slug="home").first()
    if welcome is not None:
        Page.objects.filter(pk=welcome.pk).update(slug="wagtail-welcome")
    home = HomePage(
        title=document.front_matter["title"],
        slug="home",
        introduction=document.front_matter["introduction"],
        image=shelf.lead_picture(document),
        body=_with_articles(body_of(document, shelf=shelf, offers=offers)),
    )
    publish_below(root, home)
    if welcome is not None and type(welcome.specific) is Page and not welcome.get_children():
        Site.objects.filter(root_page=welcome).update(root_page=home)
        Page.objects.get(pk=welcome.pk).delete()
    return home


def _ensure_site(home: HomePage, *, site_url: str) -> None:
    """Let the default site begin at the home page, at the address the site is served from."""
    address = urlsplit(site_url)
    port = address.port or (443 if address.scheme == "https" else 80)
    site = Site.objects.filter(is_default_site=True).first() or Site(is_default_site=True)
    wanted = {"hostname": address.hostname or "localhost", "port": port, "root_page_id": home.pk}
    if any(getattr(site, name) != value for name, value in wanted.items()):
        for name, value in wanted.items():
            setattr(site, name, value)
        site.site_name = site.site_name or "Unstuck"
        site.save()


def _with_articles(parts: list[BodyPart]) -> list[BodyPart]:
    """Show the newest articles, and what people have said as one block where it came as quotes."""
    articles = ("article_list", {"heading": "Newest articles", "mode": "newest", "articles": []})
    quotes = [place for place, (kind, _) in enumerate(parts) if kind == "quote"]
    if len(quotes) < 2 or quotes != list(range(quotes[0], quotes[-1] + 1)):
        return [*parts, articles]
    first, end = quotes[0], quotes[-1] + 1
    said: dict[str, Any] = {
        "testimonials": [
            {"text": quote["text"], "name": quote["attribution"]} for _, quote in parts[first:end]
        ]
    }
    if first >= 2 and [kind for kind, _ in parts[first - 2 : first]] == ["heading", "paragraph"]:
        (_, said["heading"]), (_, note) = parts[first - 2 : first]
        said["note"] = unescape(strip_tags(note))
        first -= 2
    return [*parts[:first], articles, ("testimonials", said), *parts[end:]]
