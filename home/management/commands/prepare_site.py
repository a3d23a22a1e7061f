"""`manage.py prepare_site`: the pages, settings and roles that every site needs."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils import timezone

from home.demo.loader import prepare_demo_site
from home.services.sites import prepare_site
from home.services.starter_content import Starter


class Command(BaseCommand):
    """Make what is missing; safe to run at every start."""

    help = (
        "Give a fresh site its home page, its list of articles, the pages about you and about "
        "privacy, its address (SITE_URL) and its roles. Changes nothing you have edited; can be "
        "run again any time."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it and name what is new."""
        starter = Starter(now=timezone.now())
        prepare = prepare_demo_site if settings.DEMO else prepare_site
        prepare(starter=starter, site_url=settings.SITE_URL)
        for key in starter.given_now:
            self.stdout.write(f"Made {key}")
        self.stdout.write(f"The site is ready at {settings.SITE_URL}/")
