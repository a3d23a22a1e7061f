"""Finding the lead of an address that somebody typed, or making it."""

from datetime import datetime

from funnel.addresses import Address
from funnel.models import Lead


def lead_for(address: Address, *, now: datetime) -> Lead:
    """Return the lead of an address, locked, in the caller's transaction; unknown ones are made.

    The same statements run for every address. A lead that exists stays untouched, because nobody
    has yet shown that the address is theirs.
    """
    unknown = Lead(address=address.typed, address_key=address.key, created_at=now)
    Lead.objects.bulk_create([unknown], ignore_conflicts=True)
    return Lead.objects.select_for_update(no_key=True).get(address_key=address.key)
