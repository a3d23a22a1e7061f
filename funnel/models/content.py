"""What the coach writes for the funnel: cycles, calls to action and the videos."""

from pathlib import PurePath
from uuid import uuid4

from django.core.files.storage import FileSystemStorage
from django.core.validators import FileExtensionValidator
from django.db import models
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.models import Orderable

from funnel.choices import CallToActionGoal
from funnel.conf import private_media_root


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

    class Meta:
        ordering = ("name",)
        verbose_name = "video series"
        verbose_name_plural = "video series"

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


class CallToAction(models.Model):
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

    @property
    def point_list(self) -> list[str]:
        """The points, one string each, without the empty lines a person leaves while writing."""
        return [line.strip() for line in self.points.splitlines() if line.strip()]
