"""Who may not be mailed, and since when."""

from django.db.models import QuerySet

from funnel.addresses import address_hash
from funnel.choices import SuppressionReason
from funnel.models import Lead, Suppression

BLOCKING = (SuppressionReason.BOUNCED, SuppressionReason.COMPLAINED)


def newest_suppression(*, lead: Lead) -> Suppression | None:
    """The newest suppression of this lead's address that no person has lifted; None where none is.

    An erased address starts as a new one, so an erasure stands against no lead that there is.
    """
    return _standing(lead).first()


def standing_block(*, lead: Lead) -> Suppression | None:
    """A bounce or a complaint that stands: no mail at all goes out until a person lifts it."""
    return _standing(lead).filter(reason__in=BLOCKING).first()


def _standing(lead: Lead) -> QuerySet[Suppression]:
    """What nobody has lifted, newest first; an erasure ended another lead, not this one."""
    return (
        Suppression.objects.filter(
            address_hash=address_hash(lead.address_key), lifted_at__isnull=True
        )
        .exclude(reason=SuppressionReason.ERASED)
        .order_by("-at", "-pk")
    )
