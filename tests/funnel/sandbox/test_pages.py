"""The pages for people: what they show, and who may press their buttons."""

from __future__ import annotations

import re

import pytest
import requests

from funnel.sandbox.server import Sandbox
from funnel.sandbox.state import subscriber_hash

from .conftest import Client

ANNA = "anna@letters.test"
EVIL = "<script>alert('x')</script>\"&"


def page(sandbox: Sandbox, path: str = "/", **headers: str) -> requests.Response:
    return requests.get(sandbox.url + path, headers=headers, timeout=10)


def press(sandbox: Sandbox, act: str, **headers: str) -> requests.Response:
    url = f"{sandbox.url}/audiences/{sandbox.audience_id}/members/{subscriber_hash(ANNA)}"
    return requests.post(url, data={"act": act}, headers=headers, allow_redirects=False, timeout=10)


def test_an_empty_audience_says_what_to_do(sandbox: Sandbox) -> None:
    text = page(sandbox).text
    assert "A stand-in for Mailchimp on this machine. Nothing leaves it." in text
    assert "Nobody is here yet" in text
    assert "No tags yet" in page(sandbox, "/tags").text
    assert "Nobody has asked anything" in page(sandbox, "/requests").text


def test_a_member_is_shown_with_name_status_and_tags(api: Client, sandbox: Sandbox) -> None:
    api.field("FNAME")
    api.put(ANNA, status_if_new="subscribed", merge_fields={"FNAME": "Anna"})
    api.tag(ANNA, **{"cycle reactive": "active"})
    text = page(sandbox).text
    for shown in (ANNA, ">Anna<", ">subscribed<", "cycle reactive", "1 Mar 2026, 12:00:00"):
        assert shown in text
    link = re.search(r'href="(/audiences/[^"]+/members/[0-9a-f]{32})"', text)
    assert link
    assert "would start a journey" in page(sandbox, link[1]).text
    assert "cycle reactive" in page(sandbox, "/tags").text
    assert "/merge-fields" in page(sandbox, "/requests").text


def test_what_members_are_called_is_only_text(api: Client, sandbox: Sandbox) -> None:
    api.field("FNAME")
    api.put(ANNA, status_if_new="pending", merge_fields={"FNAME": EVIL}, language=EVIL)
    api.tag(ANNA, **{EVIL: "active"})
    api.call("POST", f"members/{ANNA}/events", {"name": "<script>"})
    api.call("GET", "members/<script>")
    member = f"/audiences/{sandbox.audience_id}/members/{subscriber_hash(ANNA)}"
    for path in ("/", member, "/tags", "/requests", "/?status=<script>&tag=<script>"):
        answer = page(sandbox, path)
        assert "<script" not in answer.text, path
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert "&lt;script&gt;" in page(sandbox).text


def test_members_are_narrowed_by_status_and_tag(api: Client, sandbox: Sandbox) -> None:
    api.put(ANNA, status_if_new="subscribed")
    api.put("beth@letters.test", status_if_new="pending")
    api.tag(ANNA, red="active")
    [tag] = sandbox.audience.segments
    for query in ("status=subscribed", f"tag={tag}"):
        text = page(sandbox, "/?" + query).text
        assert ANNA in text
        assert "beth@letters.test" not in text
    assert "Nobody fits" in page(sandbox, "/?status=cleaned").text


def test_many_members_come_in_pages(api: Client, sandbox: Sandbox) -> None:
    members = [{"email_address": f"a{n}@letters.test", "status": "subscribed"} for n in range(101)]
    api.call("POST", "", {"members": members})
    first, second = page(sandbox).text, page(sandbox, "/?page=2").text
    assert first.count("@letters.test") == 100
    assert second.count("@letters.test") == 1
    assert "Page 2 of 2" in second


@pytest.mark.parametrize("headers", [{"Sec-Fetch-Site": "same-origin"}, {"Origin": "ours"}])
def test_a_button_on_our_page_acts(api: Client, sandbox: Sandbox, headers: dict[str, str]) -> None:
    api.put(ANNA, status_if_new="subscribed")
    sent = {name: sandbox.url if value == "ours" else value for name, value in headers.items()}
    answer = press(sandbox, "unsubscribe", **sent)
    assert answer.status_code == 303
    text = page(sandbox, answer.headers["Location"]).text
    assert "unsubscribed" in text
    again = press(sandbox, "unsubscribe", **sent)
    assert again.status_code == 409
    assert "do that" in again.text


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "none"},
        {"Origin": "https://letters.test"},
        {"Origin": "null"},
    ],
)
def test_a_button_elsewhere_does_not(
    api: Client, sandbox: Sandbox, headers: dict[str, str]
) -> None:
    api.put(ANNA, status_if_new="subscribed")
    assert press(sandbox, "unsubscribe", **headers).status_code == 403
    assert api.get(ANNA).json()["status"] == "subscribed"


def test_a_get_changes_nothing(api: Client, sandbox: Sandbox) -> None:
    api.put(ANNA, status_if_new="subscribed")
    before = api.get(ANNA).json()
    member = f"/audiences/{sandbox.audience_id}/members/{subscriber_hash(ANNA)}"
    page(sandbox, member + "?act=unsubscribe")
    assert api.get(ANNA).json() == before


def test_a_borrowed_host_name_shows_nothing(sandbox: Sandbox) -> None:
    assert page(sandbox, "/", Host="letters.test").status_code == 421
    assert page(sandbox, "/", Host=f"localhost:{sandbox.port}").status_code == 200


@pytest.mark.parametrize(
    "path", ["/nothing", "/audiences/0", "/batch-results/0.tar.gz", "/../pages.py"]
)
def test_what_is_not_there_is_404(sandbox: Sandbox, path: str) -> None:
    assert page(sandbox, path).status_code == 404


def test_the_style_is_a_file_of_its_own(sandbox: Sandbox) -> None:
    assert "text/css" in page(sandbox, "/style.css").headers["Content-Type"]
    assert "<style" not in page(sandbox).text
    assert requests.put(sandbox.url, timeout=10).status_code == 405
    assert requests.head(sandbox.url, timeout=10).content == b""
