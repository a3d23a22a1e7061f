"""A lead: one address and the current facts about its person."""

from django.db import models

from funnel.choices import CycleSource, LeadStage, SenderChoice

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
    sender_choice = models.CharField(
        "how our mails show up",
        max_length=20,
        choices=SenderChoice.choices,
        default=SenderChoice.COACH,
    )
    wants_one_mail = models.BooleanField("asked for a single mail", default=False)
    time_zone = models.CharField(max_length=64, blank=True, help_text="Empty: the site’s own.")
    paused_until = models.DateTimeField(null=True, blank=True)
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
            models.CheckConstraint(
                condition=models.Q(sender_choice__in=SenderChoice.values),
                name="lead_sender_choice_is_known",
            ),
        ]

    def __str__(self) -> str:
        return self.address

    def __repr__(self) -> str:
        return f"<Lead {self.pk}>"


class CycleStatement(models.Model):
    """That a cycle became known as somebody’s, how, and when. Append-only: a change adds a row.

    `Lead.current_cycle` is the newest one stated or changed, or else the newest one assessed; None
    as the cycle says that the person took it back.
    """

    lead = models.ForeignKey(Lead, on_delete=models.DO_NOTHING, related_name="cycle_statements")
    cycle = models.ForeignKey(
        StuckCycle, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    source = models.CharField(max_length=20, choices=CycleSource.choices)
    at = models.DateTimeField(db_index=True)

    class Meta:
        ordering = ("-at", "-pk")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(source__in=CycleSource.values), name="cycle_source_is_known"
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_source_display()} on {self.at:%d %B %Y}"


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
