"""For pytest: fast hashing, mail and members in memory, files in a throw-away folder."""

import os
import tempfile
from pathlib import Path

os.environ["DEMO"] = "0"
os.environ["SITE_URL"] = "http://localhost:8000"
for name in (
    "EMAIL_URL",
    "MAILCHIMP_API_KEY",
    "MAILCHIMP_AUDIENCE_ID",
    "MAILCHIMP_API_URL",
    "REDIS_URL",
):
    os.environ[name] = ""

# Only who runs the tests may say where: a database in .env may be somebody's real one.
os.environ.setdefault("DATABASE_URL", "sqlite:///:memory:")

from .base import *  # noqa: E402, F403
from .base import FUNNEL, VAR_DIR, env  # noqa: E402

DEBUG = False
SECRET_KEY = "for-tests-only"  # noqa: S105
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
SHOW_LOCAL_MAILBOX = False
TEST_FILES = Path(tempfile.mkdtemp(prefix="unstuck-test-"))
STATIC_ROOT = TEST_FILES / "static"
STATIC_ROOT.mkdir()
MADE_STATIC_ROOT = TEST_FILES / "made-static"
MEDIA_ROOT = TEST_FILES / "media"
LOCAL_MAILBOX = TEST_FILES / "mail"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
# Its own tests turn both on.
PAGE_CACHE = False
PAGE_CACHE_WATCHES = False
DATABASES["default"].setdefault("TEST", {})  # noqa: F405
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":  # noqa: F405
    VAR_DIR.mkdir(parents=True, exist_ok=True)
    DATABASES["default"]["TEST"]["NAME"] = str(VAR_DIR / "test.sqlite3")  # noqa: F405
FUNNEL = {
    **FUNNEL,
    "ADDRESS_HASH_KEY": "for-tests-only, and not the other one",
    "MAILING_BACKEND": env.str("TEST_MAILING_BACKEND", default="")
    or "funnel.mailing.backends.locmem.LocmemBackend",
    "PRIVATE_MEDIA_ROOT": TEST_FILES / "private",
}
