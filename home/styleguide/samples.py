"""Made-up objects of every kind, none of which is ever saved."""

from datetime import UTC, date, datetime
from typing import Any

from django.http import HttpRequest

from cms.models import (
    ArticlePage,
    SiteImage,
    SiteSettings,
    SupportPlace,
    SupportSignpost,
    Topic,
)
from cms.queries import frame
from funnel.models import CallToAction, CallToActionVariant, StuckCycle, Video, VideoSeries
from funnel.queries.videos import WATCHED, VideoState

LONGEST_WORD = "Donaudampfschifffahrtsgesellschaftskapitänswitwenrente"
ADDRESS = "somebody@example.test"


def picture() -> SiteImage | None:
    """Any picture the site has."""
    image: SiteImage | None = SiteImage.objects.order_by("pk").first()
    return image


def signposts() -> list[SupportSignpost]:
    """Two countries: the first stands open, the second waits for a press."""
    first = SupportSignpost(
        country="Sampleland", emergency_number="911", note="All of them are free and open at night."
    )
    first.places = [
        SupportPlace(
            name="The Sample Helpline",
            phone="1-800-555-0100",
            website="https://help.example.test/",
            note="Day and night, in confidence. They also answer by chat.",
        ),
        SupportPlace(name=LONGEST_WORD, phone="+1 555 0101"),
        SupportPlace(name="A place without a telephone", website="https://place.example.test/"),
    ]
    second = SupportSignpost(country="Elsewhere")
    second.places = [SupportPlace(name="Another helpline", phone="0555 0102")]
    return [first, second]


def dressed(request: HttpRequest, *, palette: str = "") -> SiteSettings:
    """Fill the gaps in the site's facts, for this request only, and let it wear a palette."""
    facts = frame.site_settings(request)
    facts.palette = palette or facts.palette
    facts.coach_name = facts.coach_name or "Ada Sample"
    facts.coach_summary = facts.coach_summary or "Ada Sample has sat with couples for years."
    facts.coach_portrait = facts.coach_portrait or picture()
    facts.contact_address = facts.contact_address or "hello@example.test"
    facts.booking_url = facts.booking_url or "https://booking.example.test/"
    frame.once_a_request(request, "signposts", signposts)
    return facts


def cycles(request: HttpRequest) -> list[StuckCycle]:
    """The site's cycles, or one that is made up where it has none."""
    known = [item.cycle for item in frame.cycles_on_pages(request)]
    return known or [StuckCycle(code="asking", experience="I keep asking and nothing changes")]


def call_to_action(**words: Any) -> CallToAction:
    """An invitation to the videos."""
    return CallToAction(
        **{
            "name": "Sample",
            "eyebrow": "An invitation",
            "heading": "If you are the one who would like it to change",
            "offer_line": "Three free videos of five minutes each.",
            "points_heading": "What we’ll talk about",
            "points": "Why helping can feel like nagging\nWhat one of two can do\nWhen to stop",
            **words,
        }
    )


def call_to_action_with_variants(request: HttpRequest) -> CallToAction:
    """The same with other words for the first cycle."""
    invitation = call_to_action(name="Sample with variants")
    cycle = cycles(request)[0]
    invitation.variants = [
        CallToActionVariant(cycle=cycle, heading=f"For whoever says: {cycle.experience}")
    ]
    return invitation


def article(title: str, *, image: SiteImage | None = None, teaser: str = "") -> ArticlePage:
    """An article that stands nowhere; its link leads to the page it is shown on."""
    sample = ArticlePage(
        title=title,
        slug="sample",
        introduction=teaser
        or "Some couples never decide to fight. It happens to them, on a Tuesday, at ten.",
        published_on=date(2026, 3, 1),
        image=image,
        body=[("paragraph", "<p>" + "word " * 900 + "</p>")],
    )
    sample.topics = [Topic(name="Asking", slug="asking"), Topic(name="Anger", slug="anger")]
    sample.get_url = lambda *args, **kwargs: "?"
    return sample


def headings() -> list[dict[str, str]]:
    """What a list of contents leads to; here, to the top."""
    words = ("Where it lives", "What it eats", LONGEST_WORD)
    return [{"anchor": "main", "words": each} for each in words]


def topics() -> list[dict[str, Any]]:
    """Topics with the number of their articles."""
    names = ("Asking and waiting", "Arguments", LONGEST_WORD)
    return [{"name": name, "url": "?", "number": number} for number, name in enumerate(names)]


def series() -> VideoSeries:
    """The series without its videos."""
    return VideoSeries(
        title="Three short videos", introduction="For the one of two who would like it to change."
    )


def video_states() -> list[VideoState]:
    """One video half watched, one that opens on a day, one that opens after it."""
    first, second, third = videos()
    opens_at = datetime(2026, 3, 4, 21, 30, tzinfo=UTC)
    return [
        VideoState(
            video=first,
            number=1,
            is_open=True,
            opens_at=opens_at,
            began_at=opens_at,
            quarter=2,
            takes_a_word=True,
        ),
        VideoState(video=second, number=2, is_open=False, opens_at=opens_at),
        VideoState(
            video=third, number=3, is_open=False, opens_at=None, opens_after=second, is_last=True
        ),
    ]


def watched_states() -> list[VideoState]:
    """Every video watched."""
    day = datetime(2026, 3, 4, 21, 30, tzinfo=UTC)
    return [
        VideoState(
            video=video,
            number=number,
            is_open=True,
            opens_at=day,
            began_at=day,
            watched_at=day,
            quarter=WATCHED,
        )
        for number, video in enumerate(videos(), start=1)
    ]


def videos() -> list[Video]:
    """Three videos whose files nobody will find."""
    return [
        Video(
            pk=number,
            title=title,
            summary="What helping does, and what it does not.",
            file="sample.mp4",
            captions="sample.vtt",
            transcript="One says it.\n\nThe other hears it.",
            duration_seconds=290 + number,
        )
        for number, title in enumerate(("Asking", "Helping", LONGEST_WORD), start=1)
    ]
