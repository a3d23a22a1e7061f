"""What somebody agreed to, how they can act on it by mail, and who may not be mailed."""

import hashlib

from django.conf import settings
from django.db import models

from funnel.choices import ConsentMode, ConsentStep, LinkPurpose, SuppressionReason

from .leads import Lead
from .opt_ins import OptIn


class ConsentWording(models.Model):
    """A version of the words a form shows; its digest travels through cached pages as a field.

    Append-only, and shared by every consent given under it.
    """

    digest = models.CharField(max_length=64, unique=True)
    mode = models.CharField(max_length=20, choices=ConsentMode.choices)
    promise = models.TextField()
    letters_label = models.TextField(blank=True)
    first_used_at = models.DateTimeField()

    class Meta:
        ordering = ("-first_used_at",)

    def __str__(self) -> str:
        return f"Wording {self.digest[:8]}"

    @staticmethod
    def digest_of(*, mode: str, promise: str, letters_label: str) -> str:
        """Return the 64 hex digits that name this exact wording."""
        return hashlib.sha256("\x1f".join((mode, promise, letters_label)).encode()).hexdigest()


class Consent(models.Model):
    """One step of one agreement. Append-only: a withdrawal is a new row, not a change."""

    lead = models.ForeignKey(Lead, on_delete=models.DO_NOTHING, related_name="consents")
    opt_in = models.ForeignKey(
        OptIn, null=True, blank=True, on_delete=models.DO_NOTHING, related_name="consents"
    )
    wording = models.ForeignKey(
        ConsentWording, on_delete=models.PROTECT, null=True, blank=True, related_name="consents"
    )
    step = models.CharField(max_length=20, choices=ConsentStep.choices)
    at = models.DateTimeField(db_index=True)
    covers_videos = models.BooleanField("videos")
    covers_letters = models.BooleanField("letters")
    covers_sharing_cycle = models.BooleanField("sharing the cycle with Mailchimp")

    class Meta:
        ordering = ("-at", "-pk")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(step__in=ConsentStep.values), name="consent_step_is_known"
            ),
            models.UniqueConstraint(
                fields=("opt_in", "step"),
                condition=models.Q(step__in=(ConsentStep.REQUESTED, ConsentStep.CONFIRMED)),
                name="opt_in_is_agreed_and_confirmed_once",
            ),
            models.CheckConstraint(
                condition=models.Q(step=ConsentStep.WITHDRAWN)
                | models.Q(wording__isnull=False, opt_in__isnull=False),
                name="consent_names_its_wording",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_step_display()} on {self.at:%d %B %Y}"


class Suppression(models.Model):
    """A dated fact about an address, kept under a keyed hash so that it outlives the address.

    Never deleted. A person can lift one; an unsubscription is also outlived by a newer confirmed
    consent.
    """

    address_hash = models.CharField(max_length=64, db_index=True)
    reason = models.CharField(max_length=20, choices=SuppressionReason.choices)
    source = models.CharField(max_length=80, help_text="By whose act: a mail’s link, Mailchimp …")
    at = models.DateTimeField()
    lifted_at = models.DateTimeField(null=True, blank=True)
    lifted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )

    class Meta:
        ordering = ("-at", "-pk")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(reason__in=SuppressionReason.values),
                name="suppression_reason_is_known",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_reason_display()} on {self.at:%d %B %Y}"


class PrivateLink(models.Model):
    """A link in a mail: bound to one purpose, with its expiry here and only a digest of its token.

    Whoever reads the database can't use it; a signature alone would accept a future date.
    """

    token_digest = models.CharField(max_length=64, unique=True)
    purpose = models.CharField(max_length=20, choices=LinkPurpose.choices)
    lead = models.ForeignKey(Lead, on_delete=models.CASCADE, related_name="private_links")
    opt_in = models.ForeignKey(
        OptIn, null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField(db_index=True)
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-created_at",)

    def __str__(self) -> str:
        return f"Link {self.pk}"
