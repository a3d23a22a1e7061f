"""Who is told what when something happens to a member."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.parse import parse_qs

import pytest

from funnel.sandbox.deliveries import ask
from funnel.sandbox.resources import unique_email_id
from funnel.sandbox.server import Sandbox
from funnel.sandbox.state import subscriber_hash

from .conftest import Client

ANNA = "anna@letters.test"
EVENTS = dict.fromkeys(("subscribe", "unsubscribe", "profile", "cleaned", "upemail"), True)


class Listener(HTTPServer):
    """Takes webhooks and answers ``status``."""

    status = 200

    def __init__(self) -> None:
        self.asked: list[tuple[str, str, str, dict[str, str]]] = []
        super().__init__(("127.0.0.1", 0), ListenerHandler)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/secret"

    @property
    def told(self) -> list[dict[str, str]]:
        """The webhooks that came, without the validator's GET."""
        return [data for method, _, _, data in self.asked if method == "POST"]


class ListenerHandler(BaseHTTPRequestHandler):
    server: Listener

    def log_message(self, *_: object) -> None:
        pass

    def do_GET(self) -> None:
        length = int(self.headers.get("Content-Length", 0))
        form = parse_qs(self.rfile.read(length).decode(), keep_blank_values=True)
        data = {name: values[0] for name, values in form.items()}
        agent = self.headers["User-Agent"]
        self.server.asked.append((self.command, self.path, agent, data))
        self.send_response(self.server.status)
        self.end_headers()

    do_POST = do_GET


@pytest.fixture
def listener() -> Iterator[Listener]:
    server = Listener()
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


def register(client: Client, listener: Listener, **sources: bool) -> str:
    body = {"url": listener.url, "events": EVENTS, "sources": sources or {"user": True}}
    answer = client.call("POST", "webhooks", body)
    assert answer.status_code == 200, answer.text
    return str(answer.json()["id"])


def test_a_url_must_answer_before_it_is_registered(api: Client, listener: Listener) -> None:
    register(api, listener)
    assert listener.asked[0][:3] == ("GET", "/secret", "MailChimp.com WebHook Validator")
    twice = api.call("POST", "webhooks", {"url": listener.url + "?other=query"})
    assert twice.status_code == 400
    listener.status = 404
    broken = api.call("POST", "webhooks", {"url": listener.url + "/broken"})
    assert broken.json()["detail"] == (
        "We couldn't verify the URL is working. Please double check and try again. HTTP Code: 404"
    )
    assert api.call("GET", "webhooks").json()["total_items"] == 1


@pytest.mark.parametrize(
    "url",
    ["http://192.0.2.1/", "https://127.0.0.1/", "http://letters.test/", "nonsense", "http://[/"],
)
def test_nothing_leaves_this_machine(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def connect(*_: object, **__: object) -> None:
        pytest.fail("a connection was made")

    monkeypatch.setattr("http.client.HTTPConnection", connect)
    assert ask("GET", url) == 0


def test_leaving_is_told_form_encoded(api: Client, sandbox: Sandbox, listener: Listener) -> None:
    api.field("FNAME")
    api.put(ANNA, status_if_new="subscribed", merge_fields={"FNAME": "Anna"})
    register(api, listener)
    sandbox.act("unsubscribe", ANNA)
    assert sandbox.settle()
    [told] = listener.told
    assert told["type"] == "unsubscribe"
    assert told["fired_at"] == "2026-03-01 12:00:00"
    assert told["data[action]"] == "unsub"
    assert told["data[reason]"] == "manual"
    assert told["data[email]"] == told["data[merges][EMAIL]"] == ANNA
    assert told["data[merges][FNAME]"] == "Anna"
    assert told["data[list_id]"] == sandbox.audience_id
    assert told["data[id]"] == unique_email_id(sandbox.audience, ANNA) != subscriber_hash(ANNA)


@pytest.mark.parametrize(
    ("status", "act", "kind", "reason"),
    [
        ("pending", "confirm", "subscribe", None),
        ("subscribed", "complain", "unsubscribe", "abuse"),
        ("subscribed", "bounce", "cleaned", "hard"),
    ],
)
def test_what_each_act_tells(
    api: Client,
    sandbox: Sandbox,
    listener: Listener,
    status: str,
    act: str,
    kind: str,
    reason: str | None,
) -> None:
    api.put(ANNA, status_if_new=status)
    register(api, listener)
    sandbox.act(act, ANNA)
    assert sandbox.settle()
    [told] = listener.told
    assert (told["type"], told.get("data[reason]")) == (kind, reason)


def test_a_source_that_was_not_asked_for_is_silent(
    api: Client, sandbox: Sandbox, listener: Listener
) -> None:
    register(api, listener, user=True)
    api.put(ANNA, status_if_new="subscribed")
    api.put(ANNA, status="unsubscribed")
    assert sandbox.settle()
    assert listener.told == []


def test_what_the_api_does_is_told_where_asked_for(
    api: Client, sandbox: Sandbox, listener: Listener
) -> None:
    api.field("FNAME")
    webhook = register(api, listener, api=True, admin=True)
    api.put(ANNA, status_if_new="subscribed")
    api.put(ANNA, merge_fields={"FNAME": "Anna"})
    new = "new@letters.test"
    api.call("PATCH", f"members/{subscriber_hash(ANNA)}", {"email_address": new})
    api.call("DELETE", f"members/{subscriber_hash(new)}")
    assert sandbox.settle()
    assert [told["type"] for told in listener.told] == [
        "subscribe",
        "profile",
        "upemail",
        "unsubscribe",
    ]
    assert listener.told[2]["data[old_email]"] == ANNA
    assert listener.told[3]["data[action]"] == "delete"
    assert api.call("DELETE", f"webhooks/{webhook}").status_code == 204
    api.put(new, status="subscribed")
    assert sandbox.settle()
    assert len(listener.told) == 4


def test_410_ends_it(api: Client, sandbox: Sandbox, listener: Listener) -> None:
    register(api, listener)
    api.put(ANNA, status_if_new="pending")
    listener.status = 410
    for act in ("confirm", "unsubscribe"):
        sandbox.act(act, ANNA)
        assert sandbox.settle()
    assert [told["type"] for told in listener.told] == ["subscribe"]


def test_other_events_can_be_asked_for(api: Client, listener: Listener) -> None:
    webhook = register(api, listener)
    path = f"webhooks/{webhook}"
    changed = api.call("PATCH", path, {"events": {"profile": False}}).json()
    assert changed["events"]["profile"] is False
    assert changed["events"]["subscribe"] is True
    assert api.call("GET", path).json() == changed
    assert api.call("PATCH", path, {"events": {"profile": "no"}}).status_code == 400
