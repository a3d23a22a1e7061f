"""One submission of a form, as it happened."""

from django.db import models

from funnel.choices import SenderChoice

from .content import CallToAction, CallToActionVariant, StuckCycle
from .leads import Lead

UTM_FIELDS = ("utm_source", "utm_medium", "utm_campaign", "utm_content", "utm_term")


class OptIn(models.Model):
    """What somebody sent, from where, and when. Append-only: a trigger refuses anything else.

    The page is kept as facts, not as a relation, so that a deleted page can't take history with it.
    Whether the person at the other end owns the address is not known yet; nothing here changes the
    lead until the mail's link is used.
    """

    lead = models.ForeignKey(Lead, on_delete=models.DO_NOTHING, related_name="opt_ins")
    submitted_at = models.DateTimeField(db_index=True)
    first_name = models.CharField(max_length=80, blank=True)
    stated_cycle = models.ForeignKey(
        StuckCycle, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    call_to_action = models.ForeignKey(
        CallToAction, null=True, blank=True, on_delete=models.PROTECT, related_name="opt_ins"
    )
    call_to_action_variant = models.ForeignKey(
        CallToActionVariant,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="opt_ins",
        help_text="Whose words the person saw. Empty: the usual ones.",
    )
    page_id = models.PositiveBigIntegerField(null=True, blank=True, db_index=True)
    page_title = models.CharField(max_length=255, blank=True)
    page_path = models.CharField(max_length=500, blank=True)
    landing_path = models.CharField(
        "first page of the visit", max_length=500, blank=True, help_text="Empty: unknown."
    )
    referring_host = models.CharField(max_length=255, blank=True)
    utm_source = models.CharField(max_length=120, blank=True)
    utm_medium = models.CharField(max_length=120, blank=True)
    utm_campaign = models.CharField(max_length=120, blank=True)
    utm_content = models.CharField(max_length=120, blank=True)
    utm_term = models.CharField(max_length=120, blank=True)
    sender_choice = models.CharField(
        "how our mails are to show up",
        max_length=20,
        choices=SenderChoice.choices,
        default=SenderChoice.COACH,
    )
    wants_one_mail = models.BooleanField("asked for a single mail", default=False)
    time_zone = models.CharField(max_length=64, blank=True)
    is_disposable = models.BooleanField("from a provider of throw-away addresses", default=False)

    class Meta:
        ordering = ("-submitted_at", "-pk")
        verbose_name = "opt-in"

    def __str__(self) -> str:
        return f"Opt-in {self.pk}"

    @property
    def words_shown(self) -> str:
        """Whose words of the call to action the person saw; empty where there was none."""
        if self.call_to_action_variant is not None:
            return f"For {self.call_to_action_variant.cycle}"
        return "The usual words" if self.call_to_action_id else ""
