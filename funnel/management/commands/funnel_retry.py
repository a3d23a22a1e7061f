"""`manage.py funnel_retry`: tries again what had to wait for a person."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from funnel.services.outbox import retry_parked


class Command(BaseCommand):
    """For after a cause was mended: a wrong audience, a mail server that refused everything."""

    help = "Makes every delivery that needs attention due again. The worker then tries it."

    def handle(self, *args: Any, **options: Any) -> None:
        """Make them due and say how many."""
        retried = retry_parked(now=timezone.now())
        self.stdout.write(f"{retried} deliveries are tried again now.")
