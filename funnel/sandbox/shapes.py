"""Checks the shape of a request's body and names what is wrong the way Mailchimp does."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from datetime import UTC, datetime
from typing import Any

from funnel.sandbox import errors
from funnel.sandbox.state import as_timestamp

Kind = type | tuple[type, ...] | frozenset[str]

_TIMES = (
    re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d"),
    re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(Z|[+-]\d\d:?\d\d)"),
)
_NAMES: dict[type, str] = {
    str: "string",
    bool: "boolean",
    int: "integer",
    float: "double",
    dict: "object",
    list: "array",
    type(None): "NULL",
}


def check_object(
    body: object, fields: Mapping[str, Kind], *, required: Collection[str] = (), prefix: str = ""
) -> dict[str, Any]:
    """The body, once each known field is of its kind; unknown fields are left alone.

    A kind is a type, several types, or a set of words to choose from. Raises a Problem that lists
    every fault.
    """
    if not isinstance(body, dict):
        raise errors.invalid_shape(
            [errors.field_error(prefix, f"Schema describes object, {kind_of(body)} found instead")]
        )
    faults = [
        errors.field_error(prefix + name, "Required fields were not provided")
        for name in required
        if name not in body
    ]
    for name, kind in fields.items():
        if name in body and (message := _fault(body[name], kind)):
            faults.append(errors.field_error(prefix + name, message))
    if faults:
        raise errors.invalid_shape(faults)
    return body


def check_list(value: object, kind: type, *, field: str, most: int | None = None) -> list[Any]:
    """A list of one kind of item, no longer than ``most``."""
    if not isinstance(value, list):
        message = f"Schema describes array, {kind_of(value)} found instead"
        raise errors.invalid_shape([errors.field_error(field, message)])
    if most is not None and len(value) > most:
        message = f"This collection should contain {most} elements or less."
        raise errors.invalid_shape([errors.field_error(field, message)])
    faults = [
        errors.field_error(f"{field}.{position}", message)
        for position, item in enumerate(value)
        if (message := _fault(item, kind))
    ]
    if faults:
        raise errors.invalid_shape(faults)
    return value


def check_time(value: str, *, field: str) -> str:
    """A time as Mailchimp takes it, in the form in which it is answered; ``""`` stays."""
    if value == "":
        return ""
    if any(pattern.fullmatch(value) for pattern in _TIMES):
        try:
            moment = datetime.fromisoformat(value.replace("Z", "+00:00"))
        except ValueError:
            pass
        else:
            return as_timestamp(moment if moment.tzinfo else moment.replace(tzinfo=UTC))
    raise errors.invalid_shape([errors.field_error(field, "This value is not a valid datetime.")])


def kind_of(value: object) -> str:
    """The name Mailchimp's errors use for a value's type."""
    return _NAMES.get(type(value), "unknown")


def _fault(value: object, kind: Kind) -> str:
    if isinstance(kind, frozenset):
        if isinstance(value, str) and value in kind:
            return ""
        if isinstance(value, str):
            return "Data did not match any of the options: " + ", ".join(sorted(kind))
        return f"Schema describes string, {kind_of(value)} found instead"
    kinds = kind if isinstance(kind, tuple) else (kind,)
    if type(value) in kinds or (float in kinds and type(value) is int):
        return ""
    if len(kinds) > 1:
        return "Data did not match any of the schemas described in anyOf."
    return f"Schema describes {_NAMES[kinds[0]]}, {kind_of(value)} found instead"
