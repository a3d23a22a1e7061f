"""Gives a site things to start with, each once and for good.

A person may reword, rename, move or delete any of it afterwards; it is not given again.
"""

from collections.abc import Callable
from datetime import datetime

from django.db import transaction

from home.models import StarterContent


class Starter:
    """Remembers in the database what this site has been given, and in `given_now` what is new."""

    def __init__(self, *, now: datetime) -> None:
        self.now = now
        self.given_now: list[str] = []
        self._given = set(StarterContent.objects.values_list("key", flat=True))

    def once(self, key: str, give: Callable[[], object]) -> None:
        """Call `give` unless this site was given `key` before; both are kept, or neither is."""
        if key in self._given:
            return
        with transaction.atomic():
            give()
            StarterContent.objects.create(key=key, given_at=self.now)
        self._given.add(key)
        self.given_now.append(key)
