"""What still has to reach the outside, what was tried, and what is known to be there."""

from django.db import models
from django.db.models import Q

from funnel.choices import AttemptOutcome, OutboxKind, OutboxState

from .content import Video
from .conversations import CallRequest
from .leads import Lead
from .opt_ins import OptIn


class OutboxEntry(models.Model):
    """A pointer to something that must reach the outside; never a copy of it.

    A worker claims entries by a conditional update that sets a token and a lease. `revision` counts
    the wishes that fell on this entry; a wish that comes during a delivery makes it due again.
    """

    kind = models.CharField(max_length=20, choices=OutboxKind.choices)
    lead = models.ForeignKey(Lead, on_delete=models.CASCADE, related_name="outbox_entries")
    opt_in = models.ForeignKey(
        OptIn, null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    video = models.ForeignKey(
        Video, null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    call_request = models.ForeignKey(
        CallRequest, null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    state = models.CharField(
        max_length=20, choices=OutboxState.choices, default=OutboxState.PENDING
    )
    revision = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField()
    due_at = models.DateTimeField()
    attempts = models.PositiveIntegerField("failed attempts", default=0)
    token = models.CharField(max_length=32, blank=True, editable=False)
    lease_until = models.DateTimeField(null=True, blank=True)
    advice = models.CharField(max_length=300, blank=True)
    settled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("due_at", "pk")
        verbose_name = "delivery"
        verbose_name_plural = "deliveries"
        indexes = [
            models.Index(fields=("state", "due_at"), name="outbox_due"),
            models.Index(fields=("state", "lease_until"), name="outbox_lease"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=("lead",), condition=Q(kind=OutboxKind.MEMBER), name="one_member_entry"
            ),
            models.UniqueConstraint(
                fields=("lead", "kind"),
                condition=Q(state=OutboxState.PENDING) & ~Q(kind=OutboxKind.MEMBER),
                name="one_waiting_mail_of_a_kind",
            ),
            models.UniqueConstraint(
                fields=("lead", "video"),
                condition=Q(kind=OutboxKind.NEXT_VIDEO_MAIL),
                name="one_mail_about_a_next_video",
            ),
            models.UniqueConstraint(
                fields=("lead", "kind"),
                condition=Q(kind__in=(OutboxKind.NUDGE_MAIL, OutboxKind.INVITATION_MAIL)),
                name="one_nudge_and_one_invitation",
            ),
            models.CheckConstraint(
                condition=Q(state__in=OutboxState.values), name="outbox_state_is_known"
            ),
            models.CheckConstraint(
                condition=~Q(state=OutboxState.IN_FLIGHT)
                | (Q(lease_until__isnull=False) & ~Q(token="")),
                name="in_flight_has_a_lease",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.get_state_display()}"


class SyncAttempt(models.Model):
    """One try at reaching the outside: which fields by name, never their values. Append-only."""

    lead = models.ForeignKey(Lead, on_delete=models.DO_NOTHING, related_name="sync_attempts")
    kind = models.CharField(max_length=20, choices=OutboxKind.choices)
    at = models.DateTimeField(db_index=True)
    outcome = models.CharField(max_length=20, choices=AttemptOutcome.choices)
    fields = models.CharField("fields sent", max_length=200, blank=True)
    status = models.PositiveSmallIntegerField("answer", null=True, blank=True)
    title = models.CharField("what was answered", max_length=200, blank=True)

    class Meta:
        ordering = ("-at", "-pk")
        verbose_name = "delivery attempt"

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.get_outcome_display()}"


class MemberRecord(models.Model):
    """What this site has told the mail service about a lead, so that it repeats no act of consent.

    `announcing` is written before a confirmed consent goes out as a status and `announced` after;
    where they differ, the outcome of a call is unknown and the member is read before a repeat.
    `tagged` is the consent whose tags have gone out in the way that may start a customer journey.
    """

    lead = models.OneToOneField(Lead, on_delete=models.CASCADE, related_name="member_record")
    announcing = models.ForeignKey(
        "funnel.Consent", null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    announced = models.ForeignKey(
        "funnel.Consent", null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    tagged = models.ForeignKey(
        "funnel.Consent", null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    tags = models.JSONField("our tags on the member", default=list)
    remote_status = models.CharField(max_length=20, blank=True)
    synced_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"Member record {self.pk}"
