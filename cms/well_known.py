"""Addresses that programs ask every site for: robots.txt, security.txt, an icon, the password."""

from datetime import UTC, datetime, timedelta
from urllib.parse import quote

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from cms.models import SiteSettings

ICON = "img/icon-48.png"
# RFC 9116 asks for less than a year; a cached copy may be some weeks old.
SECURITY_TXT_LASTS = timedelta(days=300)
TOKEN = "-"  # noqa: S105
FOR_THE_COACH = ("/admin/", "/_util/", "/mail/", "/styleguide/")


def _behind_private_links() -> list[str]:
    """Where links from mails lead, as far as a path is the same for everybody."""
    linked = [
        reverse(f"funnel:{name}", args=[TOKEN]).removesuffix(f"{TOKEN}/")
        for name in ("confirm", "open_videos", "leave", "confirm_call", "open_my_data")
    ]
    return [*linked, reverse("funnel:videos"), reverse("funnel:see_my_data")]


def robots_txt() -> str:
    """Say that everything public may be read, and where the list of it is."""
    closed = [*FOR_THE_COACH, *_behind_private_links()]
    return "\n".join(
        [
            "User-agent: *",
            *(f"Disallow: {path}" for path in closed),
            "",
            f"Sitemap: {settings.SITE_URL}{reverse('sitemap')}",
            "",
        ]
    )


def _contacts(site_settings: SiteSettings) -> list[str]:
    found = []
    if site_settings.contact_address:
        found.append(f"mailto:{quote(site_settings.contact_address, safe='@+')}")
    page = site_settings.contact_page
    if page is not None and page.live and page.full_url:
        found.append(page.full_url)
    return found or [f"{settings.SITE_URL}/"]


def security_txt(site_settings: SiteSettings, *, now: datetime) -> str:
    """Say whom to tell about a hole in the site, as RFC 9116 has it."""
    expires = (now + SECURITY_TXT_LASTS).astimezone(UTC).replace(hour=0, minute=0, second=0)
    return "\n".join(
        [
            *(f"Contact: {contact}" for contact in _contacts(site_settings)),
            f"Expires: {expires:%Y-%m-%dT%H:%M:%SZ}",
            f"Preferred-Languages: {settings.LANGUAGE_CODE.partition('-')[0]}",
            f"Canonical: {settings.SITE_URL}{reverse('security_txt')}",
            "",
        ]
    )


def _plain(text: str) -> HttpResponse:
    return HttpResponse(text, content_type="text/plain; charset=utf-8")


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """Answer search engines."""
    return _plain(robots_txt())


@require_safe
def security(request: HttpRequest) -> HttpResponse:
    """Answer whoever has found something."""
    return _plain(security_txt(SiteSettings.load(), now=timezone.now()))


@require_safe
def favicon(request: HttpRequest) -> HttpResponse:
    """Lead programs that know no other place for an icon to ours.

    Where tabs are to say nothing, there is none: a browser then shows its own.
    """
    if SiteSettings.load().neutral_tabs:
        return HttpResponse(status=204)
    return redirect(static(ICON))


@require_safe
def change_password(request: HttpRequest) -> HttpResponse:
    """Lead a password manager to where the coach changes the password."""
    return redirect("wagtailadmin_account")
