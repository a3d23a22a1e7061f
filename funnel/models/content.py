"""What the coach writes for the funnel: cycles, calls to action and the videos."""

from dataclasses import dataclass
from pathlib import PurePath
from uuid import uuid4

from django.core.exceptions import ValidationError
from django.core.files.storage import FileSystemStorage
from django.core.validators import FileExtensionValidator
from django.db import models
from django.utils.functional import cached_property
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.models import Orderable

from funnel.choices import CallToActionGoal, ReleaseRule
from funnel.conf import private_media_root

DEFAULT_WORDS = "default"
NO_CYCLE = "none"
WORDS = ("eyebrow", "heading", "offer_line", "points_heading", "points", "button_label")


def private_storage() -> FileSystemStorage:
    """Where videos lie: no URL leads there, only the view that checks the link."""
    return FileSystemStorage(location=private_media_root(), base_url=None)


def _private_name(folder: str, filename: str) -> str:
    return f"{folder}/{uuid4().hex}{PurePath(filename).suffix.lower()}"


def video_file_name(_video: "Video", filename: str) -> str:
    """A name that tells neither the coach nor the series to whoever sees a download list."""
    return _private_name("videos", filename)


def captions_file_name(_video: "Video", filename: str) -> str:
    """The same for captions."""
    return _private_name("captions", filename)


def poster_file_name(_video: "Video", filename: str) -> str:
    """The same for the still picture."""
    return _private_name("posters", filename)


class StuckCycle(models.Model):
    """A pattern a reader may recognise, offered in the words of the experience."""

    code = models.SlugField(
        max_length=40,
        unique=True,
        help_text="A short name used behind the scenes. It stays when you reword the rest.",
    )
    name = models.CharField(
        max_length=80, help_text="What you call this cycle among professionals, for your own lists."
    )
    experience = models.CharField(
        "in the reader’s words",
        max_length=160,
        help_text="The sentence a reader chooses on the form, for example “I keep asking and "
        "nothing changes”. Nobody has to call herself anything.",
    )
    description = models.TextField(
        blank=True,
        help_text="One or two paragraphs about how it feels and what keeps it up.",
    )
    mailchimp_tag = models.CharField(
        "tag in Mailchimp",
        max_length=100,
        unique=True,
        help_text="The tag a lead gets in Mailchimp for this cycle. Readers never see it.",
    )
    sort_order = models.PositiveSmallIntegerField("position on the form", default=0)

    class Meta:
        ordering = ("sort_order", "pk")
        verbose_name = "cycle"

    def __str__(self) -> str:
        return self.name

    @property
    def place(self) -> tuple[int, int]:
        """Where it stands among the cycles; sorts like `Meta.ordering`."""
        return (self.sort_order, self.pk)

    def clean(self) -> None:
        """Refuse the short names that stand for “no cycle” where a reader chooses."""
        if self.code in (DEFAULT_WORDS, NO_CYCLE):
            raise ValidationError({"code": f"“{self.code}” has a meaning already. Choose another."})


class VideoSeries(ClusterableModel):
    """The free videos a person gets for an address, in order."""

    name = models.CharField(
        max_length=120, help_text="For your own lists; visitors read the title instead."
    )
    title = models.CharField(max_length=160, help_text="The heading above the videos.")
    introduction = models.TextField(blank=True, help_text="A few sentences above the first video.")
    mailchimp_tag = models.CharField(
        "tag in Mailchimp",
        max_length=100,
        unique=True,
        help_text="The tag in Mailchimp of everybody who asked for this series.",
    )
    release = models.CharField(
        "when the videos open",
        max_length=30,
        choices=ReleaseRule.choices,
        default=ReleaseRule.ALL_AT_ONCE,
        help_text="Whoever asks for a single mail gets them all at once in any case.",
    )

    class Meta:
        ordering = ("name",)
        verbose_name = "video series"
        verbose_name_plural = "video series"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(release__in=ReleaseRule.values), name="release_rule_is_known"
            )
        ]

    def __str__(self) -> str:
        return self.name


class Video(Orderable):
    """One video with what a person needs who can’t or won’t listen to it."""

    series = ParentalKey(VideoSeries, related_name="videos", on_delete=models.CASCADE)
    title = models.CharField(max_length=160)
    summary = models.TextField(blank=True, help_text="One or two sentences beside the video.")
    file = models.FileField(
        "video file",
        storage=private_storage,
        upload_to=video_file_name,
        validators=[FileExtensionValidator(["mp4", "webm"])],
        help_text="MP4 (H.264) plays everywhere. It is only reachable through a private link.",
    )
    captions = models.FileField(
        storage=private_storage,
        upload_to=captions_file_name,
        blank=True,
        validators=[FileExtensionValidator(["vtt"])],
        help_text="A WebVTT file (.vtt). Captions are on from the start: nobody needs sound.",
    )
    poster = models.FileField(
        "still picture",
        storage=private_storage,
        upload_to=poster_file_name,
        blank=True,
        validators=[FileExtensionValidator(["jpg", "jpeg", "png", "webp", "avif"])],
        help_text="Shown until a person presses play.",
    )
    transcript = models.TextField(
        blank=True, help_text="The whole text, for whoever would rather read."
    )
    duration_seconds = models.PositiveIntegerField(
        "length in seconds", default=0, help_text="Shown beside the title; 0 shows nothing."
    )

    def __str__(self) -> str:
        return self.title


@dataclass(frozen=True, kw_only=True)
class InvitationWords:
    """The words of a call to action as some readers meet them: everybody, or those of a cycle."""

    code: str
    eyebrow: str
    heading: str
    offer_line: str
    points_heading: str
    points: str
    button_label: str

    @property
    def point_list(self) -> list[str]:
        """The points, one string each, without the empty lines a person leaves while writing."""
        return [line.strip() for line in self.points.splitlines() if line.strip()]


class CallToAction(ClusterableModel):
    """An invitation written once and placed in many articles; changing it changes them all."""

    name = models.CharField(
        max_length=120, unique=True, help_text="For your own lists; readers don’t see it."
    )
    eyebrow = models.CharField("line above the heading", max_length=160, blank=True)
    heading = models.CharField(max_length=160)
    offer_line = models.CharField(
        "the offer in one line",
        max_length=160,
        blank=True,
        help_text="For example “Three free five-minute videos”.",
    )
    points_heading = models.CharField(
        "line above the points", max_length=160, blank=True, help_text="For example “Learn about:”."
    )
    points = models.TextField(blank=True, help_text="One point to a line.")
    button_label = models.CharField(max_length=60, default="Send me the videos")
    goal = models.CharField(
        "what it leads to",
        max_length=20,
        choices=CallToActionGoal.choices,
        default=CallToActionGoal.OPT_IN,
    )
    link_url = models.URLField(
        "address of the page", blank=True, help_text="Only where it opens another page."
    )
    series = models.ForeignKey(
        VideoSeries,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="calls_to_action",
        help_text="Which videos it offers. Left empty: the series chosen in the funnel’s settings.",
    )

    class Meta:
        ordering = ("name",)
        verbose_name = "call to action"
        verbose_name_plural = "calls to action"
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(goal=CallToActionGoal.LINK) | ~models.Q(link_url=""),
                name="call_to_action_link_has_url",
                violation_error_message="Say which page this opens: fill in its address.",
            )
        ]

    def __str__(self) -> str:
        return self.name

    @cached_property
    def all_words(self) -> list[InvitationWords]:
        """The usual words, then those of each variant in the order of the cycles.

        A variant without a word of its own is none: that is how a coach takes one back that
        people came through.
        """
        usual = InvitationWords(code=DEFAULT_WORDS, **{name: getattr(self, name) for name in WORDS})
        return [usual, *(each.words_beside(usual) for each in self._shown_variants)]

    @property
    def variant_codes(self) -> list[str]:
        """The cycles that have words of their own here."""
        return [words.code for words in self.all_words[1:]]

    @property
    def button_labels(self) -> list[tuple[str, str]]:
        """What the button says, as pairs of code and label: the usual label first."""
        return [(words.code, words.button_label) for words in self.all_words]

    def variant_for(self, code: str) -> "CallToActionVariant | None":
        """Return the variant whose words readers of a cycle see; None where they see the usual."""
        return next((each for each in self._shown_variants if each.cycle.code == code), None)

    @property
    def _shown_variants(self) -> list["CallToActionVariant"]:
        variants = self.variants.select_related("cycle")
        shown = (each for each in variants if each.has_own_words)
        return sorted(shown, key=lambda each: each.cycle.place)


class CallToActionVariant(models.Model):
    """Other words for the same invitation, for whoever says that one cycle sounds like her.

    Its cycle never changes and it stays once people came through it, so that an opt-in can name it.
    """

    call_to_action = ParentalKey(CallToAction, on_delete=models.CASCADE, related_name="variants")
    cycle = models.ForeignKey(
        StuckCycle, on_delete=models.PROTECT, related_name="+", verbose_name="for whoever says"
    )
    eyebrow = models.CharField("line above the heading", max_length=160, blank=True)
    heading = models.CharField(max_length=160, blank=True)
    offer_line = models.CharField("the offer in one line", max_length=160, blank=True)
    points_heading = models.CharField("line above the points", max_length=160, blank=True)
    points = models.TextField(blank=True, help_text="One point to a line.")
    button_label = models.CharField(max_length=60, blank=True)

    class Meta:
        ordering = ("pk",)
        verbose_name = "variant of a call to action"
        verbose_name_plural = "variants of calls to action"
        constraints = [
            models.UniqueConstraint(
                fields=("call_to_action", "cycle"), name="call_to_action_variant_per_cycle"
            )
        ]

    def __str__(self) -> str:
        return f"{self.call_to_action}, for {self.cycle}"

    @property
    def has_own_words(self) -> bool:
        """Whether anything here differs from the usual words."""
        return any(getattr(self, name).strip() for name in WORDS)

    def words_beside(self, usual: InvitationWords) -> InvitationWords:
        """Return these words, with the usual ones where a line was left empty."""
        own = {name: getattr(self, name) for name in WORDS}
        return InvitationWords(
            code=self.cycle.code,
            **{name: text if text.strip() else getattr(usual, name) for name, text in own.items()},
        )
