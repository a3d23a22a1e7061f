"""The coach's questionnaire: what is edited, what was published, and what somebody answered."""

from typing import Any

from django.db import models
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.models import Orderable

from .content import CallToAction, StuckCycle
from .leads import Lead
from .opt_ins import OptIn


class Assessment(ClusterableModel):
    """Questions whose answers point to cycles. Readers get the newest published version of it."""

    title = models.CharField(max_length=160, help_text="For example “Which cycle keeps me stuck?”")
    introduction = models.TextField(
        blank=True, help_text="What it is, how long it takes, and that nothing is kept."
    )
    call_to_action = models.ForeignKey(
        CallToAction,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text="The invitation under the result.",
    )

    class Meta:
        ordering = ("title",)
        verbose_name = "questionnaire"

    def __str__(self) -> str:
        return self.title


class AssessmentQuestion(ClusterableModel, Orderable):
    """One question; a reader chooses one answer or leaves it."""

    assessment = ParentalKey(Assessment, on_delete=models.CASCADE, related_name="questions")
    text = models.CharField("question", max_length=300)

    class Meta(Orderable.Meta):
        verbose_name = "question"

    def __str__(self) -> str:
        return self.text


class AssessmentAnswer(ClusterableModel, Orderable):
    """One answer to choose, with its weight for each cycle."""

    question = ParentalKey(AssessmentQuestion, on_delete=models.CASCADE, related_name="answers")
    text = models.CharField("answer", max_length=300)

    class Meta(Orderable.Meta):
        verbose_name = "answer"

    def __str__(self) -> str:
        return self.text


class AnswerWeight(models.Model):
    """How much an answer speaks for a cycle."""

    answer = ParentalKey(AssessmentAnswer, on_delete=models.CASCADE, related_name="weights")
    cycle = models.ForeignKey(StuckCycle, on_delete=models.PROTECT, related_name="+")
    weight = models.PositiveSmallIntegerField(default=1, help_text="0 to 10.")

    class Meta:
        ordering = ("pk",)
        constraints = [
            models.UniqueConstraint(fields=("answer", "cycle"), name="one_weight_for_a_cycle"),
            models.CheckConstraint(condition=models.Q(weight__lte=10), name="weight_up_to_ten"),
        ]

    def __str__(self) -> str:
        return f"{self.cycle}: {self.weight}"


class AssessmentVersion(models.Model):
    """An assessment as it was published; results name the version that was answered.

    `content` is `{"title", "introduction", "questions": [{"text", "answers": [{"text", "weights":
    {cycle code: weight}}]}]}`. A version never changes once it stands.
    """

    assessment = models.ForeignKey(Assessment, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    content = models.JSONField()
    published_at = models.DateTimeField()

    class Meta:
        ordering = ("-number",)
        constraints = [
            models.UniqueConstraint(
                fields=("assessment", "number"), name="assessment_versions_are_numbered"
            )
        ]

    def __str__(self) -> str:
        return f"{self.assessment}, version {self.number}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Write a new version; refuse to change one that stands, since results name it."""
        if not self._state.adding:
            raise TypeError("A published version is append-only; publish a new one.")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Refuse: what readers were asked is kept."""
        raise TypeError("A published version is append-only.")


class AssessmentResult(models.Model):
    """What somebody answered who opted in afterwards. Append-only; nobody else's is kept.

    `answers` holds the number of the chosen answer for each question, None where it was left;
    `scores` the sum for each cycle by its code. `cycle` is the leading one, None at a tie.
    """

    lead = models.ForeignKey(Lead, on_delete=models.DO_NOTHING, related_name="assessment_results")
    opt_in = models.OneToOneField(
        OptIn, on_delete=models.DO_NOTHING, related_name="assessment_result"
    )
    version = models.ForeignKey(AssessmentVersion, on_delete=models.PROTECT, related_name="results")
    answers = models.JSONField()
    scores = models.JSONField()
    cycle = models.ForeignKey(
        StuckCycle, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    at = models.DateTimeField()

    class Meta:
        ordering = ("-at", "-pk")

    def __str__(self) -> str:
        return f"Result {self.pk}"
