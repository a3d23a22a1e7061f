"""Audiences, many members at once, and finding members and tags."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from funnel.sandbox import memberships, tagging
from funnel.sandbox.errors import Problem, member_exists
from funnel.sandbox.resources import audience_json, full_name, member_json
from funnel.sandbox.routing import Call, Route
from funnel.sandbox.shapes import check_list, check_object
from funnel.sandbox.state import Audience, subscriber_hash

MOST_MEMBERS = 500


def ping(_: Call) -> dict[str, Any]:
    """GET: is anybody there?"""
    return {"health_status": "Everything's Chimpy!"}


def list_audiences(call: Call) -> dict[str, Any]:
    """GET: the lists, or those that an address is on."""
    audiences = list(call.state.audiences.values())
    if address := call.query.get("email"):
        wanted = subscriber_hash(address)
        audiences = [item for item in audiences if wanted in item.members]
    return {
        "lists": call.page([audience_json(item) for item in audiences]),
        "total_items": len(audiences),
        "constraints": {
            "may_create": False,
            "max_instances": 1,
            "current_total_instances": len(call.state.audiences),
        },
        "_links": [],
    }


def get_audience(call: Call) -> dict[str, Any]:
    """GET: one list."""
    return audience_json(call.audience)


def add_members(call: Call) -> dict[str, Any]:
    """POST: up to 500 members; answers success even where some are refused."""
    audience = call.audience
    shape = {"members": list, "update_existing": bool, "sync_tags": bool}
    asked = check_object(call.body, shape, required=("members",))
    items = check_list(asked["members"], dict, field="members", most=MOST_MEMBERS)
    skip_duplicates = call.flag("skip_duplicate_check")
    answer: dict[str, list[Any]] = {"new_members": [], "updated_members": [], "errors": []}
    seen: set[str] = set()
    for item in items:
        address = item.get("email_address", "")
        address = address if isinstance(address, str) else ""
        if address.casefold() in seen:
            if not skip_duplicates:
                answer["errors"].append(
                    _refusal(address, f"Duplicate items found for email: {address}")
                )
            continue
        seen.add(address.casefold())
        try:
            existed, member = _add_one(call, audience, item, asked)
        except Problem as problem:
            answer["errors"].append(_as_refusal(address, problem))
        else:
            answer["updated_members" if existed else "new_members"].append(member)
    return {
        **answer,
        "total_created": len(answer["new_members"]),
        "total_updated": len(answer["updated_members"]),
        "error_count": len(answer["errors"]),
        "_links": [],
    }


def search_members(call: Call) -> dict[str, Any]:
    """GET: members whose address or name holds the query."""
    query = call.query.get("query", "").casefold()
    list_id = call.query.get("list_id")
    found = [
        member_json(audience, member)
        for audience in call.state.audiences.values()
        if list_id in (None, audience.id)
        for member in audience.members.values()
        if query and (query in member.email.casefold() or query in full_name(member).casefold())
    ]
    exact = [item for item in found if item["email_address"].casefold() == query]
    return {
        "exact_matches": {"members": exact, "total_items": len(exact)},
        "full_search": {"members": found, "total_items": len(found)},
        "_links": [],
    }


def search_tags(call: Call) -> dict[str, Any]:
    """GET: tags whose name begins with ``name``."""
    wanted = call.query.get("name", "").casefold()
    tags = [
        {"id": segment.id, "name": segment.name}
        for segment in call.audience.segments.values()
        if segment.type == "static" and segment.name.casefold().startswith(wanted)
    ]
    return {"tags": tags, "total_items": len(tags)}


def _add_one(
    call: Call, audience: Audience, item: Mapping[str, Any], asked: Mapping[str, Any]
) -> tuple[bool, dict[str, Any]]:
    body = memberships.checked_body(dict(item), required=("email_address",))
    names = [tagging.check_name(name, field="tags") for name in body.get("tags", [])]
    body = {name: value for name, value in body.items() if name != "marketing_permissions"}
    address = body["email_address"]
    lenient = call.flag("skip_merge_validation")
    present = audience.members.get(subscriber_hash(address)) if address.isascii() else None
    update = asked.get("update_existing", False)
    if (
        present is not None
        and not update
        and (present.status != "archived" or "status" not in body)
    ):
        raise member_exists(address)
    member = memberships.upsert(call.state, audience, present, body, lenient=lenient)
    if present is not None and update and asked.get("sync_tags", False) and "tags" in body:
        tagging.replace_tags(call.state, audience, member, names, is_syncing=False)
    else:
        tagging.add_tags(call.state, audience, member, names, is_syncing=False)
    call.state.save_member(audience, member)
    return present is not None, member_json(audience, member)


def _refusal(
    address: str, error: str, *, code: str = "ERROR_GENERIC", field: str = "", message: str = ""
) -> dict[str, str]:
    return {
        "email_address": address,
        "error": error,
        "error_code": code,
        "field": field,
        "field_message": message,
    }


def _as_refusal(address: str, problem: Problem) -> dict[str, str]:
    if problem.title == "Member Exists":
        hint = (
            f"{address} is already a list member, do you want to update? "
            "please provide update_existing:true in the request body"
        )
        return _refusal(address, hint, code="ERROR_CONTACT_EXISTS")
    first = problem.errors[0] if problem.errors else {"field": "", "message": ""}
    return _refusal(address, problem.detail, field=first["field"], message=first["message"])


ROUTES = (
    Route("GET", "/ping", ping),
    Route("GET", "/lists", list_audiences),
    Route("GET", "/lists/{list_id}", get_audience),
    Route("POST", "/lists/{list_id}", add_members),
    Route("GET", "/lists/{list_id}/tag-search", search_tags),
    Route("GET", "/search-members", search_members),
)
