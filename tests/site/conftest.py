"""A small site with one of everything, rendered once for all tests that look at it."""

from datetime import date
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.mail import EmailMultiAlternatives
from django.db import connection, transaction
from django.http import HttpResponse
from django.shortcuts import render
from django.test import Client, RequestFactory, override_settings
from django.urls import reverse
from wagtail.images.tests.utils import get_test_image_file
from wagtail.models import Page, Site

from cms.local_mailbox import MaildirBackend, local_mailbox
from cms.models import ArticleIndexPage, ArticlePage, SiteImage, SiteSettings, StandardPage
from funnel.models import CallToAction
from home.models import HomePage
from home.styleguide.pages import PAGES
from home.styleguide.specimens import SECTIONS

SAME_ORIGIN = {"Origin": "http://testserver"}
Looks = dict[str, Any]
# Pages about calls and about one's own data, in the states of the styleguide.
ABOUT_PEOPLE = (
    "call",
    "refused-call",
    "call-requested",
    "call-confirm",
    "call-confirmed",
    "my-data",
    "my-data-asked",
    "my-data-open",
    "my-data-see",
    "my-data-erased",
    "still-here",
    "paused",
)


def _picture() -> SiteImage:
    return SiteImage.objects.create(
        title="A table",
        description="A table under a lamp, with two cups.",
        credit="Photo by Ada Sample",
        file=get_test_image_file(size=(800, 500), colour="teal"),
    )


def _invitation() -> CallToAction:
    return CallToAction.objects.create(
        name="Looks",
        eyebrow="An invitation",
        heading="If you are the one who would like it to change",
        offer_line="Three free videos.",
        points_heading="What we’ll talk about",
        points="Helping\nTrying\nResenting",
    )


def _every_block(image: SiteImage, invitation: CallToAction) -> list[tuple[str, Any]]:
    waiting = {"image": None, "alt": "", "credit": "Photo by Bea Sample", "caption": ""}
    return [
        ("heading", "Donaudampfschifffahrtsgesellschaftskapitän and other long words"),
        ("paragraph", "<p>On a <i>Tuesday</i> in <b>March</b>, <a href='/'>at ten</a>.</p>"),
        ("list", ["Say it once", "Say it early"]),
        ("image", {"image": image, "alt": "", "credit": "", "caption": "The table"}),
        ("image", waiting),
        ("quote", {"text": "It’s never a question.", "attribution": "R. T."}),
        ("call_to_action", invitation),
        ("opt_in_form", {"call_to_action": None}),
        ("opt_in_form", {"call_to_action": invitation}),
    ]


def _small_site() -> dict[str, str]:
    """Make pages of every type with every block; return their addresses by name."""
    image, invitation = _picture(), _invitation()
    blocks = _every_block(image, invitation)
    root = Page.get_first_root_node()
    voices = [{"text": "I came to find out.", "name": "J. M."}, {"text": "She asked.", "name": ""}]
    home = root.add_child(
        instance=HomePage(
            title="When only one of you wants it to change",
            slug="looks",
            introduction="Marriages get stuck in a handful of ways.",
            image=image,
            body=[
                *blocks,
                ("article_list", {"heading": "New to read", "mode": "newest", "articles": []}),
                (
                    "testimonials",
                    {"heading": "What people said", "note": "A note.", "testimonials": voices},
                ),
            ],
        )
    )
    Site.objects.update_or_create(
        is_default_site=True,
        defaults={"hostname": "testserver", "port": 80, "root_page": home},
    )
    index = home.add_child(
        instance=ArticleIndexPage(title="Articles", slug="articles", show_in_menus=True)
    )
    for number in (1, 2, 3):
        index.add_child(
            instance=ArticlePage(
                title=f"The minute before the shouting, part {number}",
                slug=f"part-{number}",
                introduction="Some couples never decide to fight.",
                published_on=date(2026, 3, number),
                image=image if number != 2 else None,
                body=blocks,
            )
        )
    about = home.add_child(
        instance=StandardPage(title="About", slug="about", image=image, show_in_menus=True)
    )
    site_settings = SiteSettings.load()
    site_settings.tagline = "Letters for the one who came alone"
    site_settings.coach_name = "Ada Sample"
    site_settings.contact_address = "hello@unstuck.test"
    site_settings.footer_text = "Coaching is no crisis service."
    site_settings.about_page = site_settings.privacy_page = about
    site_settings.save()
    return {
        "home": "/",
        "articles": "/articles/",
        "article": "/articles/part-1/",
        "article without a picture": "/articles/part-2/",
        "standard page": "/about/",
        "opt-in": "/free-videos/",
        "check your mail": "/free-videos/check-your-mail/",
        "link problem": "/free-videos/confirm/not-a-link/",
        "not found": "/nowhere/",
        "mails": "/mail/",
    }


def _plain(template: str, **context: Any) -> HttpResponse:
    return render(RequestFactory().get("/"), template, context)


def _in_state(name: str) -> HttpResponse:
    request = RequestFactory().get("/")
    return _plain(PAGES[name].template, **PAGES[name].context(request))


def _watch_page() -> HttpResponse:
    request = RequestFactory().get("/")
    return _plain("funnel/videos.html", **PAGES["videos-watched"].context(request))


def _local_mail() -> str:
    """Put one mail into the local mailbox; return the address of its page."""
    mail = EmailMultiAlternatives("The link you asked for", "http://a.test/x", to=["a@b.test"])
    mail.attach_alternative("<p>Hello</p>", "text/html")
    MaildirBackend().send_messages([mail])
    return f"/mail/{next(iter(local_mailbox().keys()))}/"


def _styleguide() -> Looks:
    """Every component in every state, as staff see it."""
    staff = Client()
    staff.force_login(User.objects.create_superuser("looks"))
    paths = {
        "styleguide": reverse("styleguide:index"),
        "styleguide mails": reverse("styleguide:mails"),
        "styleguide long menu": reverse("styleguide:page", args=["long-menu"]),
        **{f"styleguide {name}": reverse("styleguide:section", args=[name]) for name in SECTIONS},
    }
    return {name: staff.get(path) for name, path in paths.items()}


def _rendered() -> Looks:
    client = Client()
    pages: Looks = {name: client.get(path) for name, path in _small_site().items()}
    bad = {"email": "ada@", "cycle": "no such cycle", "first_name": "Ada"}
    return {
        **pages,
        **_styleguide(),
        "mail": client.get(_local_mail()),
        "refused form": client.post("/free-videos/", bad, headers=SAME_ORIGIN),
        "confirm": _plain("funnel/confirm.html"),
        "videos": _watch_page(),
        "no videos": _plain("funnel/videos.html", series=None, videos=[]),
        "leave": _plain("funnel/leave.html"),
        "left": _plain("funnel/left.html"),
        **{name: _in_state(name) for name in ABOUT_PEOPLE},
        "server error": _plain("500.html"),
    }


@pytest.fixture(scope="session")
def looks(django_db_setup: None, django_db_blocker: Any) -> Looks:
    """Every public template as a visitor gets it, by name; the database forgets it at once."""
    assert "test" in str(connection.settings_dict["NAME"]), "Mark the tests with django_db."
    with (
        django_db_blocker.unblock(),
        override_settings(ROOT_URLCONF="tests.site.urls_with_mailbox"),
        transaction.atomic(),
    ):
        rendered = _rendered()
        transaction.set_rollback(True)
    Site.clear_site_root_paths_cache()
    return rendered
