"""What every fresh site needs before a person can work in it."""

from collections.abc import Sequence
from pathlib import Path
from urllib.parse import urlsplit

from wagtail.models import Page, Site

from cms.roles import ensure_roles
from funnel.models import CallToAction
from home.demo import content_format as fmt
from home.models import HomePage

from .bodies import PictureShelf
from .signposts import give_signposts
from .starter_content import Starter
from .starter_pages import CONTENT, PageMaker, page_fields, publish_below


def prepare_site(
    *,
    starter: Starter,
    site_url: str,
    content: Path = CONTENT,
    offers: Sequence[CallToAction] = (),
) -> HomePage:
    """Make what is missing: the first pages, the menu that leads to them, the signposts to help.

    `content` holds the folders `pages`, `cycles` and `images`. The address of the site follows
    `site_url` at every call, because that is where it is decided; everything else is given once.
    """
    ensure_roles()
    home = HomePage.objects.first() or _make_home_page(content, offers=offers)
    _ensure_site(home, site_url=site_url)
    PageMaker(home, content=content, offers=offers).give(starter)
    starter.once("signposts", give_signposts)
    return home


def _make_home_page(content: Path, *, offers: Sequence[CallToAction]) -> HomePage:
    """Put a home page below the root, in the place of the page Wagtail came with."""
    document = fmt.read_document(content / "pages" / "home.md")
    root = Page.get_first_root_node()
    welcome = root.get_children().filter(slug="home").first()
    if welcome is not None:
        Page.objects.filter(pk=welcome.pk).update(slug="wagtail-welcome")
    shelf = PictureShelf(content / "images")
    home = HomePage(slug="home", **page_fields(document, shelf=shelf, offers=offers))
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
