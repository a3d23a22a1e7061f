"""Starts the local Mailchimp."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from funnel.sandbox.server import DEFAULT_PORT, run
from funnel.sandbox.state import DEFAULT_AUDIENCE_ID


class Command(BaseCommand):
    """A thin door to ``funnel.sandbox``: it needs neither database nor settings."""

    help = "Start a stand-in for Mailchimp on this machine, with a page that shows its members."
    requires_system_checks: list[str] = []
    requires_migrations_checks = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Where to listen and where to keep what it was told."""
        parser.add_argument("--host", default="127.0.0.1", help="An address of this machine.")
        parser.add_argument("--port", type=int, default=DEFAULT_PORT)
        parser.add_argument(
            "--state",
            type=Path,
            default=None,
            help="The file that keeps members and tags; without it, all is forgotten at the end.",
        )
        parser.add_argument("--audience-id", default=DEFAULT_AUDIENCE_ID)
        parser.add_argument(
            "--verbose", action="store_true", help="Print one line for each request."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Serve until stopped."""
        code = run(
            host=options["host"],
            port=options["port"],
            state_path=options["state"],
            audience_id=options["audience_id"],
            verbose=options["verbose"],
            say=lambda line: print(line, flush=True),
        )
        sys.exit(code)
