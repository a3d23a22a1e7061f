"""Requests for a conversation with the coach."""

from django.db import models

from funnel.choices import CallRequestState, ContactWay

from .leads import Lead


class CallRequest(models.Model):
    """What somebody wrote who would like to talk, and how far the coach has come with it.

    Nobody has shown whose address it is until the mail's link is used: the coach hears of a request
    only then, and sees cycle and videos only where the person wished it.
    """

    lead = models.ForeignKey(Lead, on_delete=models.CASCADE, related_name="call_requests")
    name = models.CharField(max_length=80, blank=True)
    topic = models.TextField(blank=True)
    times_that_suit = models.CharField(max_length=300, blank=True)
    contact_way = models.CharField(
        max_length=20, choices=ContactWay.choices, default=ContactWay.EMAIL
    )
    phone = models.CharField(max_length=40, blank=True)
    may_leave_voicemail = models.BooleanField(default=False)
    shares_story = models.BooleanField(
        "the coach may see the cycle and the videos watched", default=False
    )
    requested_at = models.DateTimeField(db_index=True)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    state = models.CharField(
        max_length=20, choices=CallRequestState.choices, default=CallRequestState.NEW, db_index=True
    )
    state_changed_at = models.DateTimeField(null=True, blank=True)
    note = models.TextField("your own note", blank=True)

    class Meta:
        ordering = ("-requested_at", "-pk")
        verbose_name = "request for a call"
        verbose_name_plural = "requests for a call"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state__in=CallRequestState.values),
                name="call_request_state_is_known",
            ),
            models.CheckConstraint(
                condition=~models.Q(contact_way=ContactWay.PHONE) | ~models.Q(phone=""),
                name="call_by_phone_has_a_number",
            ),
        ]

    def __str__(self) -> str:
        return f"Request {self.pk}"
