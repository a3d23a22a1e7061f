"""A person's way through the mails that follow, by a clock that jumps from one to the next."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.core import mail

from funnel.choices import LinkPurpose, OutboxState, ReleaseRule
from funnel.models import FunnelSettings, Lead, OptIn, OutboxEntry, PrivateLink, VideoSeries
from funnel.services.clock import run_clock
from funnel.services.links import create_link
from funnel.services.watching import say_watched
from tests.factories.watching import series_of

NEW_YORK = ZoneInfo("America/New_York")


@dataclass
class Reader:
    """Somebody who has confirmed, and every mail that came afterwards with the hour it came."""

    visitor: Any
    series: VideoSeries
    lead: Lead
    mails: list[tuple[str, str]] = field(default_factory=list)
    zone: ZoneInfo = NEW_YORK

    @property
    def link(self) -> PrivateLink:
        """A link that opens her videos."""
        opt_in = OptIn.objects.filter(lead=self.lead).latest("pk")
        return create_link(
            purpose=LinkPurpose.VIDEOS, lead=self.lead, opt_in=opt_in, now=self.visitor.clock()
        )[0]

    def watch(self, number: int) -> None:
        """Watch one of the videos, counted from one."""
        video = list(self.series.videos.all())[number - 1]
        say_watched(link=self.link, video_id=video.pk, now=self.visitor.clock())

    def go_to(self, moment: datetime) -> None:
        """Let time pass to a moment, and the worker do on the way what falls due."""
        while True:
            waiting = OutboxEntry.objects.filter(state=OutboxState.PENDING, due_at__lte=moment)
            entry = waiting.order_by("due_at").first()
            self._jump(entry.due_at if entry else moment)
            if entry is None:
                return

    def wait(self, **duration: float) -> None:
        """Let time pass for the given timedelta arguments."""
        self.go_to(self.visitor.clock() + timedelta(**duration))

    def wait_until(self, text: str) -> None:
        """Let time pass to an hour in her zone, as in “2026-05-05 10:00”."""
        self.go_to(datetime.fromisoformat(text).replace(tzinfo=self.zone))

    def _jump(self, moment: datetime) -> None:
        now = self.visitor.clock()
        if moment > now:
            self.visitor.move(seconds=(moment - now).total_seconds())
        sent = len(mail.outbox)
        run_clock(now=self.visitor.clock())
        self.visitor.work()
        local = self.visitor.clock().astimezone(self.zone)
        self.mails += [(f"{local:%d %b %H:%M}", each.subject) for each in mail.outbox[sent:]]


def become_reader(
    visitor: Any,
    *,
    release: ReleaseRule = ReleaseRule.ALL_AT_ONCE,
    before_confirming: Callable[[], object] = lambda: None,
    **answers: Any,
) -> Reader:
    """Opt in for a series of three videos, and confirm: from the form to the videos' mail."""
    series = series_of(3, release=release)
    FunnelSettings.load()
    FunnelSettings.objects.update(series=series)
    before_confirming()
    lead = visitor.become_confirmed(**answers)
    return Reader(visitor=visitor, series=series, lead=lead)
