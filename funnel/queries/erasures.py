"""The proof that somebody was erased: all that is left is a keyed hash, and when it was written."""

from dataclasses import dataclass
from datetime import datetime

from funnel.addresses import Address, address_hash
from funnel.choices import OutboxKind, SuppressionReason
from funnel.models import OutboxEntry, Suppression


@dataclass(frozen=True, kw_only=True)
class ErasureProof:
    """One erasure of an address: its hash, and when everything else was gone."""

    code: str
    at: datetime


def erasure_proofs(address: Address) -> list[ErasureProof]:
    """Return when an address was erased, newest first; whoever asks has to know the address."""
    code = address_hash(address.key)
    rows = Suppression.objects.filter(address_hash=code, reason=SuppressionReason.ERASED)
    return [ErasureProof(code=code, at=row.at) for row in rows]


def erasure_asked_at(address: Address) -> datetime | None:
    """Return when an erasure was asked for that still waits, None where none does.

    The address is free already, but stands in the old row until the mail service has answered.
    """
    entries = OutboxEntry.objects.filter(
        kind=OutboxKind.ERASURE, lead__address__iexact=address.typed
    )
    return entries.values_list("created_at", flat=True).first()
