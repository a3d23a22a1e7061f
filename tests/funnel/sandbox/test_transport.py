"""HTTP: keys, errors, headers, planned faults, the gate and the journal."""

from __future__ import annotations

import base64
import http.client
import json
from concurrent.futures import ThreadPoolExecutor

import pytest
import requests

from funnel.sandbox.server import API_KEY, Sandbox
from funnel.sandbox.state import subscriber_hash
from funnel.sandbox.transport import MOST_IN_FLIGHT

from .conftest import Client

ANNA = "anna@letters.test"
PROBLEM = "application/problem+json; charset=utf-8"


def basic(text: str) -> str:
    return "Basic " + base64.b64encode(text.encode()).decode()


@pytest.mark.parametrize(
    "authorization",
    [
        basic(f"anybody:{API_KEY}"),
        basic(f":{API_KEY}"),
        f"Bearer {API_KEY}",
        "bearer 0123456789abcdef",
    ],
)
def test_any_well_formed_key_is_taken(sandbox: Sandbox, authorization: str) -> None:
    answer = requests.get(
        f"{sandbox.api_url}/ping", headers={"Authorization": authorization}, timeout=10
    )
    assert answer.json() == {"health_status": "Everything's Chimpy!"}


@pytest.mark.parametrize(
    "authorization",
    [
        "",
        "Basic",
        "Basic !!!",
        basic("nocolon"),
        basic("a:nodatacentre"),
        basic(f"a:{API_KEY}x "),
        "Bearer",
        "Digest x",
    ],
)
def test_no_key_or_a_malformed_one_is_401(sandbox: Sandbox, authorization: str) -> None:
    headers = {"Authorization": authorization} if authorization else {}
    answer = requests.get(f"{sandbox.api_url}/lists", headers=headers, timeout=10)
    assert answer.status_code == 401
    assert answer.headers["Content-Type"] == PROBLEM
    assert answer.json()["title"] == "API Key Invalid"


def test_an_error_carries_the_request_id_and_a_204_no_body(api: Client) -> None:
    missing = api.get(ANNA)
    assert missing.headers["Content-Type"] == PROBLEM
    assert missing.json()["instance"] == missing.headers["X-Request-Id"]
    api.put(ANNA, status_if_new="subscribed")
    tagged = api.tag(ANNA, red="active")
    assert (tagged.status_code, tagged.content) == (204, b"")
    assert tagged.headers["Content-Type"] == "application/json; charset=utf-8"
    assert tagged.headers["X-Request-Id"]


@pytest.mark.parametrize(
    ("method", "path", "status", "allow"),
    [
        ("DELETE", "/lists", 405, "GET"),
        ("PUT", "/ping", 405, "GET"),
        ("GET", "/nothing", 404, None),
        ("GET", "/lists/0000000000", 404, None),
        ("GET", "/lists/0000000000/members", 404, None),
        ("GET", "", 404, None),
    ],
)
def test_paths_and_methods_that_are_not_there(
    api: Client, method: str, path: str, status: int, allow: str | None
) -> None:
    answer = api.session.request(method, api.sandbox.api_url + path)
    assert (answer.status_code, answer.headers.get("Allow")) == (status, allow)


@pytest.mark.parametrize("body", [b"{", b'{"vip": NaN}', b"\xff", b"[" * 100_000])
def test_what_is_not_json_is_400(api: Client, body: bytes) -> None:
    url = f"{api.sandbox.api_url}/lists/{api.sandbox.audience_id}/members"
    assert api.session.post(url, data=body).json()["title"] == "JSON Parse Error"


def test_odd_text_is_borne(api: Client) -> None:
    api.field("FNAME")
    url = f"{api.sandbox.api_url}/lists/{api.sandbox.audience_id}/members"
    member = {"email_address": ANNA, "status": "subscribed", "merge_fields": {"FNAME": "\ud800\0"}}
    assert api.session.post(url, data=json.dumps(member)).status_code == 200
    assert api.session.get(api.sandbox.url).status_code == 200
    assert api.call("GET", "members/%ff%00").status_code == 404


def test_fields_cut_the_answer_down(api: Client) -> None:
    api.put(ANNA, status_if_new="subscribed")
    cut = api.call("GET", "members", fields="members.email_address,total_items").json()
    assert cut == {"members": [{"email_address": ANNA}], "total_items": 1}
    rest = api.call("GET", "members", exclude_fields="members.stats,_links").json()
    assert "stats" not in rest["members"][0]
    assert "status" in rest["members"][0]
    assert "_links" not in rest


def test_one_connection_serves_many_calls(sandbox: Sandbox) -> None:
    connection = http.client.HTTPConnection(sandbox.host, sandbox.port)
    for _ in range(3):
        connection.request("GET", "/3.0/ping", headers={"Authorization": basic(f"a:{API_KEY}")})
        connection.getresponse().read()
    first = connection.sock
    connection.request("GET", "/3.0/ping", headers={"Authorization": basic(f"a:{API_KEY}")})
    connection.getresponse().read()
    assert connection.sock is first
    connection.close()


def test_a_drop_before_changes_nothing_and_a_drop_after_has_changed_it(
    api: Client, sandbox: Sandbox
) -> None:
    sandbox.faults.drop_before(method="PUT")
    with pytest.raises(requests.ConnectionError):
        api.put(ANNA, status_if_new="subscribed")
    assert api.get(ANNA).status_code == 404
    sandbox.faults.drop_after(method="PUT")
    with pytest.raises(requests.ConnectionError):
        api.put(ANNA, status_if_new="subscribed")
    assert api.get(ANNA).status_code == 200
    assert sandbox.faults.pending == 0
    assert [entry.status for entry in sandbox.journal] == [0, 404, 0, 200]


def test_planned_answers_come_as_often_as_planned_and_only_where_meant(
    api: Client, sandbox: Sandbox
) -> None:
    api.put(ANNA, status_if_new="subscribed")
    sandbox.faults.answer_empty(429, times=2, method="POST", path="/tags$")
    sandbox.faults.answer_html(502, path="/ping$")
    sandbox.faults.answer_problem(401, "API Key Invalid", "No.", path="/lists$")
    throttled = api.tag(ANNA, red="active")
    assert (throttled.status_code, throttled.content) == (429, b"")
    assert "Content-Type" not in throttled.headers
    assert api.get(ANNA).status_code == 200
    assert [api.tag(ANNA, red="active").status_code for _ in range(2)] == [429, 204]
    assert api.call("GET", "/ping").headers["Content-Type"].startswith("text/html")
    assert api.call("GET", "/lists").json()["title"] == "API Key Invalid"
    sandbox.faults.answer_empty(403)
    sandbox.faults.clear()
    assert api.call("GET", "/lists").status_code == 200


def test_the_eleventh_request_in_flight_is_turned_away(api: Client, sandbox: Sandbox) -> None:
    hold = sandbox.faults.hold(times=MOST_IN_FLIGHT)
    headers = {"Authorization": basic(f"a:{API_KEY}")}

    def ping() -> int:
        return requests.get(f"{sandbox.api_url}/ping", headers=headers, timeout=10).status_code

    with ThreadPoolExecutor(MOST_IN_FLIGHT) as pool:
        inside = [pool.submit(ping) for _ in range(MOST_IN_FLIGHT)]
        assert all(hold.came.acquire(timeout=10) for _ in inside)
        eleventh = api.call("GET", "/ping")
        other_key = {"Authorization": basic("a:fedcba9876543210-us2")}
        assert requests.get(f"{sandbox.api_url}/ping", headers=other_key, timeout=10).ok
        hold.release()
        assert {call.result() for call in inside} == {200}
    assert (eleventh.status_code, eleventh.json()["title"]) == (429, "Too Many Requests")
    assert api.call("GET", "/ping").status_code == 200


def test_the_journal_masks_addresses_and_keeps_no_query(api: Client, sandbox: Sandbox) -> None:
    api.call("GET", f"members/{ANNA}", fields="id")
    api.put(ANNA, status_if_new="subscribed")
    first, second = sandbox.journal
    assert first.path == f"/3.0/lists/{sandbox.audience_id}/members/(address)"
    assert second.path.endswith(subscriber_hash(ANNA))
    assert json.loads(second.body)["status_if_new"] == "subscribed"
    assert sandbox.journal.matching(method="PUT", path="/members/") == [second]


@pytest.mark.parametrize(("header", "status"), [("20000000", 413), ("x", 411)])
def test_bodies_too_long_or_of_unknown_length_are_refused(
    sandbox: Sandbox, header: str, status: int
) -> None:
    connection = http.client.HTTPConnection(sandbox.host, sandbox.port)
    connection.putrequest("POST", "/3.0/lists")
    connection.putheader("Content-Length", header)
    connection.endheaders()
    assert connection.getresponse().status == status
    connection.close()
