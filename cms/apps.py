"""The editorial core's entry in INSTALLED_APPS."""

from django.apps import AppConfig
from django.conf import settings


class CmsConfig(AppConfig):
    """Every process of a site, commands and worker included, tells the page cache of changes."""

    name = "cms"
    verbose_name = "Site"

    def ready(self) -> None:
        """Begin to watch what visitors see; register the checks."""
        from cms import checks  # noqa: F401

        if settings.PAGE_CACHE_WATCHES:
            from cms.page_cache.watching import watch_every_connection

            watch_every_connection()
