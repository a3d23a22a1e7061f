"""`manage.py funnel_status`: how the funnel is, for a person or, with --json, for a program."""

import json
from argparse import ArgumentParser
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from funnel.mailing import mailing_backend
from funnel.queries.status import lead_figures, outbox_figures


class Command(BaseCommand):
    """Reads figures and asks the mail service once whether it answers."""

    help = "Prints leads, deliveries and whether the mail service answers."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Offer JSON."""
        parser.add_argument("--json", action="store_true", help="Print one JSON object.")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print the figures."""
        health = asdict(mailing_backend().health())
        figures: dict[str, Any] = {
            **lead_figures(),
            "outbox": outbox_figures(now=timezone.now()),
            "mailchimp": health,
        }
        if options["json"]:
            self.stdout.write(json.dumps(figures))
            return
        outbox = figures["outbox"]
        self.stdout.write(
            f"Leads: {figures['leads']}, of them confirmed: {figures['confirmed']}\n"
            f"Deliveries: {outbox['pending']} waiting, {outbox['planned']} planned for later, "
            f"{outbox['in_flight']} under way, {outbox['delivered']} delivered, "
            f"{outbox['needs_attention']} need attention; "
            f"the oldest has been due for {outbox['oldest_due_seconds']} seconds\n"
            f"Mailchimp: {health['reason']}"
        )
