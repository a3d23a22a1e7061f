"""Turns records into what Mailchimp answers about them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from funnel.sandbox.state import Audience, Batch, Member, MergeField, Segment, Webhook, derived_id

MOST_TAGS_SHOWN = 50


def unique_email_id(audience: Audience, address: str) -> str:
    """Mailchimp's second id of an address, the one in webhooks and mail links."""
    return derived_id(audience.id, address.lower(), length=10)


def shown_values(audience: Audience, member: Member) -> dict[str, Any]:
    """Every merge field of the audience; empty ones are empty text, whatever their type."""
    return {item.tag: member.merge_values.get(item.tag, "") for item in audience.merge_fields}


def full_name(member: Member) -> str:
    """First and last name, as far as known."""
    parts = (str(member.merge_values.get(tag, "")) for tag in ("FNAME", "LNAME"))
    return " ".join(part for part in parts if part)


def member_json(audience: Audience, member: Member) -> dict[str, Any]:
    """The member as every member call answers it."""
    answer: dict[str, Any] = {
        "id": member.id,
        "email_address": member.email,
        "unique_email_id": unique_email_id(audience, member.email),
        "contact_id": member.contact_id,
        "full_name": full_name(member),
        "web_id": member.web_id,
        "email_type": member.email_type or "html",
        "status": member.status,
    }
    if member.unsubscribe_reason:
        answer["unsubscribe_reason"] = member.unsubscribe_reason
    answer |= {
        "consents_to_one_to_one_messaging": True,
        "merge_fields": shown_values(audience, member),
        "interests": member.interests,
        "stats": {"avg_open_rate": 0, "avg_click_rate": 0},
        "ip_signup": member.ip_signup,
        "timestamp_signup": member.timestamp_signup,
        "ip_opt": member.ip_opt,
        "timestamp_opt": member.timestamp_opt,
        "member_rating": 2,
        "last_changed": member.last_changed,
        "language": member.language,
        "vip": member.vip,
        "email_client": "",
        "location": {
            "latitude": member.latitude,
            "longitude": member.longitude,
            "gmtoff": 0,
            "dstoff": 0,
            "country_code": "",
            "timezone": "",
            "region": "",
        },
        "marketing_permissions": [
            {
                "marketing_permission_id": permission,
                "text": text,
                "enabled": member.permissions.get(permission, False),
            }
            for permission, text in audience.permissions.items()
        ],
        "source": member.source,
        "tags_count": len(member.tags),
        "tags": [
            {"id": link.tag_id, "name": audience.segments[link.tag_id].name}
            for link in member.tags[:MOST_TAGS_SHOWN]
        ],
        "list_id": audience.id,
        "_links": [],
    }
    return answer


def audience_json(audience: Audience) -> dict[str, Any]:
    """The list, with its counts."""
    members = list(audience.members.values())
    joined = [item.timestamp_opt for item in members if item.timestamp_opt]
    left = [item.last_changed for item in members if item.status == "unsubscribed"]
    counts = {
        status: sum(item.status == status for item in members)
        for status in ("subscribed", "unsubscribed", "cleaned")
    }
    return {
        "id": audience.id,
        "web_id": audience.web_id,
        "name": audience.name,
        "contact": {
            "company": "",
            "address1": "",
            "address2": "",
            "city": "",
            "state": "",
            "zip": "",
            "country": "",
            "phone": "",
        },
        "permission_reminder": "",
        "use_archive_bar": False,
        "campaign_defaults": {"from_name": "", "from_email": "", "subject": "", "language": "en"},
        "notify_on_subscribe": "",
        "notify_on_unsubscribe": "",
        "date_created": audience.date_created,
        "list_rating": 0,
        "email_type_option": False,
        "subscribe_url_short": "",
        "subscribe_url_long": "",
        "beamer_address": "",
        "visibility": "prv",
        "double_optin": audience.double_optin,
        "has_welcome": False,
        "marketing_permissions": bool(audience.permissions),
        "modules": [],
        "stats": {
            "member_count": counts["subscribed"],
            "total_contacts": len(members),
            "unsubscribe_count": counts["unsubscribed"],
            "cleaned_count": counts["cleaned"],
            "member_count_since_send": counts["subscribed"],
            "unsubscribe_count_since_send": counts["unsubscribed"],
            "cleaned_count_since_send": counts["cleaned"],
            "campaign_count": 0,
            "campaign_last_sent": "",
            "merge_field_count": len(audience.merge_fields),
            "avg_sub_rate": 0,
            "avg_unsub_rate": 0,
            "target_sub_rate": 0,
            "open_rate": 0,
            "click_rate": 0,
            "last_sub_date": max(joined, default=""),
            "last_unsub_date": max(left, default=""),
        },
        "_links": [],
    }


def merge_field_json(audience: Audience, field: MergeField) -> dict[str, Any]:
    """One column of the audience."""
    return {**vars(field), "list_id": audience.id, "_links": []}


def segment_members(audience: Audience, segment: Segment) -> list[Member]:
    """Who carries the tag; a saved segment's conditions are kept but not evaluated here."""
    return [
        member
        for member in audience.members.values()
        if any(link.tag_id == segment.id for link in member.tags)
    ]


def segment_json(audience: Audience, segment: Segment) -> dict[str, Any]:
    """A tag or saved segment; as there, only subscribed members count."""
    count = sum(item.status == "subscribed" for item in segment_members(audience, segment))
    answer = {
        "id": segment.id,
        "name": segment.name,
        "member_count": count,
        "type": segment.type,
        "created_at": segment.created_at,
        "updated_at": segment.updated_at,
        "list_id": audience.id,
        "_links": [],
    }
    if segment.options is not None:
        answer["options"] = segment.options
    return answer


def webhook_json(audience: Audience, webhook: Webhook) -> dict[str, Any]:
    """A webhook's registration."""
    return {
        "id": webhook.id,
        "url": webhook.url,
        "events": webhook.events,
        "sources": webhook.sources,
        "signing_enabled": False,
        "list_id": audience.id,
        "_links": [],
    }


def batch_json(batch: Batch, *, base_url: str) -> dict[str, Any]:
    """How far a batch has come; the address of its results once there are any."""
    done = batch.status == "finished"
    return {
        "id": batch.id,
        "status": batch.status,
        "total_operations": len(batch.operations),
        "finished_operations": len(batch.results),
        "errored_operations": batch.errored,
        "submitted_at": batch.submitted_at,
        "completed_at": batch.completed_at,
        "response_body_url": f"{base_url}/batch-results/{batch.id}.tar.gz" if done else "",
        "_links": [],
    }


def webhook_profile(audience: Audience, member: Member) -> dict[str, Any]:
    """The member as subscribe, unsubscribe and profile webhooks tell it."""
    merges = {"EMAIL": member.email, **shown_values(audience, member), "INTERESTS": ""}
    return {
        "id": unique_email_id(audience, member.email),
        "email": member.email,
        "email_type": member.email_type or "html",
        "ip_opt": member.ip_opt,
        "ip_signup": member.ip_signup,
        "web_id": member.web_id,
        "list_id": audience.id,
        "merges": merges,
    }


def only_fields(answer: Any, *, fields: str, exclude_fields: str) -> Any:
    """The answer cut down to the dotted names asked for, ``members.status`` for example."""
    if fields:
        return _pick(answer, _tree(fields))
    if exclude_fields:
        return _without(answer, _tree(exclude_fields))
    return answer


def _tree(names: str) -> dict[str, Any]:
    tree: dict[str, Any] = {}
    for name in names.split(","):
        branch = tree
        for part in name.strip().split("."):
            branch = branch.setdefault(part, {})
    return tree


def _pick(value: Any, tree: Mapping[str, Any]) -> Any:
    if not tree:
        return value
    if isinstance(value, list):
        return [_pick(item, tree) for item in value]
    if isinstance(value, dict):
        return {name: _pick(value[name], tree[name]) for name in value if name in tree}
    return value


def _without(value: Any, tree: Mapping[str, Any]) -> Any:
    if isinstance(value, list):
        return [_without(item, tree) for item in value]
    if isinstance(value, dict):
        return {
            name: _without(item, tree[name]) if name in tree else item
            for name, item in value.items()
            if name not in tree or tree[name]
        }
    return value
