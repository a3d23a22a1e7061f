"""System checks: whatever setting a host has forgotten, in a sentence that says what to do."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError
from django.urls import NoReverseMatch, reverse
from django.utils.module_loading import import_string

from funnel.conf import site_is_public

REQUIRED_APPS = {
    "wagtail.contrib.settings": "the funnel's settings page",
    "wagtail.snippets": "leads and calls to action",
    "wagtail_modeladmin": "segments, consents and delivery attempts",
    "django_filters": "the filters of the list of leads",
    "crispy_forms": "the opt-in form",
    "crispy_bootstrap5": "the opt-in form",
}
REQUIRED_KEYS = {
    "SITE_URL": "the address that links in mails start with, such as https://www.mysite.test",
    "ADDRESS_HASH_KEY": "a long random value of its own, under which suppressed addresses are kept",
    "PRIVATE_MEDIA_ROOT": "a folder for videos that your web server does not hand out",
}


@register(Tags.compatibility)
def check_host_settings(**_: Any) -> Iterable[CheckMessage]:
    """Name every missing app and key, before a visitor meets the gap."""
    messages: list[CheckMessage] = [
        Error(
            f"The funnel needs “{app}” for {purpose}.",
            hint=f'Add "{app}" to INSTALLED_APPS.',
            id="funnel.E001",
        )
        for app, purpose in REQUIRED_APPS.items()
        if not apps.is_installed(app)
    ]
    configured = getattr(settings, "FUNNEL", {})
    messages += [
        Error(
            f'The setting FUNNEL["{key}"] is missing: {meaning}.',
            hint=f'Put FUNNEL = {{"{key}": …}} into your settings.',
            id="funnel.E002",
        )
        for key, meaning in REQUIRED_KEYS.items()
        if not configured.get(key)
    ]
    if getattr(settings, "CRISPY_TEMPLATE_PACK", None) != "bootstrap5":
        messages.append(
            Error(
                "The opt-in form needs crispy-forms’ bootstrap5 templates.",
                hint='Set CRISPY_TEMPLATE_PACK = "bootstrap5" and '
                'CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5".',
                id="funnel.E003",
            )
        )
    return [*messages, *_check_values(configured)]


def _check_values(configured: dict[str, Any]) -> Iterable[CheckMessage]:
    private, public = configured.get("PRIVATE_MEDIA_ROOT"), settings.MEDIA_ROOT
    if private and str(public) and Path(private).resolve().is_relative_to(Path(public).resolve()):
        yield Error(
            "The private videos lie inside MEDIA_ROOT, where anybody can fetch them.",
            hint='Move FUNNEL["PRIVATE_MEDIA_ROOT"] to a folder outside MEDIA_ROOT.',
            id="funnel.E004",
        )
    if configured.get("ADDRESS_HASH_KEY") and (
        configured["ADDRESS_HASH_KEY"] == settings.SECRET_KEY
    ):
        yield Error(
            "FUNNEL[“ADDRESS_HASH_KEY”] is the SECRET_KEY. Changing that one, which one day you "
            "must, would forget everybody who left.",
            hint="Give it a long random value of its own, and never change it.",
            id="funnel.E005",
        )
    backend = configured.get("MAILING_BACKEND")
    if backend:
        try:
            import_string(backend)
        except ImportError:
            yield Error(
                f"The mailing backend “{backend}” can’t be imported.",
                hint='Correct FUNNEL["MAILING_BACKEND"], or leave it out for Mailchimp.',
                id="funnel.E006",
            )
    way_out = configured.get("QUICK_EXIT")
    if way_out and not _is_function(way_out):
        yield Error(
            f"The quick exit “{way_out}” is no function that can be imported.",
            hint='FUNNEL["QUICK_EXIT"] names a function that takes a request and returns the '
            "address to leave for; leave it out for a weather forecast.",
            id="funnel.E008",
        )


def _is_function(path: str) -> bool:
    try:
        return callable(import_string(path))
    except ImportError:
        return False


@register(Tags.urls)
def check_host_urls(**_: Any) -> Iterable[CheckMessage]:
    """See that the host has included the plugin's addresses."""
    try:
        reverse("funnel:opt_in")
    except NoReverseMatch:
        return [
            Error(
                "The funnel's pages have no address on this site.",
                hint='Add path("free-videos/", include("funnel.urls")) to your URLs, '
                "above Wagtail's own.",
                id="funnel.E007",
            )
        ]
    return []


@register(Tags.security, deploy=True)
def check_mailing_key(**_: Any) -> Iterable[CheckMessage]:
    """Warn of a site in production whose leads would wait for ever."""
    configured = getattr(settings, "FUNNEL", {})
    backend = str(configured.get("MAILING_BACKEND", "mailchimp"))
    if "mailchimp" in backend and not configured.get("MAILCHIMP_API_KEY"):
        return [
            Warning(
                "No Mailchimp key is set. Leads are kept and wait; none reaches Mailchimp.",
                hint='Set FUNNEL["MAILCHIMP_API_KEY"] (here: the variable MAILCHIMP_API_KEY).',
                id="funnel.W001",
            )
        ]
    return []


@register(Tags.security, deploy=True)
def check_who_answers_for_mails(**_: Any) -> Iterable[CheckMessage]:
    """Say what a mail has to say of its sender, and can't yet; none leaves before it can.

    A database that has no tables yet, or is away, is left to those who say so.
    """
    from funnel.models import FunnelSettings
    from funnel.queries.legal import missing_facts

    try:
        if not site_is_public():
            return []
        missing = missing_facts(FunnelSettings.objects.first() or FunnelSettings())
    except (ImproperlyConfigured, DatabaseError):
        return []
    if not missing:
        return []
    return [
        Error(
            f"No mail leaves this site yet: it does not say whose they are ({', '.join(missing)}).",
            hint="Fill these in under Settings → Funnel settings → Law and order. Mails that wait "
            "for it then leave by themselves.",
            id="funnel.E009",
        )
    ]
