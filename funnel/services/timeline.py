"""The whole sequence as a coach looks at it beforehand: for an opt-in now, which mail leaves when.

It asks the same functions that plan the real mails, about a reader that nobody wrote down.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.urls import reverse
from django.utils.formats import date_format

from funnel.choices import OutboxKind, ReleaseRule, SenderChoice, SequenceMailKind
from funnel.conf import site_url
from funnel.models import FunnelSettings, Lead, SequenceMail, SeriesRun, Video, VideoSeries
from funnel.queries.sequence import sequence_mails
from funnel.queries.videos import WATCHED, VideoState, zone_of

from .mail import SUBJECT, Message, WrittenMail, sender_for, write_mail
from .messages import VIDEOS_SUBJECT, following_message, invitation_url
from .sequence import next_send_time, wishes_of_run

# Links of a preview open nothing.
TOKEN = "a-link-of-its-own-for-every-mail"  # noqa: S105
BETWEEN = timedelta(minutes=2)
CONFIRM, VIDEOS = "confirm", "videos"


@dataclass(frozen=True, kw_only=True)
class ListLine:
    """How a mail looks in a list of mails, for one of the choices a person has."""

    choice: SenderChoice
    sender: str
    subject: str
    beginning: str


@dataclass(frozen=True, kw_only=True)
class PlannedMail:
    """One mail of the time line: when it would leave, on which condition, and how it shows up."""

    name: str
    title: str
    leaves_at: datetime
    condition: str
    lines: list[ListLine]
    mail: SequenceMail | None = None

    @property
    def leaves_on(self) -> str:
        """When it leaves, in words, in the zone it was reckoned in."""
        return date_format(self.leaves_at, "l, j F, H:i")


@dataclass(frozen=True, kw_only=True)
class Timeline:
    """The sequence of one series."""

    series: VideoSeries | None
    zone: str
    mails: list[PlannedMail]


def timeline(*, now: datetime) -> Timeline:
    """Return every mail of the site's own series, for somebody who opts in and confirms now.

    She watches each video as it opens, except where a mail is for who does not.
    """
    funnel_settings = FunnelSettings.load()
    series, mails = funnel_settings.series, sequence_mails()
    zone = zone_of(Lead())
    found = [
        _line(CONFIRM, "The link to confirm", now, "At once, at night too: somebody waits for it."),
        _line(
            VIDEOS, "The link to the videos", now + BETWEEN, "As soon as the link was confirmed."
        ),
    ]
    for kind, video, moment, condition in _following(series, mails, now=now):
        mail = mails[kind]
        title = f"{mail.get_kind_display()}: {video.title}" if video else mail.get_kind_display()
        leaves_at = next_send_time(not_before=moment, zone=zone)
        found.append(_line(kind, title, leaves_at, condition, mail=mail))
    return Timeline(series=series, zone=str(zone), mails=found)


def _following(
    series: VideoSeries | None, mails: dict[str, SequenceMail], *, now: datetime
) -> list[tuple[str, Video | None, datetime, str]]:
    videos = list(series.videos.all()) if series else []
    if series is None or not videos:
        return []
    last = len(videos) - 1
    day = timedelta(days=0 if series.release == ReleaseRule.ALL_AT_ONCE else 1)
    opened = [now + day * number for number in range(len(videos))]
    run = SeriesRun(lead=Lead(), series=series, started_at=now)
    unseen = [
        VideoState(video=video, number=n + 1, is_open=True, opens_at=opened[n])
        for n, video in enumerate(videos)
    ]
    seen = [
        VideoState(
            video=video,
            number=n + 1,
            is_open=True,
            opens_at=opened[n],
            quarter=WATCHED,
            began_at=opened[n],
            watched_at=opened[n],
        )
        for n, video in enumerate(videos)
    ]
    finished = SeriesRun(lead=Lead(), series=series, started_at=now, finished_at=opened[last])
    wishes = [
        wish
        for wish in wishes_of_run(run=run, states=unseen, mails=mails)
        if wish.kind != OutboxKind.INVITATION_MAIL
    ] + [
        wish
        for wish in wishes_of_run(run=finished, states=seen, mails=mails)
        if wish.kind == OutboxKind.INVITATION_MAIL and not wish.silent_reason
    ]
    names = {
        OutboxKind.NEXT_VIDEO_MAIL: SequenceMailKind.NEXT_VIDEO,
        OutboxKind.NUDGE_MAIL: SequenceMailKind.NUDGE,
        OutboxKind.INVITATION_MAIL: SequenceMailKind.INVITATION,
    }
    conditions = {
        OutboxKind.NEXT_VIDEO_MAIL: "Only if this video has not been opened by then."
        if series.release == ReleaseRule.A_DAY_APART
        else "Only if this video has not been opened by then. Here the one before it is watched a "
        "day earlier; it opens with that.",
        OutboxKind.NUDGE_MAIL: "Only if nothing has been watched by then.",
        OutboxKind.INVITATION_MAIL: "After the last video was watched; here each is watched on "
        "the day it opens. Where we can’t know, a week after the last one opened.",
    }
    return [
        (names[wish.kind], wish.video, wish.not_before, conditions[wish.kind])
        for wish in sorted(wishes, key=lambda wish: wish.not_before)
    ]


def _line(
    name: str, title: str, leaves_at: datetime, condition: str, *, mail: SequenceMail | None = None
) -> PlannedMail:
    return PlannedMail(
        name=name,
        title=title,
        leaves_at=leaves_at.astimezone(zone_of(Lead())),
        condition=condition,
        mail=mail,
        lines=[_list_line(name, choice) for choice in offered_choices()],
    )


def offered_choices() -> list[SenderChoice]:
    """Return the choices a person has here: one, where the site has no neutral name."""
    if FunnelSettings.load().neutral_sender_name:
        return list(SenderChoice)
    return [SenderChoice.COACH]


def _list_line(name: str, choice: SenderChoice) -> ListLine:
    written = sample_mail(name=name, choice=choice)
    return ListLine(
        choice=choice,
        sender=sender_for(choice, funnel_settings=FunnelSettings.load()).name,
        subject=written.subject,
        beginning=" ".join(written.text.split())[:90],
    )


def sample_mail(*, name: str, choice: str) -> WrittenMail:
    """Write a mail of the time line with links that open nothing; raises `KeyError` for no mail."""
    lead = Lead(sender_choice=choice)
    links = {
        each: site_url() + reverse(f"funnel:{view}", args=[TOKEN])
        for each, view in (
            ("confirm_url", "confirm"),
            ("videos_url", "open_videos"),
            ("leave_url", "leave"),
        )
    }
    if name == CONFIRM:
        message = Message(
            lead=lead,
            template="funnel/mail/confirm",
            context={"confirm_url": links["confirm_url"]},
            subject=SUBJECT,
        )
    elif name == VIDEOS:
        message = Message(
            lead=lead,
            template="funnel/mail/videos",
            context={"videos_url": links["videos_url"]},
            subject=VIDEOS_SUBJECT,
            leave_url=links["leave_url"],
        )
    else:
        mail = sequence_mails()[name]
        is_invitation = mail.kind == SequenceMailKind.INVITATION
        message = following_message(
            mail=mail,
            lead=lead,
            url=invitation_url() if is_invitation else links["videos_url"],
            leave_url=links["leave_url"],
        )
    return write_mail(message)
