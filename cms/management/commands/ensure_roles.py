"""`manage.py ensure_roles`: the groups Coach and Marketing, with what each may do."""

from typing import Any

from django.core.management.base import BaseCommand

from cms.roles import ensure_roles


class Command(BaseCommand):
    """Make or complete the two groups; safe to run at every start."""

    help = "Make the groups Coach and Marketing, or add what they lack. Can be run again any time."

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it and say so."""
        ensure_roles()
        self.stdout.write("The groups Coach and Marketing are ready.")
