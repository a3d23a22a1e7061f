"""What may happen to a member: joining, changing, leaving, being archived or forgotten.

The rules of Mailchimp, for requests (``add``, ``upsert``, ``change``, ``archive``, ``forget``) and
for what a person does herself (``people``). Every function checks first and changes last, so that
a refusal leaves nothing half done.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from funnel.sandbox import errors
from funnel.sandbox.addresses import check_address
from funnel.sandbox.merge_fields import merged_values
from funnel.sandbox.resources import webhook_profile
from funnel.sandbox.shapes import Kind, check_list, check_object, check_time
from funnel.sandbox.state import Audience, Member, State, derived_id, subscriber_hash

STATUSES = frozenset({"subscribed", "unsubscribed", "cleaned", "pending", "transactional"})
_MAILED = frozenset({"subscribed", "transactional"})
_SHAPE: dict[str, Kind] = {
    "email_address": str,
    "email_type": frozenset({"html", "text", ""}),
    "status": STATUSES,
    "status_if_new": STATUSES,
    "merge_fields": dict,
    "interests": dict,
    "language": str,
    "vip": bool,
    "location": dict,
    "marketing_permissions": list,
    "ip_signup": str,
    "ip_opt": str,
    "timestamp_signup": str,
    "timestamp_opt": str,
    "tags": list,
}
_COPIED = ("email_type", "language", "vip", "ip_signup", "ip_opt")


def checked_body(body: object, *, required: tuple[str, ...] = ()) -> dict[str, Any]:
    """A request's member, once its fields are of the right kinds."""
    asked = check_object(body, _SHAPE, required=required)
    check_list(asked.get("tags", []), str, field="tags")
    return asked


def add(
    state: State, audience: Audience, asked: Mapping[str, Any], *, lenient: bool = False
) -> Member:
    """Add a member who is not there, or bring back one who was archived."""
    address = asked["email_address"]
    present = audience.members.get(subscriber_hash(address)) if address.isascii() else None
    if present is not None and present.status != "archived":
        raise errors.member_exists(address)
    return _write(state, audience, present, asked, lenient=lenient)


def upsert(
    state: State,
    audience: Audience,
    present: Member | None,
    asked: Mapping[str, Any],
    *,
    lenient: bool = False,
) -> Member:
    """Change the member that a path names, or add the one that the body names.

    An unknown path never changes another member: an address that is taken is refused.
    """
    if present is None:
        address = asked.get("email_address")
        if address is None:
            raise errors.invalid_shape(
                [errors.field_error("email_address", "Required fields were not provided")]
            )
        if address.isascii() and subscriber_hash(address) in audience.members:
            raise errors.member_exists(address)
    return _write(state, audience, present, asked, lenient=lenient)


def change(
    state: State,
    audience: Audience,
    present: Member,
    asked: Mapping[str, Any],
    *,
    lenient: bool = False,
) -> Member:
    """Change a member who is there; ``status_if_new`` says nothing about her."""
    return _write(state, audience, present, asked, lenient=lenient)


def archive(state: State, audience: Audience, member: Member, *, source: str = "api") -> None:
    """Put the member away; fields and tags survive."""
    if member.status in ("archived", "pending", "cleaned"):
        raise errors.not_removable()
    member.status = "archived"
    member.last_changed = state.now()
    state.save_member(audience, member)
    announce_leaving(state, audience, member, source=source, action="delete", reason="manual")


def forget(state: State, audience: Audience, member: Member) -> None:
    """Delete the member for good and remember only that the address may not come back."""
    audience.forgotten.add(member.id)
    state.drop_member(audience, member.id)
    state.save_audience(audience)
    announce_leaving(state, audience, member, source="api", action="delete", reason="manual")


def rename(state: State, audience: Audience, member: Member, address: str, *, source: str) -> None:
    """Give the member another address; everything but the ids made of it stays."""
    _check_free(audience, member, address)
    before = replace(member)
    if subscriber_hash(address) != member.id:
        state.drop_member(audience, member.id)
    member.email = address
    member.last_changed = state.now()
    state.save_member(audience, member)
    _announce_rename(state, audience, before, member, source=source)


def announce_leaving(
    state: State, audience: Audience, member: Member, *, source: str, action: str, reason: str
) -> None:
    """Tell the webhooks that somebody left.

    ``action`` is ``unsub`` or ``delete``, ``reason`` ``manual`` or ``abuse``.
    """
    data = {
        "action": action,
        "reason": reason,
        **webhook_profile(audience, member),
        "campaign_id": "",
    }
    state.announce(audience, source=source, kind="unsubscribe", data=data)


def announce_joining(state: State, audience: Audience, member: Member, *, source: str) -> None:
    """Tell the webhooks that somebody is subscribed now."""
    data = webhook_profile(audience, member)
    state.announce(audience, source=source, kind="subscribe", data=data)


def _write(
    state: State,
    audience: Audience,
    present: Member | None,
    asked: Mapping[str, Any],
    *,
    lenient: bool,
) -> Member:
    now = state.now()
    address = asked.get("email_address", present.email if present else "")
    if present is None or address != present.email:
        _check_free(audience, present, address)
    status = _status_after(present, asked)
    if status in _MAILED and present is not None and present.compliance and asked.get("status"):
        raise errors.in_compliance_state(address)
    updates: dict[str, Any] = {name: asked[name] for name in _COPIED if name in asked}
    updates["email"] = address
    updates["status"] = status
    updates["merge_values"] = merged_values(
        audience,
        present.merge_values if present else {},
        asked.get("merge_fields"),
        complete=present is None or "merge_fields" in asked,
        lenient=lenient,
    )
    updates |= _extras(audience, present, asked)
    updates |= _consequences(present, status, asked, now)
    for name in ("timestamp_signup", "timestamp_opt"):
        if name in asked:
            updates[name] = check_time(asked[name], field=name)

    if present is None:
        member = _newcomer(state, audience, address, status, now)
        for name, value in updates.items():
            setattr(member, name, value)
        state.save_member(audience, member)
        _announce_status(state, audience, None, member)
        return member

    before = replace(present)
    changed = any(getattr(present, name) != value for name, value in updates.items())
    if changed:
        if subscriber_hash(address) != present.id:
            state.drop_member(audience, present.id)
        for name, value in updates.items():
            setattr(present, name, value)
        present.last_changed = now
        state.save_member(audience, present)
        _announce_changes(state, audience, before, present)
    return present


def _check_free(audience: Audience, present: Member | None, address: str) -> None:
    check_address(address)
    wanted = subscriber_hash(address)
    if present is not None and wanted == present.id:
        return
    if wanted in audience.members:
        raise errors.member_exists(address)
    if wanted in audience.forgotten:
        raise errors.forgotten(address)


def _status_after(present: Member | None, asked: Mapping[str, Any]) -> str:
    status = asked.get("status")
    if status is not None:
        return str(status)
    if present is not None:
        return present.status
    if "status_if_new" not in asked:
        raise errors.invalid_shape(
            [errors.field_error("status_if_new", "Required fields were not provided")]
        )
    return str(asked["status_if_new"])


def _consequences(
    present: Member | None, status: str, asked: Mapping[str, Any], now: str
) -> dict[str, Any]:
    """What a new status brings with it: times, a confirmation mail, a state of compliance."""
    was = present.status if present else ""
    if status == was:
        return {}
    if status == "pending":
        sent = [*(present.confirmations if present else []), now]
        return {"confirmations": sent, "timestamp_signup": now}
    if status in _MAILED:
        joined = {"timestamp_opt": now} if was in ("", "archived", "pending") else {}
        return {**joined, "unsubscribe_reason": ""}
    if status == "unsubscribed":
        return {"unsubscribe_reason": "N/A (Unsubscribed by an admin)"} if was else {}
    if status == "cleaned":
        return {"compliance": "bounced"}
    return {}


def _extras(audience: Audience, present: Member | None, asked: Mapping[str, Any]) -> dict[str, Any]:
    extras: dict[str, Any] = {}
    if "location" in asked:
        shape: dict[str, Kind] = {"latitude": float, "longitude": float}
        location = check_object(asked["location"], shape, prefix="location.")
        extras |= {name: location[name] for name in shape if name in location}
    if "interests" in asked:
        interests = asked["interests"]
        check_object(interests, dict.fromkeys(interests, bool), prefix="interests.")
        extras["interests"] = {**(present.interests if present else {}), **interests}
    if "marketing_permissions" in asked:
        chosen = dict(present.permissions) if present else {}
        for position, item in enumerate(asked["marketing_permissions"]):
            prefix = f"marketing_permissions.{position}."
            check_object(item, {"marketing_permission_id": str, "enabled": bool}, prefix=prefix)
            permission = item.get("marketing_permission_id")
            if permission not in audience.permissions:
                message = "This marketing permission does not exist."
                raise errors.invalid_shape(
                    [errors.field_error(prefix + "marketing_permission_id", message)]
                )
            chosen[permission] = item.get("enabled", False)
        extras["permissions"] = chosen
    return extras


def _newcomer(state: State, audience: Audience, address: str, status: str, now: str) -> Member:
    web_id = audience.next_web_id
    audience.next_web_id += 1
    state.save_audience(audience)
    return Member(
        email=address,
        contact_id=derived_id(audience.id, "contact", web_id, length=32),
        web_id=web_id,
        status=status,
        created=now,
        last_changed=now,
    )


def _announce_changes(state: State, audience: Audience, before: Member, after: Member) -> None:
    if before.email != after.email:
        _announce_rename(state, audience, before, after, source="api")
    if before.status != after.status:
        _announce_status(state, audience, before, after)
    elif before.merge_values != after.merge_values or before.interests != after.interests:
        data = webhook_profile(audience, after)
        state.announce(audience, source="api", kind="profile", data=data)


def _announce_status(
    state: State, audience: Audience, before: Member | None, after: Member
) -> None:
    if after.status == "subscribed":
        announce_joining(state, audience, after, source="api")
    elif after.status == "unsubscribed" and before is not None:
        announce_leaving(state, audience, after, source="api", action="unsub", reason="manual")
    elif after.status == "cleaned":
        announce_bounce(state, audience, after, source="api")


def announce_bounce(state: State, audience: Audience, member: Member, *, source: str) -> None:
    """Tell the webhooks that an address takes no mail."""
    data = {"list_id": audience.id, "campaign_id": "", "reason": "hard", "email": member.email}
    state.announce(audience, source=source, kind="cleaned", data=data)


def _announce_rename(
    state: State, audience: Audience, before: Member, after: Member, *, source: str
) -> None:
    data = {
        "list_id": audience.id,
        "new_id": webhook_profile(audience, after)["id"],
        "new_email": after.email,
        "old_email": before.email,
    }
    state.announce(audience, source=source, kind="upemail", data=data)
