"""Mailchimp, or the worker, is gone for a while: nobody notices, and nothing is lost."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.journeys.people import ask_for_the_videos, become_confirmed, open_the_mail
from tests.journeys.stack import Stack


def test_mailchimp_is_down_for_a_while(stack: Stack, open_page: Callable[..., Page]) -> None:
    address = "lin.patient@mail.test"
    stack.sandbox.kill()

    page = open_page()
    become_confirmed(page, address=address)
    expect(page.locator("video").first).to_be_visible()
    open_the_mail(page, address=address, number=2)

    stack.restart_sandbox()
    assert stack.wait_for_member(address)["status"] == "subscribed"


def test_the_worker_is_killed_at_every_step(stack: Stack, open_page: Callable[..., Page]) -> None:
    address = "mary.patient@mail.test"
    page = open_page()
    page.goto("/free-videos/")
    stack.worker.kill()
    ask_for_the_videos(page, address=address)
    stack.worker.start()
    link = open_the_mail(page, address=address)

    stack.worker.kill()
    page.goto(link)
    page.get_by_role("button", name="Confirm and open the videos").click()
    page.wait_for_url("**/free-videos/watch/")
    expect(page.locator("video").first).to_be_visible()
    assert stack.member(address) is None

    stack.worker.start()
    assert stack.wait_for_member(address)["status"] == "subscribed"
