"""Every request of ours keeps to Mailchimp's own specification of the API."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from funnel.mailing.backends.mailchimp import MailchimpBackend
from funnel.mailing.base import Member
from funnel.sandbox.server import Sandbox

SPECIFICATION = (
    Path(__file__).resolve().parents[4] / "shared" / "mailchimp" / "marketing-openapi.json"
)
OPERATIONS = {
    ("GET", "/lists"),
    ("GET", "/lists/{list_id}"),
    ("GET", "/lists/{list_id}/merge-fields"),
    ("POST", "/lists/{list_id}/merge-fields"),
    ("PUT", "/lists/{list_id}/members/{subscriber_hash}"),
    ("PATCH", "/lists/{list_id}/members/{subscriber_hash}"),
    ("GET", "/lists/{list_id}/members/{subscriber_hash}"),
    ("POST", "/lists/{list_id}/members/{subscriber_hash}/tags"),
    ("POST", "/lists/{list_id}/members/{subscriber_hash}/actions/delete-permanent"),
}

pytestmark = pytest.mark.skipif(
    not SPECIFICATION.exists(), reason="the specification is not part of this repository"
)


def operation(paths: dict[str, Any], method: str, path: str) -> tuple[str, dict[str, Any]]:
    """Return the template of a path and what is specified for it."""
    for template, operations in paths.items():
        if re.fullmatch(re.sub(r"\{\w+\}", r"[^/]+", template), path) and method in operations:
            return template, operations[method]
    raise AssertionError(f"{method} {path} is not specified")


def test_our_requests_are_as_specified(
    sandbox: Sandbox, backend: MailchimpBackend, member: Callable[..., Member]
) -> None:
    backend.health()
    backend.announce(member=member())
    backend.update(member=member(first_name=""))
    backend.set_tags(
        address="Ada@mail.test",
        add=frozenset({"a"}),
        remove=frozenset({"b"}),
        starts_journeys=False,
    )
    backend.read(address="Ada@mail.test")
    backend.unsubscribe(address="Ada@mail.test")
    backend.erase(address="Ada@mail.test")

    paths = json.loads(SPECIFICATION.read_text())["paths"]
    seen = set()
    for entry in sandbox.journal:
        template, specified = operation(
            paths, entry.method.lower(), entry.path.removeprefix("/3.0")
        )
        seen.add((entry.method, template))
        described = specified.get("requestBody", {}).get("content", {}).get("application/json")
        if described is None:
            assert entry.body == b"", f"{entry.method} {template} has a body"
            continue
        body = json.loads(entry.body)
        errors = [
            error.message for error in Draft202012Validator(described["schema"]).iter_errors(body)
        ]
        assert errors == []
        assert set(body) <= set(described["schema"]["properties"])
    assert seen == OPERATIONS
