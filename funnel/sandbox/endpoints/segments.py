"""Tags by their other name, static segments; and saved segments, kept but not evaluated."""

from __future__ import annotations

from typing import Any

from funnel.sandbox import errors, tagging
from funnel.sandbox.resources import member_json, segment_json, segment_members
from funnel.sandbox.routing import Call, Route
from funnel.sandbox.shapes import Kind, check_list, check_object
from funnel.sandbox.state import Audience, Member, Segment, subscriber_hash

MOST_MEMBERS = 500
_SHAPE: dict[str, Kind] = {"name": str, "static_segment": list, "options": dict}


def list_segments(call: Call) -> dict[str, Any]:
    """GET: tags and saved segments."""
    audience = call.audience
    segments = list(audience.segments.values())
    if wanted := call.query.get("type"):
        segments = [segment for segment in segments if segment.type == wanted]
    return {
        "segments": [segment_json(audience, segment) for segment in call.page(segments)],
        "list_id": audience.id,
        "total_items": len(segments),
        "_links": [],
    }


def add_segment(call: Call) -> dict[str, Any]:
    """POST: a tag for the addresses given, none for example, or a saved segment."""
    audience = call.audience
    asked = check_object(call.body, _SHAPE, required=("name",))
    name = tagging.check_name(asked["name"], field="name")
    addresses = check_list(asked.get("static_segment", []), str, field="static_segment")
    if audience.tag_named(name):
        raise errors.invalid("Sorry, that tag already exists.")
    kind = "saved" if "options" in asked else "static"
    segment = tagging.new_segment(
        call.state, audience, name, kind=kind, options=asked.get("options")
    )
    _tag_all(call, audience, segment, addresses)
    return segment_json(audience, segment)


def get_segment(call: Call) -> dict[str, Any]:
    """GET: one of them."""
    return segment_json(call.audience, _segment(call))


def change_segment(call: Call) -> dict[str, Any]:
    """PATCH: another name; a list of addresses replaces those who carry the tag."""
    audience, segment = call.audience, _segment(call)
    asked = check_object(call.body, _SHAPE)
    name = tagging.check_name(asked.get("name", segment.name), field="name")
    namesake = audience.tag_named(name)
    if namesake is not None and namesake is not segment:
        raise errors.invalid("Sorry, that tag already exists.")
    if "static_segment" in asked:
        addresses = check_list(asked["static_segment"], str, field="static_segment")
        for member in segment_members(audience, segment):
            _untag(call, audience, segment, member)
        _tag_all(call, audience, segment, addresses)
    segment.name = name
    segment.options = asked.get("options", segment.options)
    segment.updated_at = call.state.now()
    call.state.save_audience(audience)
    return segment_json(audience, segment)


def remove_segment(call: Call) -> None:
    """DELETE: the tag, from everyone."""
    audience, segment = call.audience, _segment(call)
    for member in segment_members(audience, segment):
        _untag(call, audience, segment, member)
    for member in audience.members.values():
        if segment.id in member.past_tags:
            member.past_tags.remove(segment.id)
            call.state.save_member(audience, member)
    del audience.segments[segment.id]
    call.state.save_audience(audience)


def change_members(call: Call) -> dict[str, Any]:
    """POST: tag and untag up to 500 addresses each."""
    audience, segment = call.audience, _static_segment(call)
    shape: dict[str, Kind] = {"members_to_add": list, "members_to_remove": list}
    asked = check_object(call.body, shape)
    to_add, to_remove = (
        check_list(asked.get(name, []), str, field=name, most=MOST_MEMBERS) for name in shape
    )
    added, unknown = _tag_all(call, audience, segment, to_add)
    removed = []
    for address in to_remove:
        member = _member(audience, address)
        if member is not None and tagging.carries(member, segment.id):
            _untag(call, audience, segment, member)
            removed.append(member)
        else:
            unknown.append(address)
    problems = (
        [{"email_addresses": unknown, "error": "Email addresses are not part of this list."}]
        if unknown
        else []
    )
    return {
        "members_added": [member_json(audience, member) for member in added],
        "members_removed": [member_json(audience, member) for member in removed],
        "errors": problems,
        "total_added": len(added),
        "total_removed": len(removed),
        "error_count": len(unknown),
        "_links": [],
    }


def list_members(call: Call) -> dict[str, Any]:
    """GET: who carries the tag; only those who may be mailed, as there."""
    audience, segment = call.audience, _segment(call)
    members = [item for item in segment_members(audience, segment) if item.status == "subscribed"]
    return {
        "members": [member_json(audience, member) for member in call.page(members)],
        "total_items": len(members),
        "_links": [],
    }


def add_member(call: Call) -> dict[str, Any]:
    """POST: tag one address."""
    audience, segment = call.audience, _static_segment(call)
    asked = check_object(call.body, {"email_address": str}, required=("email_address",))
    member = _member(audience, asked["email_address"])
    if member is None:
        raise errors.invalid("Email address is not part of this list.")
    _tag_all(call, audience, segment, [member.email])
    return member_json(audience, member)


def remove_member(call: Call) -> None:
    """DELETE: untag one member."""
    audience, segment, member = call.audience, _static_segment(call), call.member
    if not tagging.carries(member, segment.id):
        raise errors.not_found()
    _untag(call, audience, segment, member)


def _segment(call: Call) -> Segment:
    segment_id = call.params["segment_id"]
    if not (segment_id.isascii() and segment_id.isdigit() and len(segment_id) < 12):
        raise errors.not_found()
    segment = call.audience.segments.get(int(segment_id))
    if segment is None:
        raise errors.not_found()
    return segment


def _static_segment(call: Call) -> Segment:
    segment = _segment(call)
    if segment.type != "static":
        raise errors.invalid("This is not a static segment.")
    return segment


def _member(audience: Audience, address: str) -> Member | None:
    return audience.members.get(subscriber_hash(address)) if address.isascii() else None


def _tag_all(
    call: Call, audience: Audience, segment: Segment, addresses: list[str]
) -> tuple[list[Member], list[str]]:
    """Tag whoever is there; the members newly tagged, and the addresses that nobody has."""
    added, unknown = [], []
    for address in addresses:
        member = _member(audience, address)
        if member is None:
            unknown.append(address)
        elif not tagging.carries(member, segment.id):
            tagging.add_tags(call.state, audience, member, [segment.name], is_syncing=False)
            member.last_changed = call.state.now()
            call.state.save_member(audience, member)
            added.append(member)
    return added, unknown


def _untag(call: Call, audience: Audience, segment: Segment, member: Member) -> None:
    tagging.remove_tags(audience, member, [segment.name])
    member.last_changed = call.state.now()
    call.state.save_member(audience, member)


_ALL = "/lists/{list_id}/segments"
_ONE = _ALL + "/{segment_id}"
ROUTES = (
    Route("GET", _ALL, list_segments),
    Route("POST", _ALL, add_segment),
    Route("GET", _ONE, get_segment),
    Route("PATCH", _ONE, change_segment),
    Route("DELETE", _ONE, remove_segment),
    Route("POST", _ONE, change_members),
    Route("GET", _ONE + "/members", list_members),
    Route("POST", _ONE + "/members", add_member),
    Route("DELETE", _ONE + "/members/{member}", remove_member),
)
