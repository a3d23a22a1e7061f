"""The plugin's settings: one dictionary, `FUNNEL`, in the host's settings.

`checks.py` names what a host forgot; this module only reads.
"""

from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest
from django.utils.module_loading import import_string

DEFAULTS: dict[str, Any] = {
    "MAILING_BACKEND": "funnel.mailing.backends.mailchimp.MailchimpBackend",
    "MAILCHIMP_API_KEY": "",
    "MAILCHIMP_AUDIENCE_ID": "",
    "MAILCHIMP_API_URL": "",
    "ACCEL_REDIRECT_PREFIX": "",
    "QUICK_EXIT": "funnel.conf.default_quick_exit",
    "TRUSTED_PROXIES": (),
    "OPT_INS_AN_HOUR": 600,
}


def funnel_setting(name: str) -> Any:
    """Return one entry of `settings.FUNNEL`, its default where it has one.

    Raises `ImproperlyConfigured`, with the entry's name, where the host has to decide and did not.
    """
    configured = getattr(settings, "FUNNEL", {})
    value = configured.get(name, DEFAULTS.get(name))
    if value is None or (value == "" and name not in DEFAULTS):
        raise ImproperlyConfigured(f'Set FUNNEL["{name}"] in the settings of this site.')
    return value


def site_url() -> str:
    """The address, without a slash at its end, that links in mails start with."""
    return str(funnel_setting("SITE_URL")).rstrip("/")


def site_is_public() -> bool:
    """Whether mails from here reach real people: no site on somebody's own machine does."""
    return urlsplit(site_url()).hostname not in {"localhost", "127.0.0.1", "::1"}


def address_hash_key() -> bytes:
    """The secret under which suppressed addresses are kept; no other secret may stand in for it."""
    return str(funnel_setting("ADDRESS_HASH_KEY")).encode()


def private_media_root() -> Path:
    """The folder for videos; it must lie outside everything that the web server hands out."""
    return Path(funnel_setting("PRIVATE_MEDIA_ROOT"))


def default_quick_exit(_request: HttpRequest) -> str:
    """A page that nobody has to explain."""
    return "https://www.bbc.com/weather"


def quick_exit_url(request: HttpRequest) -> str:
    """Where somebody lands who has to leave at once; the host's function decides."""
    return str(import_string(funnel_setting("QUICK_EXIT"))(request))
