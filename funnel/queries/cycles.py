"""How somebody's cycle became known."""

from funnel.choices import CycleSource
from funnel.models import CycleStatement, Lead


def is_only_assessed(lead: Lead) -> bool:
    """Whether all that is known of the lead's cycle comes from the questionnaire."""
    statements = CycleStatement.objects.filter(lead=lead)
    return statements.exists() and not statements.exclude(source=CycleSource.ASSESSED).exists()
