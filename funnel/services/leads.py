"""Finding the lead of an address that somebody typed, or making it."""

from datetime import datetime

from funnel.addresses import Address
from funnel.models import Lead, StuckCycle


def lead_for(
    address: Address, *, now: datetime, first_name: str = "", cycle: StuckCycle | None = None
) -> Lead:
    """Return the lead of an address, locked, in the caller's transaction; unknown ones are made.

    The same statements run for every address. A lead that exists stays untouched, because nobody
    has yet shown that the address is theirs: name and cycle are those of a new one only.
    """
    unknown = Lead(
        address=address.typed,
        address_key=address.key,
        first_name=first_name,
        current_cycle=cycle,
        created_at=now,
    )
    Lead.objects.bulk_create([unknown], ignore_conflicts=True)
    return Lead.objects.select_for_update(no_key=True).get(address_key=address.key)
