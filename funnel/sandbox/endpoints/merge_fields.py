"""The columns of an audience."""

from __future__ import annotations

from typing import Any

from funnel.sandbox import errors
from funnel.sandbox.merge_fields import LIMIT, changed_field, new_field
from funnel.sandbox.resources import merge_field_json
from funnel.sandbox.routing import Call, Route
from funnel.sandbox.state import MergeField


def list_fields(call: Call) -> dict[str, Any]:
    """GET: the columns, and how many there may be."""
    audience = call.audience
    fields = [merge_field_json(audience, field) for field in audience.merge_fields]
    if wanted := call.query.get("type"):
        fields = [field for field in fields if field["type"] == wanted]
    if "required" in call.query:
        required = call.flag("required")
        fields = [field for field in fields if field["required"] is required]
    return {
        "merge_fields": call.page(fields),
        "list_id": audience.id,
        "total_items": len(fields),
        "merge_field_limit": LIMIT,
        "_links": [],
    }


def add_field(call: Call) -> dict[str, Any]:
    """POST: a new column."""
    audience = call.audience
    field = new_field(audience, call.body)
    audience.next_merge_id += 1
    audience.merge_fields.append(field)
    call.state.save_audience(audience)
    return merge_field_json(audience, field)


def get_field(call: Call) -> dict[str, Any]:
    """GET: one column."""
    return merge_field_json(call.audience, _field(call))


def change_field(call: Call) -> dict[str, Any]:
    """PATCH: another name, tag or setting; values follow the tag."""
    audience, present = call.audience, _field(call)
    changed = changed_field(audience, present, call.body)
    audience.merge_fields[audience.merge_fields.index(present)] = changed
    if changed.tag != present.tag:
        for member in audience.members.values():
            if present.tag in member.merge_values:
                member.merge_values[changed.tag] = member.merge_values.pop(present.tag)
                call.state.save_member(audience, member)
    call.state.save_audience(audience)
    return merge_field_json(audience, changed)


def remove_field(call: Call) -> None:
    """DELETE: the column and every value in it."""
    audience, field = call.audience, _field(call)
    audience.merge_fields.remove(field)
    for member in audience.members.values():
        if member.merge_values.pop(field.tag, None) is not None:
            call.state.save_member(audience, member)
    call.state.save_audience(audience)


def _field(call: Call) -> MergeField:
    for field in call.audience.merge_fields:
        if str(field.merge_id) == call.params["merge_id"]:
            return field
    raise errors.not_found()


_ONE = "/lists/{list_id}/merge-fields/{merge_id}"
ROUTES = (
    Route("GET", "/lists/{list_id}/merge-fields", list_fields),
    Route("POST", "/lists/{list_id}/merge-fields", add_field),
    Route("GET", _ONE, get_field),
    Route("PATCH", _ONE, change_field),
    Route("DELETE", _ONE, remove_field),
)
