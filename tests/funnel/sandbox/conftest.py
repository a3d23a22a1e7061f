"""A sandbox over real HTTP, with a clock that stands still until told."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import requests

from funnel.sandbox.server import API_KEY, Sandbox, running_sandbox
from funnel.sandbox.state import subscriber_hash


class Clock:
    """Says the same time until it is moved."""

    def __init__(self) -> None:
        self.now = datetime(2026, 3, 1, 12, 0, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def advance(self, seconds: int) -> None:
        self.now += timedelta(seconds=seconds)


class Client:
    """Calls the API of one audience; what it returns is the plain response."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.sandbox = sandbox
        self.session = requests.Session()
        self.session.auth = ("anything", API_KEY)

    def call(self, method: str, path: str, body: Any = None, **query: Any) -> requests.Response:
        """A call; a path without a leading slash is one of the audience."""
        root = "" if path.startswith("/") else f"/lists/{self.sandbox.audience_id}/"
        url = f"{self.sandbox.api_url}{root}{path}".rstrip("/")
        return self.session.request(method, url, json=body, params=query, timeout=10)

    def put(self, address: str, **body: Any) -> requests.Response:
        """PUT a member under her own address."""
        sent = {"email_address": address, **body}
        return self.call("PUT", f"members/{subscriber_hash(address)}", sent)

    def get(self, address: str) -> requests.Response:
        """GET a member."""
        return self.call("GET", f"members/{subscriber_hash(address)}")

    def tag(self, address: str, *, is_syncing: bool = False, **tags: str) -> requests.Response:
        """POST tags, ``tag("a@b.test", red="active")``."""
        items = [{"name": name, "status": status} for name, status in tags.items()]
        body = {"tags": items, "is_syncing": is_syncing}
        return self.call("POST", f"members/{subscriber_hash(address)}/tags", body)

    def field(self, tag: str, kind: str = "text", **rest: Any) -> requests.Response:
        """POST a merge field."""
        body = {"name": tag.title(), "tag": tag, "type": kind, **rest}
        return self.call("POST", "merge-fields", body)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def sandbox(clock: Clock) -> Iterator[Sandbox]:
    with running_sandbox(clock=clock) as running:
        yield running


@pytest.fixture
def api(sandbox: Sandbox) -> Iterator[Client]:
    client = Client(sandbox)
    yield client
    client.session.close()
