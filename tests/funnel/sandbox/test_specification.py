"""Every kind of answer keeps to Mailchimp's own specification of the API."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from funnel.sandbox.api import PREFIX, Api
from funnel.sandbox.endpoints import audiences, batches, members, merge_fields, segments, webhooks
from funnel.sandbox.server import Sandbox
from funnel.sandbox.state import subscriber_hash

from .conftest import Client

SPECIFICATION = (
    Path(__file__).resolve().parents[4] / "shared" / "mailchimp" / "marketing-openapi.json"
)
ANNA = "anna@letters.test"
MEMBER = f"members/{subscriber_hash(ANNA)}"

pytestmark = pytest.mark.skipif(
    not SPECIFICATION.exists(), reason="the specification is not part of this repository"
)


class Judge:
    """Checks answers, and remembers which operations it saw answered well."""

    def __init__(self) -> None:
        self.paths: dict[str, Any] = json.loads(SPECIFICATION.read_text())["paths"]
        self.seen: set[tuple[str, str]] = set()

    def check(self, method: str, path: str, status: int, content_type: str, body: bytes) -> None:
        """Fail where the answer is not one that the specification describes."""
        template = next(
            template
            for template in self.paths
            if re.fullmatch(re.sub(r"\{\w+\}", r"[^/]+", template), path)
            and method.lower() in self.paths[template]
        )
        responses = self.paths[template][method.lower()]["responses"]
        described = responses.get(str(status), responses["default"])
        if status < 400:
            assert str(status) in responses, f"{method} {template} has no {status}"
            self.seen.add((method, template))
        if not described.get("content"):
            assert body == b""
            return
        schema = described["content"][content_type.partition(";")[0]]["schema"]
        errors = [
            f"{method} {path} {status} {list(error.path)}: {error.message}"
            for error in Draft202012Validator(schema).iter_errors(json.loads(body))
        ]
        assert not errors, "\n".join(errors)


@pytest.fixture
def judge(monkeypatch: pytest.MonkeyPatch) -> Iterator[Judge]:
    judge = Judge()
    verdicts: list[AssertionError] = []
    answer = Api.answer

    def judged(self: Api, method: str, path: str, query: str, body: bytes) -> Any:
        got = answer(self, method, path, query, body)
        try:
            judge.check(method, path, got.status, got.content_type, got.body)
        except AssertionError as verdict:
            verdicts.append(verdict)
        return got

    monkeypatch.setattr(Api, "answer", judged)
    yield judge
    assert not verdicts, verdicts


def test_every_operation_answers_as_specified(
    api: Client, sandbox: Sandbox, judge: Judge, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(webhooks, "ask", lambda *_, **__: 200)
    body = {"email_address": ANNA, "status_if_new": "subscribed"}
    for kind in ("text", "number", "date", "address", "phone", "birthday", "zip", "url"):
        api.field(kind.upper(), kind)
    api.field("PICK", "radio", options={"choices": ["a"]})
    first = api.call("GET", "merge-fields").json()["merge_fields"][0]["merge_id"]
    hook = {"url": "http://127.0.0.1/x", "events": {"subscribe": True}, "sources": {"user": True}}
    webhook = api.call("POST", "webhooks", hook).json()["id"]
    segment = api.call("POST", "segments", {"name": "red", "static_segment": []}).json()["id"]
    saved = {"name": "saved", "options": {"match": "any", "conditions": []}}
    api.call("POST", "segments", saved)
    batch = {"operations": [{"method": "GET", "path": "/ping"}]}
    batch_id = api.call("POST", "/batches", batch).json()["id"]
    values = {"TEXT": "a", "NUMBER": 1.5, "DATE": "2026-01-01"}
    merges: dict[str, Any] = {"merge_fields": values, "location": {"latitude": 1.5}}
    pending = {"email_address": "p@letters.test", "status": "pending", "tags": ["red"]}
    bad = {"email_address": "a@example.com", "status": "subscribed"}
    calls: list[tuple[str, str, Any]] = [
        ("GET", "/ping", None),
        ("GET", "/lists", None),
        ("GET", "", None),
        ("PUT", MEMBER, {**body, **merges}),
        ("POST", "members", pending),
        ("POST", "", {"members": [body, bad, {**body, "email_address": "n@letters.test"}]}),
        ("POST", "", {"members": [{**body, "tags": ["red"]}], "update_existing": True}),
        ("PATCH", MEMBER, {"vip": True, "language": "en"}),
        ("POST", f"{MEMBER}/tags", {"tags": [{"name": "red", "status": "active"}]}),
        ("GET", f"{MEMBER}/tags", None),
        ("POST", f"{MEMBER}/events", {"name": "watched", "properties": {"video": "1"}}),
        ("GET", f"{MEMBER}/events", None),
        ("GET", f"{MEMBER}/activity-feed", None),
        ("GET", "tag-search?name=r", None),
        ("GET", "/search-members?query=anna", None),
        ("GET", "members", None),
        ("GET", MEMBER, None),
        ("GET", f"merge-fields/{first}", None),
        ("PATCH", f"merge-fields/{first}", {"name": "Text"}),
        ("GET", "segments", None),
        ("GET", f"segments/{segment}", None),
        ("PATCH", f"segments/{segment}", {"name": "redder"}),
        ("POST", f"segments/{segment}", {"members_to_add": ["p@letters.test", "no@letters.test"]}),
        ("POST", f"segments/{segment}", {"members_to_remove": ["p@letters.test"]}),
        ("GET", f"segments/{segment}/members", None),
        ("POST", f"segments/{segment}/members", {"email_address": "p@letters.test"}),
        ("DELETE", f"segments/{segment}/{MEMBER}", None),
        ("GET", "webhooks", None),
        ("GET", f"webhooks/{webhook}", None),
        ("PATCH", f"webhooks/{webhook}", {"events": {"cleaned": True}}),
        ("GET", "/batches", None),
        ("GET", f"/batches/{batch_id}", None),
        ("DELETE", f"webhooks/{webhook}", None),
        ("DELETE", f"segments/{segment}", None),
        ("DELETE", f"merge-fields/{first}", None),
        ("DELETE", f"/batches/{batch_id}", None),
        ("DELETE", MEMBER, None),
        ("GET", MEMBER, None),
        ("POST", f"{MEMBER}/actions/delete-permanent", None),
    ]
    for method, path, sent in calls:
        answer = api.call(method, path, sent)
        assert answer.status_code in (200, 204), f"{method} {path}: {answer.text}"
    routes = {
        (route.method, re.sub(r"\{member\}", "{subscriber_hash}", route.path))
        for module in (audiences, batches, members, merge_fields, segments, webhooks)
        for route in module.ROUTES
    }
    assert routes == judge.seen


def test_every_kind_of_error_answers_as_specified(
    api: Client, sandbox: Sandbox, judge: Judge
) -> None:
    api.field("NUMBER", "number")
    api.put(ANNA, status_if_new="subscribed")
    sandbox.act("unsubscribe", ANNA)
    gone = api.put("gone@letters.test", status_if_new="subscribed").json()["id"]
    api.call("POST", f"members/{gone}/actions/delete-permanent")
    answers = [
        api.put("a@example.com", status_if_new="subscribed"),
        api.put("nonsense", status_if_new="subscribed"),
        api.put(ANNA, merge_fields={"NUMBER": "x"}),
        api.put(ANNA, merge_fields={"NUMBER": None}),
        api.put(ANNA, status="subscribed"),
        api.put("gone@letters.test", status_if_new="subscribed"),
        api.call("POST", "members", {"email_address": ANNA, "status": "subscribed"}),
        api.get("nobody@letters.test"),
        api.put("p@letters.test", status_if_new="pending"),
        api.call("DELETE", f"members/{subscriber_hash('p@letters.test')}"),
    ]
    titles = [answer.json().get("title") for answer in answers]
    assert titles == [
        "Invalid Resource",
        "Invalid Resource",
        "Invalid Resource",
        "Invalid Resource",
        "Member In Compliance State",
        "Forgotten Email Not Subscribed",
        "Member Exists",
        "Resource Not Found",
        None,
        "Method Not Allowed",
    ]
    assert PREFIX == "/3.0"
