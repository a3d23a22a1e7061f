"""The mails that follow the first one, as the coach writes them."""

from django.core.validators import MaxValueValidator
from django.db import models

from funnel.choices import SequenceMailKind


class SequenceMail(models.Model):
    """The words of one mail that follows; there is one row for each kind."""

    kind = models.CharField(
        max_length=20, choices=SequenceMailKind.choices, unique=True, editable=False
    )
    is_on = models.BooleanField("send it", default=True)
    wait_days = models.PositiveSmallIntegerField(
        "days to wait",
        default=1,
        validators=[MaxValueValidator(60)],
        help_text="Counted from what the mail follows. It leaves between nine and five.",
    )
    subject = models.CharField(
        max_length=120,
        help_text="Say nothing about marriage: somebody else may see the list of mails.",
    )
    opening = models.CharField(
        "first line",
        max_length=200,
        help_text="Mail programs show it beside the subject. Keep it as quiet as the subject.",
    )
    body = models.TextField("text", help_text="An empty line begins a new paragraph.")
    button_label = models.CharField(max_length=60)

    class Meta:
        ordering = ("pk",)
        verbose_name = "mail that follows"
        verbose_name_plural = "mails that follow"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kind__in=SequenceMailKind.values),
                name="sequence_mail_kind_is_known",
            )
        ]

    def __str__(self) -> str:
        return self.get_kind_display()
