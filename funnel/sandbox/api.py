"""The Marketing API: who may ask, which handler answers, and when its changes are kept."""

from __future__ import annotations

import base64
import binascii
import contextlib
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, NoReturn
from urllib.parse import parse_qsl

from funnel.sandbox import errors
from funnel.sandbox.endpoints import audiences, batches, members, merge_fields, segments, webhooks
from funnel.sandbox.errors import Problem
from funnel.sandbox.resources import only_fields
from funnel.sandbox.routing import Call, Router
from funnel.sandbox.state import Happening, State

PREFIX = "/3.0"
JSON_TYPE = "application/json; charset=utf-8"
PROBLEM_TYPE = "application/problem+json; charset=utf-8"
_KEY = re.compile(r"[A-Za-z0-9]{8,}-[a-z]+\d+")
_TOKEN = re.compile(r"[A-Za-z0-9._~+/-]{8,}=*")


@dataclass(frozen=True)
class Answer:
    """What goes back: status, headers beside the usual ones, and the body's bytes."""

    status: int
    body: bytes
    content_type: str
    headers: tuple[tuple[str, str], ...] = ()


class Api:
    """Answers requests under ``/3.0`` from the state it is given.

    ``request_ids`` makes the id of each answer; ``on_happenings`` is handed what webhooks may want
    to know, once it is kept.
    """

    def __init__(
        self,
        state: State,
        *,
        base_url: Callable[[], str],
        request_ids: Callable[[], str],
        on_happenings: Callable[[list[Happening]], None],
    ) -> None:
        self._state = state
        self._base_url = base_url
        self._request_ids = request_ids
        self._on_happenings = on_happenings
        self._router = Router(
            route
            for module in (audiences, members, merge_fields, segments, webhooks, batches)
            for route in module.ROUTES
        )

    def answer(self, method: str, path: str, query: str, body: bytes) -> Answer:
        """Carry out one request whose key was accepted; ``path`` begins after ``/3.0``."""
        request_id = self._request_ids()
        try:
            parameters = dict(parse_qsl(query, keep_blank_values=True))
            result = self.perform(method, path, parameters, _parsed(body))
        except Problem as problem:
            return self.refusal(problem, request_id=request_id)
        headers = (("X-Request-Id", request_id),)
        if result is None:
            return Answer(204, b"", JSON_TYPE, headers)
        return Answer(200, _encoded(result), JSON_TYPE, headers)

    def refusal(self, problem: Problem, *, request_id: str = "") -> Answer:
        """A problem as an answer."""
        request_id = request_id or self._request_ids()
        headers = [("X-Request-Id", request_id)]
        if problem.allow:
            headers.append(("Allow", problem.allow))
        document = problem.as_json(instance=request_id)
        return Answer(problem.status, _encoded(document), PROBLEM_TYPE, tuple(headers))

    def perform(self, method: str, path: str, query: Mapping[str, str], body: Any) -> Any:
        """The JSON that answers a request, None for 204; what changed is kept on return."""
        route, params = self._router.find(method, path)
        call = Call(self._state, method, params, query, body, self._base_url())
        happenings: list[Happening] = []
        try:
            with self._state.lock if route.locked else contextlib.nullcontext():
                try:
                    result = route.handler(call)
                finally:
                    with self._state.lock:
                        self._state.commit()
                        happenings = self._state.take_outgoing()
        finally:
            # Outside the lock: those who listen have locks of their own.
            self._on_happenings(happenings)
        return only_fields(
            result,
            fields=query.get("fields", ""),
            exclude_fields=query.get("exclude_fields", ""),
        )


def key_in(authorization: str) -> str:
    """The API key or token in an Authorization header; a 401 Problem unless well formed."""
    scheme, _, credentials = authorization.partition(" ")
    if scheme.lower() == "bearer" and _TOKEN.fullmatch(credentials.strip()):
        return credentials.strip()
    if scheme.lower() == "basic":
        try:
            decoded = base64.b64decode(credentials.strip(), validate=True).decode()
        except (binascii.Error, UnicodeDecodeError):
            raise errors.invalid_key() from None
        _, _, key = decoded.partition(":")
        if _KEY.fullmatch(key):
            return key
    raise errors.invalid_key()


def _parsed(body: bytes) -> Any:
    if not body.strip():
        return None
    try:
        return json.loads(body, parse_constant=_no_constant)
    except (ValueError, RecursionError):
        raise errors.unreadable_json() from None


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


def _encoded(document: object) -> bytes:
    return json.dumps(document).encode()
