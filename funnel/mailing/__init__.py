"""The mail service behind an interface: who is told what, never how."""

from django.utils.module_loading import import_string

from funnel.conf import funnel_setting

from .base import MailingBackend


def mailing_backend() -> MailingBackend:
    """Make the backend that the site's settings name."""
    backend: MailingBackend = import_string(funnel_setting("MAILING_BACKEND"))()
    return backend
