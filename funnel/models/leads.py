"""A lead: one address and the current facts about its person."""

from django.db import models

from funnel.choices import LeadStage

from .content import StuckCycle


class Lead(models.Model):
    """One address, proven or not yet: what holds now. What happened is in OptIn and Consent."""

    address = models.CharField("email address", max_length=320)
    address_key = models.CharField(max_length=320, unique=True, editable=False)
    first_name = models.CharField(max_length=80, blank=True)
    stage = models.CharField(
        max_length=20, choices=LeadStage.choices, default=LeadStage.PENDING, db_index=True
    )
    current_cycle = models.ForeignKey(
        StuckCycle, null=True, blank=True, on_delete=models.PROTECT, related_name="leads"
    )
    receives_letters = models.BooleanField("agreed to letters", default=False)
    shares_cycle = models.BooleanField("agreed to share the cycle with Mailchimp", default=False)
    created_at = models.DateTimeField("first seen", db_index=True)
    confirmed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-created_at", "-pk")
        permissions = [
            ("export_lead", "Can export leads"),
            ("read_lead_where_allowed", "Can read leads where the funnel's settings allow it"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(stage__in=LeadStage.values), name="lead_stage_is_known"
            ),
            models.CheckConstraint(
                condition=~models.Q(stage=LeadStage.CONFIRMED)
                | models.Q(confirmed_at__isnull=False),
                name="confirmed_lead_has_a_date",
            ),
        ]

    def __str__(self) -> str:
        return self.address

    def __repr__(self) -> str:
        return f"<Lead {self.pk}>"


class ErasurePermit(models.Model):
    """Opens the append-only tables for one lead, inside the transaction that erases it.

    The triggers of migration 0002 look for this row. Nobody else ever sees it: it is written and
    removed in the same transaction.
    """

    lead = models.OneToOneField(
        Lead, on_delete=models.DO_NOTHING, primary_key=True, db_constraint=False
    )

    def __str__(self) -> str:
        return f"Erasure of lead {self.pk}"
