"""A conversation recorded with the real service gets the same answers here."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import requests

from funnel.sandbox.server import API_KEY, running_sandbox

TRACE = Path(__file__).resolve().parents[4] / "shared" / "mailchimp" / "recorded-trace.json"
COMPARED = (
    "status",
    "title",
    "detail",
    "merge_fields",
    "tags",
    "tags_count",
    "email_address",
    "id",
)

pytestmark = pytest.mark.skipif(
    not TRACE.exists(), reason="the recorded conversation is not part of this repository"
)


@pytest.fixture
def trace() -> Any:
    return json.loads(TRACE.read_text())


def test_every_recorded_call_is_answered_alike(trace: dict[str, Any]) -> None:
    with running_sandbox(audience_id=trace["list"]) as sandbox, requests.Session() as session:
        session.auth = ("anything", API_KEY)
        for field in trace["merge_fields"]:
            name, _, kind = field.partition(":")
            created = session.post(
                f"{sandbox.api_url}/lists/{trace['list']}/merge-fields",
                json={"name": name, "tag": name, "type": kind or "text"},
            )
            assert created.status_code == 200, created.text

        differences = []
        for number, step in enumerate(trace["steps"]):
            answer = session.request(step["method"], sandbox.url + step["path"], json=step["body"])
            got = answer.json() if answer.content else {}
            expected = step["expect"]
            pairs = [
                ("HTTP status", step["status"], answer.status_code),
                ("Content-Type", step["content_type"], answer.headers.get("Content-Type")),
                ("Allow", step["allow"], answer.headers.get("Allow")),
                ("errors", expected.get("errors"), got.get("errors")),
                ("full_name", expected.get("full_name"), got.get("full_name")),
                *[(name, expected[name], got.get(name)) for name in COMPARED if name in expected],
            ]
            differences += [
                f"{number} {step['method']} {step['path']}: {name} {want!r} != {have!r}"
                for name, want, have in pairs
                if want != have
            ]
        assert len(trace["steps"]) == 131
        assert not differences, "\n".join(differences)
