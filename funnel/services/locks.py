"""How a lead is locked, once: every act on a lead takes this lock first, so that none deadlock."""

from funnel.models import Lead


def locked_lead(lead_id: int) -> Lead:
    """Return the lead, locked until the transaction ends; raises `Lead.DoesNotExist`.

    The lock leaves the key alone, because rows that point at a lead are written without it.
    """
    return (
        Lead.objects.select_for_update(of=("self",), no_key=True)
        .select_related("current_cycle")
        .get(pk=lead_id)
    )
