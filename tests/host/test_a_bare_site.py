"""The funnel in a site made by `wagtail start`: a person's way, and what its owner sees."""

import email.policy
import html
import json
import re
from typing import Any

import pytest
import requests

from tests.host.conftest import PASSWORD, Host

ADDRESS = "ada@mail.test"


def hidden_value(page: str, name: str) -> str:
    """What a hidden field of a form carries."""
    found = re.search(rf'<input[^>]*name="{name}"[^>]*>', page)
    assert found, f"The form has no field {name}."
    value = re.search(r'value="([^"]*)"', found.group())
    return html.unescape(value.group(1)) if value else ""


def links(mail: str) -> list[str]:
    """The addresses in a mail's plain text."""
    message = email.message_from_string(mail, policy=email.policy.default)
    text = message.get_body(("plain",))
    assert text is not None
    return re.findall(r"https?://\S+", text.get_content())


def test_nothing_of_this_site_is_needed(host: Host) -> None:
    assert host.facts["funnel"].startswith(str(host.folder))
    assert host.facts["home"].startswith(str(host.folder))
    assert host.facts["cms"] == "None"
    assert host.facts["site_modules"] == []


def test_no_migration_is_missing(host: Host) -> None:
    assert host.facts["pending_migrations"] == "No changes detected"


def test_its_pages_carry_the_funnels_blocks(host_server: Host) -> None:
    page = requests.get(f"{host_server.url}/", timeout=20)

    assert page.status_code == 200
    assert "Begin alone" in page.text
    assert "Three short videos" in page.text
    assert page.text.count('action="/videos/"') == 2
    assert 'id="opt-in-1-email"' in page.text
    assert 'id="opt-in-2-email"' in page.text
    assert "set-cookie" not in page.headers
    # Other words for a cycle lie in the page, and only a script shows them.
    assert 'data-variants="criticism"' in page.text
    assert re.search(r'data-variant="criticism" hidden>\s*<h2>Alone, and tired</h2>', page.text)


def test_a_reader_of_a_bare_site_becomes_a_member(host_server: Host) -> None:
    host, browser = host_server, requests.Session()
    home = browser.get(f"{host.url}/", timeout=20).text
    form = browser.get(f"{host.url}/videos/", timeout=20)
    assert "funnel/plain.css" in form.text
    assert "plainsite.css" not in form.text
    for script in re.findall(r'<script[^>]* src="([^"]+)"', form.text):
        assert requests.get(host.url + script, timeout=20).status_code == 200, script

    answer = browser.post(
        f"{host.url}/videos/",
        data={
            "email": ADDRESS,
            "first_name": "Ada",
            "cycle": "criticism",
            "variant": "criticism",
            "wording": hidden_value(home, "wording"),
            "page": hidden_value(home, "page"),
            "call_to_action": hidden_value(home, "call_to_action"),
        },
        headers={"Origin": host.url},
        timeout=20,
    )
    assert answer.status_code == 200, answer.text
    assert answer.url == f"{host.url}/videos/check-your-mail/"
    assert browser.cookies.get_dict() == {}

    worked = host.manage("funnel_worker", "--once")
    assert worked.returncode == 0, worked.stderr
    (mail,) = host.mails()
    (confirm_url,) = links(mail)

    button = browser.get(confirm_url, timeout=20)
    assert button.status_code == 200
    assert "Confirm and open the videos" in button.text
    assert host.sandbox.member(ADDRESS) is None
    watch = browser.post(confirm_url, headers={"Origin": host.url}, timeout=20)
    assert watch.url == f"{host.url}/videos/watch/"
    assert "The first video" in watch.text
    assert "<track" in watch.text

    video = re.search(r'<source src="([^"]+)"', watch.text)
    assert video
    part = browser.get(host.url + video.group(1), headers={"Range": "bytes=1000-1999"}, timeout=20)
    assert part.status_code == 206
    assert part.headers["Content-Range"] == f"bytes 1000-1999/{256 * 1200}"
    assert part.content == (bytes(range(256)) * 1200)[1000:2000]
    assert requests.get(host.url + video.group(1), timeout=20).status_code == 410
    closed = browser.post(f"{host.url}/videos/close/", headers={"Origin": host.url}, timeout=20)
    assert closed.status_code == 204
    assert browser.get(f"{host.url}/videos/watch/", timeout=20).status_code == 410

    worked = host.manage("funnel_worker", "--once")
    assert worked.returncode == 0, worked.stderr
    member = host.sandbox.member(ADDRESS)
    assert member is not None
    assert member.status == "subscribed"
    assert member.merge_values["FNAME"] == "Ada"
    assert host.sandbox.tags(ADDRESS) == {"cycle-criticism", "offer-free-videos"}
    assert len(host.mails()) == 2


@pytest.fixture(scope="module")
def owner(host_server: Host) -> requests.Session:
    """The site's owner, logged in to its admin."""
    session = requests.Session()
    login = f"{host_server.url}/admin/login/"
    page = session.get(login, timeout=20).text
    answer = session.post(
        login,
        data={
            "username": "owner",
            "password": PASSWORD,
            "csrfmiddlewaretoken": hidden_value(page, "csrfmiddlewaretoken"),
        },
        headers={"Referer": login},
        timeout=60,
    )
    assert answer.url == f"{host_server.url}/admin/", answer.url
    return session


def menu_address(owner: requests.Session, host: Host, label: str) -> str:
    """Where an entry of the admin's menu leads."""
    page = owner.get(f"{host.url}/admin/", timeout=60).text
    props = re.search(r'id="wagtail-sidebar-props"[^>]*>(.*?)</script>', page, re.DOTALL)
    assert props, page
    address = found_url(json.loads(props.group(1)), label)
    assert address, f"There is no {label} in the menu."
    return host.url + address


def found_url(part: Any, label: str) -> str:
    """Search a piece of the menu's JSON for an entry with this label."""
    if isinstance(part, dict):
        if part.get("label") == label and "url" in part:
            return str(part["url"])
        part = list(part.values())
    if not isinstance(part, list):
        return ""
    return next((url for piece in part if (url := found_url(piece, label))), "")


@pytest.mark.parametrize("label", ["Leads", "Segments", "Calls to action", "Videos", "Cycles"])
def test_the_owner_finds_the_funnel_in_the_menu(
    host_server: Host, owner: requests.Session, label: str
) -> None:
    page = owner.get(menu_address(owner, host_server, label), timeout=60)

    assert page.status_code == 200
    assert label in page.text


def test_the_owner_edits_a_page_with_the_funnels_blocks(
    host_server: Host, owner: requests.Session
) -> None:
    edit = f"{host_server.url}/admin/pages/{host_server.facts['page_id']}/edit/"

    page = owner.get(edit, timeout=60)

    assert page.status_code == 200
    assert "An invitation you wrote once" in page.text
