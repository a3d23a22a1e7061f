"""`manage.py load_demo`: articles, videos and three logins, for a site on this machine only."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from home.demo.loader import DemoProblem, load_demo
from home.services.starter_content import Starter


class Command(BaseCommand):
    """Make what is missing of the demo; safe to run at every start."""

    help = (
        "Fill the demo site with articles, calls to action, videos and the accounts coach, "
        "marketing and admin. Changes nothing you have edited; can be run again any time."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it and name what is new, or say why not."""
        if not settings.DEMO:
            raise CommandError(
                "This is not a demo site (DEMO is not 1), and the demo’s logins must not be on "
                "any other."
            )
        starter = Starter(now=timezone.now())
        try:
            load_demo(starter=starter, site_url=settings.SITE_URL, password=settings.DEMO_PASSWORD)
        except DemoProblem as problem:
            raise CommandError(str(problem)) from problem
        for key in starter.given_now:
            self.stdout.write(f"Made {key}")
        self.stdout.write("The demo is ready.")
