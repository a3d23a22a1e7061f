"""The retention clock: what was kept long enough goes."""

from datetime import datetime

from django.db import transaction

from funnel.models import Lead, MemberRecord
from funnel.queries.retention import due_before, retention_terms

from .conflicts import retried_on_conflict
from .erasure import remove_rows, request_erasure
from .locks import locked_lead

AT_ONCE = 200


def remove_expired(*, now: datetime, limit: int = AT_ONCE) -> int:
    """Remove leads whose time has run out, at most `limit`; return how many.

    Whom the mail service knows is erased as if the person had asked, there first. Everybody else
    is known here only, and goes at once; a dated suppression of the address stays, as it always
    does, and nothing else.
    """
    due = due_before(now, terms=retention_terms()).values_list("pk", flat=True)
    return sum(_remove(lead_id=pk, now=now) for pk in list(due[:limit]))


@retried_on_conflict
def _remove(*, lead_id: int, now: datetime) -> bool:
    """Remove one lead, unless the person has come back meanwhile."""
    with transaction.atomic():
        if not Lead.objects.filter(pk=lead_id).exists():
            return False
        lead = locked_lead(lead_id)
        if not due_before(now, terms=retention_terms()).filter(pk=lead_id).exists():
            return False
        if MemberRecord.objects.filter(lead=lead).exists():
            request_erasure(lead_id=lead_id, now=now)
        else:
            remove_rows(lead=lead)
    return True
