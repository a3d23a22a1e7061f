"""What visitors are served, on a real domain and in `make run` alike: DEBUG is off.

Cookies and redirects are bound to https as soon as SITE_URL says https.
"""

from django.core.exceptions import ImproperlyConfigured

from .base import *  # noqa: F403
from .base import (
    EMAIL_BACKEND,
    FUNNEL,
    SECRET_KEY,
    SITE_IS_HTTPS,
    SITE_IS_LOOPBACK,
    env,
)

DEBUG = env.bool("DEBUG", default=False)

for name, value in (
    ("SECRET_KEY", SECRET_KEY),
    ("ADDRESS_HASH_KEY", FUNNEL["ADDRESS_HASH_KEY"]),
):
    if not value:
        raise ImproperlyConfigured(
            f"{name} is not set. Put a long random value into the environment or into .env; "
            "`make run` makes one for a site on this machine."
        )
if not SITE_IS_LOOPBACK and EMAIL_BACKEND == "cms.local_mailbox.MaildirBackend":
    raise ImproperlyConfigured(
        "EMAIL_URL is not set, so no mail could leave this site. "
        "Set it to your mail server, for example smtp+tls://user:password@mail.example:587."
    )

SECURE_SSL_REDIRECT = SITE_IS_HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if SITE_IS_HTTPS else None
SESSION_COOKIE_SECURE = SITE_IS_HTTPS
CSRF_COOKIE_SECURE = SITE_IS_HTTPS
SECURE_HSTS_SECONDS = env.int("SECURE_HSTS_SECONDS", default=31_536_000) if SITE_IS_HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = env.bool("SECURE_HSTS_INCLUDE_SUBDOMAINS", default=False)
SECURE_HSTS_PRELOAD = env.bool("SECURE_HSTS_PRELOAD", default=False)
# docs/decisions/ says why these two are a choice and not a default.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]
