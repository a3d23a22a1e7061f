"""`manage.py funnel_worker`: delivers what is due, and is the funnel's clock."""

import logging
import signal
import threading
from argparse import ArgumentParser
from datetime import timedelta
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import DatabaseError, close_old_connections
from django.utils import timezone

from funnel.mailing import mailing_backend
from funnel.services.clock import run_clock
from funnel.services.delivery import deliver_due

IDLE_SECONDS = 0.5
TICK_SECONDS = 60
AFTER_TROUBLE_SECONDS = 5

logger = logging.getLogger("funnel.worker")


class Command(BaseCommand):
    """Any number of copies may run, on any number of machines; each can be killed at any time."""

    help = "Delivers mails and keeps Mailchimp in step, until it is stopped (Ctrl-C)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Offer a single round, for a cron job or a test."""
        parser.add_argument(
            "--once", action="store_true", help="Deliver what is due now, then stop."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Poll, deliver, and once a minute do what the clock brings."""
        stopping = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stopping.set())
        backend = mailing_backend()
        if options["once"]:
            run_clock(now=timezone.now())
            while deliver_due(clock=timezone.now, backend=backend):
                pass
            return
        next_tick = timezone.now()
        while not stopping.is_set():
            close_old_connections()
            try:
                taken = deliver_due(
                    clock=timezone.now, backend=backend, is_stopping=stopping.is_set
                )
            except DatabaseError:
                logger.exception("The database did not answer; the worker tries again.")
                stopping.wait(AFTER_TROUBLE_SECONDS)
                continue
            if timezone.now() >= next_tick:
                next_tick = timezone.now() + timedelta(seconds=TICK_SECONDS)
                self._tick()
            if not taken:
                stopping.wait(IDLE_SECONDS)

    def _tick(self) -> None:
        """Do what is due by the clock; trouble with it keeps no lead waiting."""
        try:
            call_command("publish_scheduled", verbosity=0)
        except Exception:
            logger.exception("Publishing what editors have scheduled failed; tried in a minute.")
        try:
            run_clock(now=timezone.now())
        except DatabaseError:
            logger.exception("The database did not answer the clock; tried again in a minute.")
