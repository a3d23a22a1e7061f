"""Prints what is on disk about everybody, by address, as JSON; and how much still waits."""

import json

import django

django.setup()

from django.db.models import Q  # noqa: E402
from django.utils import timezone  # noqa: E402

from funnel.models import Consent, OptIn, OutboxEntry  # noqa: E402

people: dict[str, dict[str, int]] = {}
for key in OptIn.objects.values_list("lead__address_key", flat=True):
    people.setdefault(key, {"opt_ins": 0, "requested": 0, "confirmed": 0, "entries": 0})
    people[key]["opt_ins"] += 1
for key, step in Consent.objects.values_list("lead__address_key", "step"):
    people[key][step] += 1
for key in OutboxEntry.objects.filter(kind="opt_in_mail").values_list(
    "lead__address_key", flat=True
):
    people[key]["entries"] += 1
now = timezone.now()
waiting = Q(state="pending", due_at__lte=now) | Q(state="in_flight")
print(
    json.dumps(
        {
            "people": people,
            "waiting": OutboxEntry.objects.filter(waiting).count(),
            "parked": OutboxEntry.objects.filter(state="needs_attention").count(),
        }
    )
)
