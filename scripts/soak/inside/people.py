"""Fills a site with people of every kind, by rows alone; prints their addresses and stamps as JSON.

Usage: `python -m soak.inside.people COUNT NETWORK…`. Addresses come by kind, and for every network
a stamp that is a minute old. Nobody is mailed: no worker runs on such a site.
"""

import json
import sys
from datetime import timedelta

import django

django.setup()

from django.db import connection  # noqa: E402
from django.utils import timezone  # noqa: E402

from funnel.addresses import address_hash  # noqa: E402
from funnel.choices import ConsentStep, LeadStage, OutboxKind, OutboxState  # noqa: E402
from funnel.choices import SuppressionReason as Reason  # noqa: E402
from funnel.models import (  # noqa: E402
    Consent,
    ConsentWording,
    FunnelSettings,
    Lead,
    OptIn,
    OutboxEntry,
    Suppression,
)
from funnel.services.stamps import make_stamp  # noqa: E402

KNOWN = {
    "pending": LeadStage.PENDING,
    "confirmed": LeadStage.CONFIRMED,
    "unsubscribed": LeadStage.UNSUBSCRIBED,
}
LAST_WEEK = timezone.now() - timedelta(days=7)


def addresses(kind: str, count: int) -> list[str]:
    """Return as many addresses of a kind, of the same length whatever the kind."""
    return [f"{kind[:3]}{number:06}@p{number:06}.test" for number in range(count)]


def fill(kind: str, known: list[str]) -> None:
    """Write the rows that people of a kind have left."""
    wording = ConsentWording.objects.get(
        digest=ConsentWording.digest_of(**FunnelSettings.load().wording)
    )
    is_proven = KNOWN[kind] != LeadStage.PENDING
    leads = Lead.objects.bulk_create(
        Lead(
            address=address,
            address_key=address,
            stage=KNOWN[kind],
            created_at=LAST_WEEK,
            confirmed_at=LAST_WEEK if is_proven else None,
            receives_letters=is_proven,
            shares_cycle=is_proven,
        )
        for address in known
    )
    opt_ins = OptIn.objects.bulk_create(OptIn(lead=lead, submitted_at=LAST_WEEK) for lead in leads)
    steps = (ConsentStep.REQUESTED, ConsentStep.CONFIRMED)[: 1 + is_proven]
    Consent.objects.bulk_create(
        Consent(
            lead=opt_in.lead,
            opt_in=opt_in,
            wording=wording,
            step=step,
            at=LAST_WEEK,
            covers_videos=True,
            covers_letters=True,
            covers_sharing_cycle=True,
        )
        for opt_in in opt_ins
        for step in steps
    )
    OutboxEntry.objects.bulk_create(
        OutboxEntry(
            kind=OutboxKind.OPT_IN_MAIL,
            lead=opt_in.lead,
            opt_in=opt_in,
            state=OutboxState.DELIVERED,
            created_at=LAST_WEEK,
            due_at=LAST_WEEK,
            settled_at=LAST_WEEK,
        )
        for opt_in in opt_ins
    )


def suppress(reason: Reason, known: list[str]) -> None:
    """Write that people have left."""
    Suppression.objects.bulk_create(
        Suppression(
            address_hash=address_hash(address), reason=reason, source="a trial", at=LAST_WEEK
        )
        for address in known
    )


def main(count: int, networks: list[str]) -> None:
    """Fill the site."""
    people = {kind: addresses(kind, count) for kind in ("new", *KNOWN, "erased")}
    for kind in KNOWN:
        fill(kind, people[kind])
    suppress(Reason.UNSUBSCRIBED, people["unsubscribed"])
    suppress(Reason.ERASED, people["erased"])
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
    minute_ago = timezone.now() - timedelta(minutes=1)
    stamps = {network: make_stamp(network=network, now=minute_ago) for network in networks}
    print(json.dumps({"people": people, "stamps": stamps}))


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2:])
