"""The pages for people."""

from __future__ import annotations

from typing import Any

from .api import Answer
from .journal import Journal
from .state import State


class SandboxPages:
    """Answers everything outside the API."""

    def __init__(self, state: State, journal: Journal) -> None:
        self._state = state
        self._journal = journal

    def answer(self, method: str, path: str, query: str, headers: Any, body: bytes) -> Answer:
        """One page."""
        return Answer(200, b"Mailchimp sandbox", "text/plain; charset=utf-8")
