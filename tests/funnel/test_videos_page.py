"""The page behind a private link: what is on it, what is not, and who may press what."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from bs4 import BeautifulSoup, Tag
from django.test import Client
from django.urls import reverse

from funnel.choices import LinkPurpose, ReleaseRule
from funnel.models import OptIn, PrivateLink, SeriesRun, Video, VideoProgress
from funnel.services.links import LIFETIMES, create_link
from tests.factories.leads import VideoFactory
from tests.factories.watching import open_link, opted_in, progress_of, run_of, series_of

pytestmark = pytest.mark.django_db

WATCH = "/free-videos/watch/"
SAME = {"Origin": "http://testserver"}
PARTS = ("file", "captions", "poster")
ELSEWHERE: list[dict[str, str]] = [
    {},
    {"Origin": "https://elsewhere.test"},
    {"Origin": "null"},
    {"Sec-Fetch-Site": "cross-site", "Origin": "http://testserver"},
    {"Sec-Fetch-Site": "none"},
]


@pytest.fixture
def travel(now: datetime, time_machine: Any) -> Callable[..., datetime]:
    """Begin at `now`; return a function that moves the time by what timedelta takes."""
    time_machine.move_to(now, tick=False)
    moment = now

    def move(**duration: float) -> datetime:
        nonlocal moment
        moment += timedelta(**duration)
        time_machine.move_to(moment, tick=False)
        return moment

    return move


@pytest.fixture
def person(now: datetime, travel: Callable[..., datetime]) -> Callable[..., tuple[Client, OptIn]]:
    """Return a function that lets somebody in: her browser, and what she asked for."""

    def let_in(release: ReleaseRule = ReleaseRule.ALL_AT_ONCE) -> tuple[Client, OptIn]:
        opt_in = opted_in(series_of(3, release=release), created_at=now)
        run_of(opt_in, started_at=now)
        client = Client()
        enter(client, opt_in)
        return client, opt_in

    return let_in


def enter(client: Client, opt_in: OptIn) -> None:
    """Follow a fresh link to the videos."""
    _, token = open_link(opt_in, now=opt_in.submitted_at)
    answer = client.get(reverse("funnel:open_videos", args=[token]))
    assert (answer.status_code, answer.headers["Location"]) == (303, WATCH)


def videos_of(opt_in: OptIn) -> list[Video]:
    assert opt_in.call_to_action is not None
    assert opt_in.call_to_action.series is not None
    return list(opt_in.call_to_action.series.videos.all())


def entries(client: Client) -> list[Tag]:
    """The videos on the page, in the order in which they stand there."""
    answer = client.get(WATCH)
    assert answer.status_code == 200
    return list(BeautifulSoup(answer.content, "html.parser").select("article.video"))


def part(video: Video, name: str) -> str:
    return f"{WATCH}{video.pk}/{name}/"


def test_the_first_video_is_large_silent_captioned_and_waits(person: Any) -> None:
    client, _ = person()
    first, *others = entries(client)
    assert "video--large" in first["class"]
    assert not any("video--large" in other["class"] for other in others)
    (video,) = first.select("video")
    for name in ("controls", "muted", "playsinline"):
        assert video.has_attr(name), name
    assert not video.has_attr("autoplay")
    assert video["preload"] == "metadata"
    (track,) = video.select("track[kind=captions]")
    assert track.has_attr("default")
    assert len(first.select("[data-video-start]")) == 1
    assert "The words of part 1." in first.select_one("details").text
    assert [other.select_one("video")["preload"] for other in others] == ["none", "none"]


def test_nothing_of_a_locked_video_is_served_before_it_opens(
    person: Any, travel: Callable[..., datetime]
) -> None:
    client, opt_in = person(ReleaseRule.A_DAY_APART)
    first, second, _ = videos_of(opt_in)
    _, locked, _ = entries(client)
    assert not locked.select("video, details, form, source, img")
    assert "It opens on Tuesday, May 5, at " in locked.text
    page = client.get(WATCH).content.decode()
    assert "The words of part 1." in page
    assert "The words of part 2." not in page
    for name in PARTS:
        assert client.get(part(first, name)).status_code == 200
        assert client.get(part(second, name)).status_code == 404
        assert client.head(part(second, name)).status_code == 404
    travel(days=1)
    _, now_open, locked = entries(client)
    assert now_open.select("video")
    assert not locked.select("video")
    for name in PARTS:
        assert client.get(part(second, name)).status_code == 200


def test_when_a_video_opens_is_told_in_the_persons_time(person: Any) -> None:
    client, opt_in = person(ReleaseRule.A_DAY_APART)
    for zone, words in (
        ("America/New_York", "Tuesday, May 5, at 5:30 PM."),
        ("Asia/Tokyo", "Wednesday, May 6, at 6:30 AM."),
    ):
        opt_in.lead.time_zone = zone
        opt_in.lead.save()
        assert words in entries(client)[1].text


def test_each_after_the_one_before_by_the_persons_own_word(person: Any) -> None:
    client, opt_in = person(ReleaseRule.AFTER_THE_ONE_BEFORE)
    _, second, _ = videos_of(opt_in)
    assert "It opens once you have watched “Part 1”." in entries(client)[1].text
    (form,) = entries(client)[0].select("form[method=post]")
    assert "I have watched it" in form.text
    assert client.get(part(second, "file")).status_code == 404

    answer = client.post(str(form["action"]), headers=SAME)
    assert (answer.status_code, answer.headers["Location"]) == (303, WATCH)
    current, watched, locked = entries(client)
    assert "Part 2" in current.h2.text
    assert "Watched." in watched.text
    assert not watched.select("form")
    assert "once you have watched “Part 2”" in locked.text
    assert client.get(part(second, "file")).status_code == 200


def test_the_button_for_ones_word_needs_no_scripts_under_any_rule(person: Any) -> None:
    client, _ = person()
    assert all(entry.select("noscript form[action$='/watched/']") for entry in entries(client))


def test_the_page_goes_on_where_the_person_left_on_any_device(person: Any, now: datetime) -> None:
    client, opt_in = person()
    first, second, _ = videos_of(opt_in)
    progress_of(opt_in.lead, first, quarter=4, began_at=now)
    progress_of(opt_in.lead, second, quarter=2, began_at=now)
    elsewhere = Client()
    enter(elsewhere, opt_in)
    for browser in (client, elsewhere):
        current = entries(browser)[0]
        assert "Part 2" in current.h2.text
        assert current.select_one("video")["data-quarter"] == "2"
        assert "Half of it watched. It goes on from there." in current.text


def test_after_the_last_one_the_page_offers_to_talk(person: Any, now: datetime) -> None:
    client, opt_in = person()
    assert "You have watched them all" not in client.get(WATCH).content.decode()
    for video in videos_of(opt_in):
        client.post(part(video, "watched"), headers=SAME)
    assert SeriesRun.objects.get().finished_at == now
    assert "You have watched them all" in client.get(WATCH).content.decode()


class TestWhatTheScriptTells:
    """POSTs of quarters."""

    def test_a_quarter_counts(self, person: Any, travel: Callable[..., datetime]) -> None:
        client, opt_in = person()
        url = part(videos_of(opt_in)[0], "progress")
        assert client.post(url, {"quarter": "0"}, headers=SAME).status_code == 204
        travel(seconds=25)
        assert client.post(url, {"quarter": "1"}, headers=SAME).status_code == 204
        assert VideoProgress.objects.get().quarter == 1

    def test_too_early_says_how_long_to_wait(self, person: Any) -> None:
        client, opt_in = person()
        url = part(videos_of(opt_in)[0], "progress")
        answer = client.post(url, {"quarter": "4"}, headers=SAME)
        assert (answer.status_code, answer.headers["Retry-After"]) == (409, "45")
        assert VideoProgress.objects.get().quarter == 0

    @pytest.mark.parametrize("quarter", ["", "5", "-1", "1.0", "٣", "x", "\x00", "9" * 5000])
    def test_what_is_no_quarter_is_refused(self, person: Any, quarter: str) -> None:
        client, opt_in = person()
        url = part(videos_of(opt_in)[0], "progress")
        assert client.post(url, {"quarter": quarter}, headers=SAME).status_code == 400
        assert client.post(url, headers=SAME).status_code == 400
        assert not VideoProgress.objects.exists()

    @pytest.mark.parametrize("headers", ELSEWHERE)
    @pytest.mark.parametrize("name", ["progress", "watched"])
    def test_another_site_watches_nothing(
        self, person: Any, name: str, headers: dict[str, str]
    ) -> None:
        client, opt_in = person()
        url = part(videos_of(opt_in)[0], name)
        assert client.post(url, {"quarter": "0"}, headers=headers).status_code == 403
        assert not VideoProgress.objects.exists()

    @pytest.mark.parametrize("name", ["progress", "watched"])
    def test_nothing_counts_by_a_get_or_without_the_link(self, person: Any, name: str) -> None:
        client, opt_in = person()
        url = part(videos_of(opt_in)[0], name)
        assert client.get(f"{url}?quarter=0").status_code == 405
        stranger = Client().post(url, {"quarter": "0"}, headers=SAME)
        assert stranger.status_code == 410
        assert not VideoProgress.objects.exists()

    @pytest.mark.parametrize("name", ["progress", "watched"])
    def test_a_locked_video_or_anothers_counts_for_nothing(self, person: Any, name: str) -> None:
        client, opt_in = person(ReleaseRule.A_DAY_APART)
        for video in (videos_of(opt_in)[1], VideoFactory()):
            answer = client.post(part(video, name), {"quarter": "0"}, headers=SAME)
            assert answer.status_code == 404
        assert not VideoProgress.objects.exists()

    def test_a_get_of_the_page_and_its_files_changes_nothing(self, person: Any) -> None:
        client, opt_in = person()
        for video in videos_of(opt_in):
            for name in PARTS:
                b"".join(client.get(part(video, name)).streaming_content)
        client.get(WATCH)
        assert not VideoProgress.objects.exists()


class TestLinks:
    """A token opens one thing, for one person, for as long as it says."""

    PURPOSES = {
        LinkPurpose.CONFIRM: "confirm",
        LinkPurpose.VIDEOS: "open",
        LinkPurpose.LEAVE: "leave",
    }

    def refused(self, path: str, *, method: str = "get") -> None:
        answer = getattr(Client(), method)(f"/free-videos/{path}", headers=SAME)
        page = answer.content.decode()
        assert answer.status_code == 410, path
        assert "Ask for a new link" in page
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["Referrer-Policy"] == "same-origin"
        assert answer.headers["X-Robots-Tag"] == "noindex, nofollow"
        assert not answer.cookies

    @pytest.mark.parametrize("purpose", PURPOSES)
    def test_a_tampered_token_opens_nothing(
        self, person: Any, purpose: LinkPurpose, now: datetime
    ) -> None:
        _, opt_in = person()
        _, token = create_link(purpose=purpose, lead=opt_in.lead, opt_in=opt_in, now=now)
        name = self.PURPOSES[purpose]
        assert Client().get(f"/free-videos/{name}/{token}/").status_code in {200, 303}
        last = "A" if token[-1] != "A" else "B"
        tampered = [token[:-1], token[:-1] + last, token + "A", token.swapcase(), "-", "x" * 3000]
        for bad in tampered:
            self.refused(f"{name}/{bad}/")

    def test_a_link_for_one_thing_opens_no_other(self, person: Any, now: datetime) -> None:
        _, opt_in = person()
        for purpose in LinkPurpose:
            if purpose not in LIFETIMES:
                continue
            _, token = create_link(purpose=purpose, lead=opt_in.lead, opt_in=opt_in, now=now)
            for other, name in self.PURPOSES.items():
                if other != purpose:
                    self.refused(f"{name}/{token}/")
                    if name != "open":
                        self.refused(f"{name}/{token}/", method="post")

    def test_a_link_opens_until_its_last_moment(
        self, person: Any, travel: Callable[..., datetime]
    ) -> None:
        client, opt_in = person()
        link, token = open_link(opt_in, now=opt_in.submitted_at)
        travel(days=365, microseconds=-1)
        assert Client().get(f"/free-videos/open/{token}/").status_code == 303
        travel(microseconds=1)
        self.refused(f"open/{token}/")
        # Nor does the page that it opened before.
        assert client.get(WATCH).status_code == 410
        assert link.expires_at == opt_in.submitted_at + timedelta(days=365)

    def test_the_database_knows_no_token(self, person: Any, now: datetime) -> None:
        _, opt_in = person()
        link, token = open_link(opt_in, now=now)
        assert token not in str(PrivateLink.objects.filter(pk=link.pk).values().get())

    def test_the_page_names_no_token_and_leads_nowhere_else(self, person: Any) -> None:
        client, _ = person()
        page = BeautifulSoup(client.get(WATCH).content, "html.parser")
        addresses = [
            str(element[name])
            for name in ("href", "src", "action", "poster", "srcset", "formaction")
            for element in page.select(f"[{name}]")
        ]
        assert addresses
        outside = [each for each in addresses if re.match(r"(?:https?:)?//", each)]
        assert outside == []
        assert not [each for each in addresses if re.search(r"[\w-]{40,}", each)]

    def test_the_title_names_neither_coach_nor_series(self, person: Any) -> None:
        client, _ = person()
        page = BeautifulSoup(client.get(WATCH).content, "html.parser")
        assert page.title is not None
        assert page.title.text == "Videos"


class TestTheCookie:
    """The one cookie there is."""

    def test_it_is_signed_hidden_and_for_this_path_and_session(self, person: Any) -> None:
        client, opt_in = person()
        cookie = client.cookies["videos"]
        assert cookie["path"] == WATCH
        assert cookie["httponly"]
        assert cookie["samesite"] == "Lax"
        assert (cookie["max-age"], cookie["expires"]) == ("", "")
        assert re.fullmatch(r"[\w-]+:[\w-]+:[\w-]+", cookie.value)
        assert opt_in.lead.address not in cookie.value

    def test_over_https_it_is_sent_over_https_only(self, person: Any, now: datetime) -> None:
        _, opt_in = person()
        _, token = open_link(opt_in, now=now)
        answer = Client().get(f"/free-videos/open/{token}/", secure=True)
        assert answer.cookies["videos"]["secure"]

    def test_a_later_link_replaces_it_and_two_people_are_two(self, person: Any) -> None:
        client, first = person()
        _, second = person()
        video = videos_of(first)[0]
        assert client.get(part(video, "file")).status_code == 200
        client.post(part(video, "watched"), headers=SAME)
        enter(client, second)
        assert len(client.cookies) == 1
        assert client.get(part(video, "file")).status_code == 404
        assert client.get(part(videos_of(second)[0], "file")).status_code == 200
        assert "Watched." not in client.get(WATCH).content.decode()
        assert not VideoProgress.objects.filter(lead=second.lead).exists()

    def test_a_cookie_for_another_purpose_opens_nothing(self, person: Any, now: datetime) -> None:
        from django.core import signing

        client, opt_in = person()
        leave, _ = create_link(purpose=LinkPurpose.LEAVE, lead=opt_in.lead, opt_in=opt_in, now=now)
        for value in (
            signing.dumps(leave.pk, salt="funnel.videos"),
            signing.dumps(PrivateLink.objects.get(purpose="videos").pk, salt="other"),
            signing.dumps(10**30, salt="other"),
            client.cookies["videos"].value + "x",
            "",
        ):
            client.cookies["videos"] = value
            assert client.get(WATCH).status_code == 410
