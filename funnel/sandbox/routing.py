"""Finds the handler of a request: a table of routes, matched part by part."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote

from funnel.sandbox import errors
from funnel.sandbox.state import Audience, Member, State, subscriber_hash

MOST_ITEMS = 1000


@dataclass
class Call:
    """One request to the API, as its handler sees it.

    ``params`` are the named parts of the path, ``query`` the last value of each query parameter,
    ``body`` the parsed JSON or None, ``base_url`` where this server is reached.
    """

    state: State
    method: str
    params: Mapping[str, str]
    query: Mapping[str, str]
    body: Any
    base_url: str

    @property
    def audience(self) -> Audience:
        """The list that the path names; a Problem where there is none."""
        audience = self.state.audiences.get(self.params["list_id"])
        if audience is None:
            raise errors.not_found()
        return audience

    @property
    def present_member(self) -> Member | None:
        """The member that the path names by hash, address or contact id, if there is one."""
        name = self.params["member"]
        audience = self.audience
        if "@" in name:
            return audience.members.get(subscriber_hash(name))
        found = audience.members.get(name.lower())
        return found or next(
            (item for item in audience.members.values() if item.contact_id == name), None
        )

    @property
    def member(self) -> Member:
        """The member that the path names; a Problem where there is none."""
        member = self.present_member
        if member is None:
            raise errors.not_found()
        return member

    def flag(self, name: str) -> bool:
        """A query parameter that is true or false."""
        value = self.query.get(name, "false")
        if value not in ("true", "false", "1", "0"):
            message = "Schema describes boolean, string found instead"
            raise errors.invalid_shape([errors.field_error(name, message)])
        return value in ("true", "1")

    def page(self, items: Iterable[Any]) -> list[Any]:
        """The part of a collection that ``count`` and ``offset`` ask for."""
        count = self._whole_number("count", default=10, most=MOST_ITEMS)
        offset = self._whole_number("offset", default=0, most=None)
        return list(items)[offset : offset + count]

    def _whole_number(self, name: str, *, default: int, most: int | None) -> int:
        text = self.query.get(name, str(default))
        if not (text.isascii() and text.isdigit() and len(text) < 10):
            message = "Schema describes integer, string found instead"
            raise errors.invalid_shape([errors.field_error(name, message)])
        number = int(text)
        if most is not None and number > most:
            message = f"This value should be {most} or less."
            raise errors.invalid_shape([errors.field_error(name, message)])
        return number


@dataclass(frozen=True)
class Route:
    """A method and path, ``/lists/{list_id}`` for example, and what answers it.

    The handler returns the JSON to answer, or None for an empty 204. ``locked`` is false for a
    handler that waits for somebody else and takes the state's lock only where it needs it.
    """

    method: str
    path: str
    handler: Callable[[Call], Any]
    locked: bool = True
    parts: tuple[str, ...] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "parts", tuple(self.path.strip("/").split("/")))

    def match(self, parts: tuple[str, ...]) -> dict[str, str] | None:
        """The named parts, if the path is of this form."""
        if len(parts) != len(self.parts):
            return None
        params: dict[str, str] = {}
        for wanted, given in zip(self.parts, parts, strict=True):
            if wanted.startswith("{"):
                params[wanted[1:-1]] = given
            elif wanted != given:
                return None
        return params


class Router:
    """All routes of the API."""

    def __init__(self, routes: Iterable[Route]) -> None:
        self._routes = list(routes)

    def find(self, method: str, path: str) -> tuple[Route, dict[str, str]]:
        """The route and its named parts; a 404 or a 405 Problem where there is none."""
        parts = tuple(unquote(part) for part in path.strip("/").split("/"))
        allowed = []
        for route in self._routes:
            params = route.match(parts)
            if params is None:
                continue
            if route.method == method:
                return route, params
            allowed.append(route.method)
        if allowed:
            raise errors.method_not_allowed(allowed)
        raise errors.not_found()
