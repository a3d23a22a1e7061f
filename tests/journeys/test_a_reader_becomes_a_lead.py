"""From an article to a synced, tagged lead that marketing can see, take away and explain."""

import csv
import io
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import DESK
from tests.journeys.people import (
    fill_invitation,
    log_in,
    open_an_article,
    open_the_mail,
    send_invitation,
    watching,
)
from tests.journeys.stack import Stack
from tests.processes import wait_until

SENTENCE = "I keep asking, and nothing changes"


def test_a_reader_becomes_a_lead(stack: Stack, open_page: Callable[..., Page]) -> None:
    address = "ada.reader@mail.test"
    page = open_page()
    article = open_an_article(page)
    path = page.url.removeprefix(stack.url)

    fill_invitation(page, address=address, first_name="Ada", sentence=SENTENCE)
    send_invitation(page)
    page.wait_for_url("**/free-videos/check-your-mail/")
    expect(page.get_by_role("heading", level=1)).to_contain_text("check your mail")
    assert page.context.cookies() == []

    link = open_the_mail(page, address=address)
    assert page.locator(".letter a").count() == 2
    assert page.locator(".letter a").last.get_attribute("href").endswith("/privacy/")
    page.goto(link)
    assert page.locator("main").get_by_role("button").count() == 1
    assert stack.member(address) is None

    with watching(page) as witness:
        page.get_by_role("button", name="Confirm and open the videos").click()
        page.wait_for_url("**/free-videos/watch/")
        _watch_the_first_video(page)
    assert witness.statuses("/file/") == {206}
    assert witness.complaints == []
    (cookie,) = page.context.cookies()
    assert cookie["path"] == "/free-videos/watch/"
    assert cookie["httpOnly"]
    assert cookie["expires"] == -1

    member = stack.wait_for_member(address, tags={"cycle-desperation"})
    assert member["status"] == "subscribed"
    assert member["merge_fields"]["FNAME"] == "Ada"
    assert member["timestamp_opt"]
    _see_the_member_in_the_sandbox(open_page(DESK), stack, address=address)

    marketing = open_page(DESK)
    log_in(marketing, stack, name="marketing")
    _review_the_lead(marketing, address=address, article=article, path=path)
    _take_the_files(marketing, address=address, article=article)


def _watch_the_first_video(page: Page) -> None:
    video = page.locator("video").first
    expect(video).to_be_visible()
    wait_until(lambda: video.evaluate("video => video.readyState >= 1"), seconds=10, what="a video")
    assert video.evaluate("video => video.paused")
    assert video.evaluate("video => video.textTracks[0].mode") == "showing"
    page.get_by_role("button", name="Play").first.click()
    wait_until(lambda: video.evaluate("v => v.currentTime > 0.1"), seconds=10, what="it to play")
    length = video.evaluate("video => video.duration")
    assert length > 2
    reached = video.evaluate(
        """video => new Promise(resolve => {
            video.addEventListener("seeked", () => resolve(video.currentTime), { once: true });
            video.currentTime = video.duration * 0.7;
        })"""
    )
    assert reached == pytest.approx(length * 0.7, abs=1)
    assert video.evaluate("video => video.error") is None


def _see_the_member_in_the_sandbox(page: Page, stack: Stack, *, address: str) -> None:
    page.goto(stack.sandbox_url)
    page.get_by_role("link", name=address).click()
    content = page.locator("main")
    for text in ("subscribed", "Ada", "cycle-desperation", "offer-free-videos", "Opted in"):
        expect(content).to_contain_text(text)


def _open_the_segment(page: Page) -> None:
    page.get_by_role("button", name="Funnel").click()
    page.get_by_role("link", name="Segments").click()
    page.get_by_role("link", name="Desperation cycle").first.click()
    page.wait_for_url("**segment=*")


def _review_the_lead(page: Page, *, address: str, article: str, path: str) -> None:
    _open_the_segment(page)
    row = page.locator("tr", has_text=address)
    for text in ("Confirmed", "Desperation cycle"):
        expect(row).to_contain_text(text)
    row.get_by_role("link", name=address).click()
    lead = page.locator("main")
    for text in (
        "Confirmed",
        article,
        path,
        "Three free videos",
        "Agreed on the form",
        "Confirmed by the link in the mail",
        "Our mail service is Mailchimp in the USA",
        "Delivered",
    ):
        expect(lead).to_contain_text(text)


def _take_the_files(page: Page, *, address: str, article: str) -> None:
    _open_the_segment(page)
    for label, read in (("Download CSV", _rows_of_csv), ("Download XLSX", _rows_of_xlsx)):
        page.reload()
        page.get_by_role("button", name="Actions").first.click()
        with page.expect_download() as download:
            page.get_by_role("link", name=label).click()
        (row,) = [row for row in read(download.value.path()) if row["Email address"] == address]
        assert row["First name"] == "Ada"
        assert row["Stage"] == "Confirmed"
        assert row["Cycle"] == "Desperation cycle"
        assert row["Source page"] == article
        assert row["Call to action"] == "Three free videos"
        assert "Mailchimp in the USA" in str(row["Words agreed to"])


def _rows_of_csv(file: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(file.read_text(encoding="utf-8-sig"))))


def _rows_of_xlsx(file: Path) -> list[dict[str, object]]:
    content = io.BytesIO(file.read_bytes())
    headings, *rows = openpyxl.load_workbook(content).active.iter_rows(values_only=True)
    return [dict(zip(map(str, headings), row, strict=True)) for row in rows]


def test_a_reader_without_javascript_becomes_a_lead(
    stack: Stack, open_page: Callable[..., Page]
) -> None:
    address = "grace.reader@mail.test"
    page = open_page(javascript=False)
    open_an_article(page)

    fill_invitation(page, address=address, first_name="Grace", sentence=SENTENCE)
    send_invitation(page)
    page.wait_for_url("**/free-videos/check-your-mail/")

    page.goto(open_the_mail(page, address=address))
    page.get_by_role("button", name="Confirm and open the videos").click()
    page.wait_for_url("**/free-videos/watch/")
    expect(page.locator("video").first).to_be_visible()
    member = stack.wait_for_member(address, tags={"cycle-desperation"})
    assert member["status"] == "subscribed"
