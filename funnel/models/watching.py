"""How far a person has come with a series of videos."""

from django.db import models

from .content import Video, VideoSeries
from .leads import Lead
from .opt_ins import OptIn


class SeriesRun(models.Model):
    """One person's way through one series: begun with the confirmation, perhaps finished."""

    lead = models.ForeignKey(Lead, on_delete=models.CASCADE, related_name="series_runs")
    series = models.ForeignKey(VideoSeries, on_delete=models.CASCADE, related_name="runs")
    opt_in = models.ForeignKey(
        OptIn, null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-started_at", "-pk")
        constraints = [
            models.UniqueConstraint(fields=("lead", "series"), name="one_run_of_a_series")
        ]

    def __str__(self) -> str:
        return f"Run {self.pk}"


class VideoProgress(models.Model):
    """The farthest quarter of a video that a person has reached: 0 is opened, 4 is watched."""

    lead = models.ForeignKey(Lead, on_delete=models.CASCADE, related_name="video_progress")
    video = models.ForeignKey(Video, on_delete=models.CASCADE, related_name="progress")
    quarter = models.PositiveSmallIntegerField("quarters watched", default=0)
    began_at = models.DateTimeField()
    watched_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("began_at", "pk")
        constraints = [
            models.UniqueConstraint(fields=("lead", "video"), name="one_progress_of_a_video"),
            models.CheckConstraint(
                condition=models.Q(quarter__lte=4), name="a_video_has_four_quarters"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.quarter} of 4 quarters"
