"""Counters that keep abuse in bounds; they name nobody."""

from django.db import models


class LimitCount(models.Model):
    """How often something happened within a window of time.

    `key` is a keyed hash of what is counted (a network, an address, a domain, the whole site), so
    that nobody can be found by it. Rows are removed once their window is over.
    """

    key = models.CharField(max_length=64)
    window_start = models.DateTimeField()
    window_end = models.DateTimeField(db_index=True)
    count = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=("key", "window_start"), name="one_count_a_window")
        ]

    def __str__(self) -> str:
        return f"{self.count} since {self.window_start:%H:%M}"
