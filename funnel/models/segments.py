"""A saved question about leads."""

from django.db import models

from funnel.choices import LeadStage

from .content import CallToAction, StuckCycle


class Segment(models.Model):
    """Rules that pick leads; every rule that is filled in must hold."""

    name = models.CharField(max_length=120, unique=True)
    description = models.CharField(
        max_length=255, blank=True, help_text="What this group is for, for your colleagues."
    )
    cycle = models.ForeignKey(
        StuckCycle, null=True, blank=True, on_delete=models.PROTECT, related_name="segments"
    )
    stage = models.CharField(max_length=20, choices=LeadStage.choices, blank=True)
    call_to_action = models.ForeignKey(
        CallToAction,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="segments",
        help_text="Only leads who came through this call to action at least once.",
    )
    seen_from = models.DateField("first seen from", null=True, blank=True)
    seen_until = models.DateField("first seen until", null=True, blank=True)

    class Meta:
        ordering = ("name",)
        constraints = [
            models.CheckConstraint(
                condition=models.Q(seen_from__isnull=True)
                | models.Q(seen_until__isnull=True)
                | models.Q(seen_from__lte=models.F("seen_until")),
                name="segment_dates_in_order",
                violation_error_message="The first day lies after the last one.",
            )
        ]

    def __str__(self) -> str:
        return self.name
