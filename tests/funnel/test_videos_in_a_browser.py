"""Watching, in a real browser: what starts, what sounds, what counts, and where it goes on."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from funnel.choices import ReleaseRule
from funnel.models import OptIn, Video, VideoProgress
from tests.factories.watching import open_link, opted_in, progress_of, run_of, series_of
from tests.funnel.routed import ORIGIN, RoutedSite
from tests.processes import wait_until

pytestmark = pytest.mark.django_db

WATCH = "/free-videos/watch/"
FILM = Path(__file__).resolve().parent.parent.parent / "home/demo/content/videos/video-1.mp4"
CAPTIONS = "WEBVTT\n\n00:00.000 --> 01:10.000\nYou are not the only one.\n"
FILM_SECONDS = 72
KEPT_HEADERS = ("accept", "content-type", "origin", "range", "referer", "sec-fetch-site")


class Watcher:
    """A person with a browser before the page of her videos; the server's clock stands still."""

    def __init__(self, browser: Browser, opt_in: OptIn, *, move: Callable[..., datetime]) -> None:
        self.opt_in = opt_in
        self.move = move
        self._browser = browser
        self._opened: list[tuple[BrowserContext, RoutedSite]] = []

    @property
    def videos(self) -> list[Video]:
        """The videos, in order."""
        return list(Video.objects.order_by("sort_order"))

    @property
    def told(self) -> list[tuple[int, int]]:
        """The quarters that a page has told of, each with the server's answer."""
        return [
            (int(each.sent["quarter"]), each.status)
            for _, site in self._opened
            for each in site.asked
            if each.method == "POST"
        ]

    @property
    def quarters(self) -> list[int]:
        """What the server has taken down, one after another."""
        return [quarter for quarter, status in self.told if status == 204]

    @property
    def complaints(self) -> list[str]:
        """What the browsers have found wrong."""
        return [said for _, site in self._opened for said in site.complaints]

    def open(self, *, javascript: bool = True, refuses_posts: bool = False) -> Page:
        """Follow a fresh link in a browser that knows nothing."""
        context = self._browser.new_context(
            base_url=ORIGIN, java_script_enabled=javascript, reduced_motion="reduce"
        )
        context.set_default_timeout(15_000)
        site = RoutedSite(context)
        site.refuses_posts = refuses_posts
        self._opened.append((context, site))
        page = context.new_page()
        _, token = open_link(self.opt_in, now=self.opt_in.submitted_at)
        page.goto(f"/free-videos/open/{token}/")
        page.wait_for_url(f"**{WATCH}")
        assert site.strangers == []
        return page

    def close(self) -> None:
        """Close every browser."""
        for context, _ in self._opened:
            context.close()


Begin = Callable[..., Watcher]


@pytest.fixture
def begin(chromium: Browser, now: datetime, time_machine: Any) -> Iterator[Begin]:
    """Return a function that lets a person begin a series of three films of 72 seconds."""
    time_machine.move_to(now, tick=False)
    moment = now
    watchers = []

    def move(**duration: float) -> datetime:
        nonlocal moment
        moment += timedelta(**duration)
        time_machine.move_to(moment, tick=False)
        return moment

    def let_begin(release: ReleaseRule = ReleaseRule.ALL_AT_ONCE) -> Watcher:
        series = series_of(3, release=release)
        for video in series.videos.all():
            video.file.save("film.mp4", ContentFile(FILM.read_bytes()))
            video.captions.save("en.vtt", ContentFile(CAPTIONS.encode()))
        opt_in = opted_in(series, created_at=now)
        run_of(opt_in, started_at=now)
        watcher = Watcher(chromium, opt_in, move=move)
        watchers.append(watcher)
        return watcher

    yield let_begin
    for watcher in watchers:
        watcher.close()


def film(page: Page, number: int = 1) -> Locator:
    return page.locator(f"#video-{number} video")


def start(page: Page, number: int = 1) -> None:
    page.locator(f"#video-{number}").get_by_role("button", name="Play").click()
    wait_until(
        lambda: film(page, number).evaluate("video => !video.paused && video.currentTime > 0"),
        seconds=15,
        what="the film to play",
    )


def hurry(page: Page, number: int = 1) -> None:
    """Play as fast as a browser can: 72 seconds in about five."""
    film(page, number).evaluate("video => { video.playbackRate = 16; }")


def wait_for(page: Page, ask: Callable[[], Any], what: str) -> None:
    """Wait for what the page does in its own time; Playwright works only while it is asked."""

    def asked() -> Any:
        page.evaluate("() => 0")
        return ask()

    wait_until(asked, seconds=20, what=what)


def test_it_waits_silent_and_captioned_until_it_is_pressed(begin: Begin) -> None:
    watcher = begin()
    page = watcher.open()
    video = film(page)
    expect(page.locator("#video-1 [data-video-start]")).to_be_visible()
    assert page.title() == "Videos"
    assert video.evaluate("video => video.disableRemotePlayback") is True
    assert video.evaluate("video => [video.paused, video.muted, video.autoplay]") == [
        True,
        True,
        False,
    ]
    assert watcher.told == []
    start(page)
    assert video.evaluate("video => [video.muted, video.textTracks[0].mode]") == [True, "showing"]
    wait_for(
        page,
        lambda: video.evaluate("video => video.textTracks[0].activeCues?.length"),
        "captions to be seen",
    )
    assert page.evaluate(
        "() => { const { title, artist, album, artwork } = navigator.mediaSession.metadata;"
        " return [title, artist, album, artwork.length]; }"
    ) == ["Video", "", "", 0]
    expect(page.locator("#video-1 [data-video-start]")).to_be_hidden()
    assert page.evaluate("() => document.activeElement.localName") == "video"
    assert watcher.complaints == []


def test_sound_and_speed_are_asked_for(begin: Begin) -> None:
    page = begin().open()
    first = page.locator("#video-1")
    sound = first.get_by_role("button", name="Turn the sound on")
    expect(sound).to_have_attribute("aria-pressed", "false")
    sound.click()
    off = first.get_by_role("button", name="Turn the sound off")
    expect(off).to_have_attribute("aria-pressed", "true")
    mutes = "() => [...document.querySelectorAll('video')].map((video) => video.muted)"
    assert page.evaluate(mutes) == [False, False, False]
    off.click()
    assert page.evaluate(mutes) == [True, True, True]
    first.get_by_label("Speed").select_option("1.5")
    assert film(page).evaluate("video => video.playbackRate") == 1.5


def test_the_keyboard_is_enough(begin: Begin) -> None:
    page = begin().open()
    page.locator("#video-1 [data-video-start]").focus()
    page.keyboard.press("Enter")
    paused = "video => video.paused"
    wait_until(lambda: not film(page).evaluate(paused), seconds=10, what="it to play")
    page.keyboard.press("Space")
    wait_until(lambda: film(page).evaluate(paused), seconds=10, what="it to pause")
    before = film(page).evaluate("video => video.currentTime")
    page.keyboard.press("ArrowRight")
    wait_until(
        lambda: film(page).evaluate("video => video.currentTime") > before + 1,
        seconds=10,
        what="it to go on a little",
    )
    page.keyboard.press("c")
    page.keyboard.press("m")
    state = "video => [video.textTracks[0].mode, video.muted]"
    assert film(page).evaluate(state) == ["hidden", False]
    page.keyboard.press("c")
    assert film(page).evaluate(state) == ["showing", False]


def test_quarters_count_once_each_as_they_are_played(begin: Begin, now: datetime) -> None:
    watcher = begin(ReleaseRule.AFTER_THE_ONE_BEFORE)
    page = watcher.open()
    start(page)
    wait_for(page, lambda: watcher.told, "word that it began")
    assert watcher.told == [(0, 204)]
    later = watcher.move(minutes=5)
    hurry(page)
    first = watcher.videos[0]
    wait_for(page, lambda: watcher.quarters[-1] == 4, "word that it was watched")
    assert watcher.quarters == sorted(set(watcher.quarters))
    row = VideoProgress.objects.get()
    assert (row.video, row.quarter, row.began_at, row.watched_at) == (first, 4, now, later)
    way_on = page.get_by_role("link", name="Go on to the next video")
    expect(way_on).to_be_visible()
    assert page.get_by_role("button", name="I have watched it").count() == 0
    way_on.click()
    expect(page.locator("article.video--large h2")).to_have_text("2. Part 2")
    assert watcher.complaints == []


def test_whoever_skips_or_rushes_has_not_watched(begin: Begin) -> None:
    watcher = begin()
    page = watcher.open()
    start(page)
    film(page).evaluate("video => { video.currentTime = video.duration - 1; }")
    wait_for(page, lambda: film(page).evaluate("video => video.ended"), "the film to end")
    assert watcher.quarters == [0]

    # Played in a few seconds: the server knows how long a film runs.
    start_again = "video => { video.currentTime = 0; video.playbackRate = 16; video.play(); }"
    film(page).evaluate(start_again)
    wait_for(page, lambda: watcher.told[-1][1] == 409, "a refusal")
    wait_for(page, lambda: film(page).evaluate("video => video.ended"), "the film to end")
    assert VideoProgress.objects.get().quarter == 0
    assert page.get_by_role("link", name="Go on to the next video").count() == 0


def test_it_goes_on_by_quarters_on_another_device(begin: Begin, now: datetime) -> None:
    watcher = begin()
    progress_of(watcher.opt_in.lead, watcher.videos[0], quarter=2, began_at=now)
    page = watcher.open()
    assert "It goes on from there." in page.locator("#video-1").inner_text()
    start(page)
    half = FILM_SECONDS / 2
    assert half <= film(page).evaluate("video => video.currentTime") < half + 5
    watcher.move(minutes=5)
    hurry(page)
    wait_for(page, lambda: watcher.quarters[-1:] == [4], "word that it was watched")
    assert min(watcher.quarters) == 3


def test_only_one_plays_at_a_time(begin: Begin) -> None:
    page = begin().open()
    start(page, 1)
    start(page, 2)
    assert film(page, 1).evaluate("video => video.paused")


def test_a_browser_that_refuses_to_tell_still_watches(begin: Begin) -> None:
    watcher = begin(ReleaseRule.AFTER_THE_ONE_BEFORE)
    page = watcher.open(refuses_posts=True)
    start(page)
    hurry(page)
    wait_for(page, lambda: film(page).evaluate("video => video.ended"), "the film to end")
    assert not VideoProgress.objects.exists()
    word = page.get_by_role("button", name="I have watched it (“Part 1”)")
    expect(word).to_be_visible()


def test_without_scripts_every_video_that_is_due_opens(begin: Begin) -> None:
    page = begin().open(javascript=False)
    assert page.locator("video[controls]").count() == 3
    assert page.get_by_role("button", name="Play").count() == 0
    assert page.get_by_role("button", name="I have watched it").count() == 3
    expect(page.locator("[data-video-tools]").first).to_be_hidden()
