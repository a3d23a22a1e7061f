"""For an engineer at a desk: DEBUG on, plain static files, the rest as in production."""

from .base import *  # noqa: F403
from .base import FUNNEL, SECRET_KEY

DEBUG = True
# Templates and code change under it.
PAGE_CACHE = False
SECRET_KEY = SECRET_KEY or "for-development-only"
FUNNEL = {
    **FUNNEL,
    "ADDRESS_HASH_KEY": FUNNEL["ADDRESS_HASH_KEY"] or "for-development, and no secret",
}
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
