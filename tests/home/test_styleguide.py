"""The styleguide shows everything, to staff alone, and keeps nothing."""

from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cms.palettes import palettes
from cms.roles import ensure_roles
from funnel.models import FunnelSettings
from home.blocks import HomeBodyBlock
from home.styleguide import samples
from home.styleguide.mails import MAILS
from home.styleguide.pages import PAGES
from home.styleguide.specimens import SECTIONS

pytestmark = pytest.mark.django_db

ROOT = Path(__file__).resolve().parents[2]
ADDRESSES = [
    reverse("styleguide:index"),
    reverse("styleguide:mails"),
    *(reverse("styleguide:section", args=[name]) for name in SECTIONS),
    *(reverse("styleguide:page", args=[name]) for name in PAGES),
    *(reverse("styleguide:mail", args=[name]) for name in MAILS),
]


@pytest.fixture
def staff(client: Client) -> Client:
    """Somebody who may enter the admin, and nothing more."""
    ensure_roles()
    user = User.objects.create_user("mara")
    user.groups.add(*user.groups.model.objects.filter(name="Marketing"))
    client.force_login(user)
    return client


def test_visitors_and_people_without_the_admin_are_led_to_the_login(client: Client) -> None:
    login = reverse("wagtailadmin_login")
    for address in ADDRESSES:
        assert client.get(address)["Location"] == f"{login}?next={address}"
    client.force_login(User.objects.create_user("nobody"))
    for address in ADDRESSES:
        assert client.get(address)["Location"].startswith(login)


def test_staff_see_every_page_and_nothing_is_written(staff: Client) -> None:
    FunnelSettings.load()
    with CaptureQueriesContext(connection) as asked:
        answers = {address: staff.get(address).status_code for address in ADDRESSES}
    assert answers == dict.fromkeys(ADDRESSES, 200)
    words = {query["sql"].split(maxsplit=1)[0] for query in asked}
    assert words == {"SELECT"}


def test_nothing_of_it_is_cached_and_no_bar_lies_over_it(staff: Client) -> None:
    for address in ADDRESSES:
        answer = staff.get(address)
        assert "no-store" in answer["Cache-Control"], address
        assert "wagtail-userbar" not in answer.content.decode(), address


def test_what_is_not_there_is_not_found(staff: Client) -> None:
    for name in ("nothing", "mails/nothing", "pages/nothing"):
        assert staff.get(f"/styleguide/{name}/").status_code == 404


def test_it_only_answers_to_reading(staff: Client) -> None:
    for address in ADDRESSES:
        assert staff.post(address).status_code == 405, address


def test_every_block_of_a_page_is_shown() -> None:
    request = RequestFactory().get("/")
    samples.dressed(request)
    shown = {
        specimen.block for section in SECTIONS.values() for specimen in section.specimens(request)
    }
    assert shown - {""} == set(HomeBodyBlock().child_blocks)


def test_every_page_of_the_plugin_and_of_the_site_is_shown_or_public() -> None:
    shown = {page.template for page in PAGES.values()}
    written = {f"funnel/{path.name}" for path in (ROOT / "funnel/templates/funnel").glob("*.html")}
    leads_away_at_once = "funnel/closed.html"
    assert written - {"funnel/base.html", leads_away_at_once} <= shown


def test_every_mail_is_shown_in_both_its_forms(staff: Client) -> None:
    written = {
        path.stem
        for folder in ("funnel/templates/funnel/mail", "templates/funnel/mail")
        for path in (ROOT / folder).glob("*.txt")
    }
    assert set(MAILS) == written
    page = staff.get(reverse("styleguide:mails")).content.decode()
    for mail in MAILS.values():
        assert page.count(mail.subject) >= 2
        assert mail.text.splitlines()[0] in page
        assert f'src="{reverse("styleguide:mail", args=[mail.name])}"' in page


def test_a_mail_may_style_itself_and_do_nothing_else(staff: Client) -> None:
    answer = staff.get(reverse("styleguide:mail", args=["confirm"]))
    policy = answer["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "style-src 'unsafe-inline'" in policy
    assert "frame-ancestors 'self'" in policy
    assert answer["X-Frame-Options"] == "SAMEORIGIN"


@pytest.mark.parametrize("palette", sorted(palettes()))
def test_everything_can_be_seen_in_every_palette(staff: Client, palette: str) -> None:
    page = staff.get(reverse("styleguide:index"), {"palette": palette}).content.decode()
    assert f"css/site-{palette}.css" in page
    assert "css/site-hearth.css" in staff.get(reverse("styleguide:index")).content.decode()


def test_a_link_of_a_sample_leads_nowhere(staff: Client) -> None:
    page = staff.get(reverse("styleguide:section", args=["lists"])).content.decode()
    assert f'<a href="?">{samples.LONGEST_WORD}</a>' in page
