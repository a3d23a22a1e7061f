"""Who may not be mailed, and since when."""

from datetime import datetime, timedelta

from django.db.models import Q, QuerySet

from funnel.addresses import address_hash
from funnel.choices import SuppressionReason
from funnel.models import Lead, Suppression

# A mailbox that was full or gone may be there again; a complaint is somebody's word.
BOUNCE_STANDS = timedelta(days=30)


def newest_suppression(*, lead: Lead) -> Suppression | None:
    """The newest suppression of this lead's address that no person has lifted; None where none is.

    An erased address starts as a new one, so an erasure stands against no lead that there is.
    """
    return _standing(lead).first()


def standing_block(*, lead: Lead, now: datetime) -> Suppression | None:
    """What keeps every mail back, also one that was just asked for; None where nothing does.

    A complaint does until a person lifts it, a bounce for thirty days.
    """
    stands = Q(reason=SuppressionReason.COMPLAINED) | Q(
        reason=SuppressionReason.BOUNCED, at__gt=now - BOUNCE_STANDS
    )
    return _standing(lead).filter(stands).first()


def _standing(lead: Lead) -> QuerySet[Suppression]:
    """What nobody has lifted, newest first; an erasure ended another lead, not this one."""
    return (
        Suppression.objects.filter(
            address_hash=address_hash(lead.address_key), lifted_at__isnull=True
        )
        .exclude(reason=SuppressionReason.ERASED)
        .order_by("-at", "-pk")
    )
