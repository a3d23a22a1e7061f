"""Members of an audience, one by one: fields, status, tags, events."""

from __future__ import annotations

import re
from typing import Any

from funnel.sandbox import errors, memberships, tagging
from funnel.sandbox.resources import member_json, unique_email_id
from funnel.sandbox.routing import Call, Route
from funnel.sandbox.shapes import Kind, check_list, check_object, check_time

_FILTERS = ("status", "email_type", "unique_email_id")
_SORTABLE = ("timestamp_opt", "timestamp_signup", "last_changed")


def list_members(call: Call) -> dict[str, Any]:
    """GET: a page of members, filtered and sorted as asked."""
    audience = call.audience
    members = [member_json(audience, member) for member in audience.members.values()]
    for name in _FILTERS:
        if wanted := call.query.get(name):
            members = [item for item in members if item[name] == wanted]
    if call.flag("vip_only"):
        members = [item for item in members if item["vip"]]
    for name in ("timestamp_opt", "last_changed"):
        if since := call.query.get(f"since_{name}"):
            earliest = check_time(_unspaced(since), field=f"since_{name}")
            members = [item for item in members if item[name] >= earliest]
        if before := call.query.get(f"before_{name}"):
            latest = check_time(_unspaced(before), field=f"before_{name}")
            members = [item for item in members if item[name] and item[name] <= latest]
    sort_field = call.query.get("sort_field")
    if sort_field in _SORTABLE:
        descending = call.query.get("sort_dir") == "DESC"
        members.sort(key=lambda item: str(item[sort_field]), reverse=descending)
    return {
        "members": call.page(members),
        "list_id": audience.id,
        "total_items": len(members),
        "_links": [],
    }


def add_member(call: Call) -> dict[str, Any]:
    """POST: add one who is not there, or bring back one who was archived."""
    audience = call.audience
    asked = memberships.checked_body(call.body, required=("email_address", "status"))
    names = [tagging.check_name(name, field="tags") for name in asked.get("tags", [])]
    lenient = call.flag("skip_merge_validation")
    member = memberships.add(call.state, audience, asked, lenient=lenient)
    if names:
        tagging.add_tags(call.state, audience, member, names, is_syncing=False)
        call.state.save_member(audience, member)
    return member_json(audience, member)


def get_member(call: Call) -> dict[str, Any]:
    """GET: one member, archived ones included."""
    return member_json(call.audience, call.member)


def put_member(call: Call) -> dict[str, Any]:
    """PUT: change or add. Tags in the body are ignored here, as the service does."""
    audience, present = call.audience, call.present_member
    asked = memberships.checked_body(call.body)
    lenient = call.flag("skip_merge_validation")
    member = memberships.upsert(call.state, audience, present, asked, lenient=lenient)
    return member_json(audience, member)


def patch_member(call: Call) -> dict[str, Any]:
    """PATCH: change one who is there; tags are ignored."""
    audience, present = call.audience, call.member
    asked = memberships.checked_body(call.body)
    lenient = call.flag("skip_merge_validation")
    member = memberships.change(call.state, audience, present, asked, lenient=lenient)
    return member_json(audience, member)


def archive_member(call: Call) -> None:
    """DELETE: archive."""
    memberships.archive(call.state, call.audience, call.member)


def forget_member(call: Call) -> None:
    """POST: delete for good."""
    memberships.forget(call.state, call.audience, call.member)


def list_tags(call: Call) -> dict[str, Any]:
    """GET: the member's tags and since when."""
    audience, member = call.audience, call.member
    tags = [
        {
            "id": link.tag_id,
            "name": audience.segments[link.tag_id].name,
            "date_added": link.date_added,
        }
        for link in member.tags
    ]
    return {"tags": call.page(tags), "total_items": len(tags), "_links": []}


def change_tags(call: Call) -> None:
    """POST: add the active, take away the inactive, leave all others."""
    audience, member = call.audience, call.member
    asked = check_object(call.body, {"tags": list, "is_syncing": bool}, required=("tags",))
    wanted: dict[str, list[str]] = {"active": [], "inactive": []}
    for position, item in enumerate(check_list(asked["tags"], dict, field="tags")):
        prefix = f"tags.{position}."
        shape: dict[str, Kind] = {"name": str, "status": frozenset({"active", "inactive"})}
        check_object(item, shape, required=("name", "status"), prefix=prefix)
        wanted[item["status"]].append(tagging.check_name(item["name"], field=prefix + "name"))
    removed = tagging.remove_tags(audience, member, wanted["inactive"])
    syncing = asked.get("is_syncing", False)
    tagging.add_tags(call.state, audience, member, wanted["active"], is_syncing=syncing)
    if removed or wanted["active"]:
        member.last_changed = call.state.now()
        call.state.save_member(audience, member)


def list_events(call: Call) -> dict[str, Any]:
    """GET: what was reported about the member, newest first."""
    events = call.member.events
    return {
        "events": call.page(reversed(events)),
        "total_items": len(events),
        "_links": [],
    }


def add_event(call: Call) -> None:
    """POST: report something; sent twice, it is there twice."""
    audience, member = call.audience, call.member
    shape = {"name": str, "properties": dict, "is_syncing": bool, "occurred_at": str}
    asked = check_object(call.body, shape, required=("name",))
    if not 2 <= len(asked["name"]) <= 30:
        message = "This value should have between 2 and 30 characters."
        raise errors.invalid_shape([errors.field_error("name", message)])
    properties = asked.get("properties", {})
    check_object(properties, dict.fromkeys(properties, str), prefix="properties.")
    occurred_at = check_time(asked.get("occurred_at", ""), field="occurred_at")
    event: dict[str, Any] = {"name": asked["name"], "occurred_at": occurred_at or call.state.now()}
    if properties:
        event["properties"] = properties
    member.events.append(event)
    call.state.save_member(audience, member)


def activity_feed(call: Call) -> dict[str, Any]:
    """GET: what the member did with campaigns, of which there are none here."""
    audience = call.audience
    email_id = unique_email_id(audience, call.member.email)
    return {"activity": [], "email_id": email_id, "list_id": audience.id, "_links": []}


def _unspaced(moment: str) -> str:
    """The time with the plus of its zone put back, which a query string turns into a blank."""
    return re.sub(r" (\d\d:?\d\d)$", r"+\1", moment)


_ONE = "/lists/{list_id}/members/{member}"
ROUTES = (
    Route("GET", "/lists/{list_id}/members", list_members),
    Route("POST", "/lists/{list_id}/members", add_member),
    Route("GET", _ONE, get_member),
    Route("PUT", _ONE, put_member),
    Route("PATCH", _ONE, patch_member),
    Route("DELETE", _ONE, archive_member),
    Route("POST", _ONE + "/actions/delete-permanent", forget_member),
    Route("GET", _ONE + "/tags", list_tags),
    Route("POST", _ONE + "/tags", change_tags),
    Route("GET", _ONE + "/events", list_events),
    Route("POST", _ONE + "/events", add_event),
    Route("GET", _ONE + "/activity-feed", activity_feed),
)
