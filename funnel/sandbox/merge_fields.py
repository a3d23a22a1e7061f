"""Merge fields: which may be made, and which values each kind takes.

Limits are the strictest that documentation or reports name, so that what passes here passes there.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

from funnel.sandbox import errors
from funnel.sandbox.shapes import check_list, check_object
from funnel.sandbox.state import Audience, MergeField

TYPES = frozenset(
    {
        "text",
        "number",
        "address",
        "phone",
        "date",
        "url",
        "imageurl",
        "radio",
        "dropdown",
        "birthday",
        "zip",
    }
)
LIMIT = 30
TAG_LENGTH = 10
TEXT_BYTES = 255
RESERVED = frozenset(
    {
        "EMAIL",
        "INTERESTS",
        "UNSUB",
        "FORWARD",
        "REWARDS",
        "ARCHIVE",
        "USER_URL",
        "DATE",
        "EMAIL_TYPE",
        "TO",
    }
)
_FIELD_SHAPE = {
    "name": str,
    "tag": str,
    "required": bool,
    "default_value": str,
    "public": bool,
    "display_order": int,
    "help_text": str,
    "options": dict,
}
_DEFAULT_OPTIONS: dict[str, dict[str, Any]] = {
    "text": {"size": 25},
    "address": {"default_country": 164},
    "phone": {"phone_format": "none"},
    "date": {"date_format": "MM/DD/YYYY"},
    "birthday": {"date_format": "MM/DD"},
}
_ADDRESS_PARTS = ("addr1", "city", "state", "zip")


class _Refused(Exception):
    """A value that a field doesn't take; the text is Mailchimp's message."""


def new_field(audience: Audience, body: object) -> MergeField:
    """A merge field as asked for, not yet part of the audience."""
    asked = check_object(body, {**_FIELD_SHAPE, "type": TYPES}, required=("name", "type"))
    if len(audience.merge_fields) >= LIMIT:
        raise errors.invalid(f"You can have at most {LIMIT} merge fields in an audience.")
    if not asked["name"].strip():
        raise errors.invalid_shape([errors.field_error("name", "This value should not be blank.")])
    merge_id = audience.next_merge_id
    tag = asked.get("tag") or _tag_from(asked["name"], audience, merge_id)
    _check_tag(audience, tag)
    return MergeField(
        merge_id=merge_id,
        tag=tag,
        name=asked["name"],
        type=asked["type"],
        required=asked.get("required", False),
        default_value=asked.get("default_value", ""),
        public=asked.get("public", False),
        display_order=asked.get("display_order", merge_id + 1),
        help_text=asked.get("help_text", ""),
        options=_options(asked["type"], asked.get("options", {})),
    )


def changed_field(audience: Audience, present: MergeField, body: object) -> MergeField:
    """The field after a PATCH; its type can't change."""
    asked = check_object(body, _FIELD_SHAPE)
    tag = asked.get("tag") or present.tag
    if tag != present.tag:
        _check_tag(audience, tag)
    values = {**vars(present), **{name: asked[name] for name in _FIELD_SHAPE if name in asked}}
    values["tag"] = tag
    values["options"] = _options(present.type, {**present.options, **asked.get("options", {})})
    return MergeField(**values)


def merged_values(
    audience: Audience, present: Mapping[str, Any], sent: object, *, complete: bool, lenient: bool
) -> dict[str, Any]:
    """The member's values after ``sent``: left out keeps, ``""`` clears, unknown is ignored.

    ``complete`` asks that required fields have a value, as for a new member; ``lenient`` is
    Mailchimp's ``skip_merge_validation``: blanks and incomplete addresses pass. Raises a Problem
    that names every refused field.
    """
    given = {} if sent is None else check_object(sent, {}, prefix="merge_fields")
    shape_faults, faults = [], []
    values = dict(present)
    for field in audience.merge_fields:
        if field.tag not in given:
            continue
        value = given[field.tag]
        if type(value) not in (str, int, float, dict):
            message = "Data did not match any of the schemas described in anyOf."
            shape_faults.append(errors.field_error(f"merge_fields.{field.tag}", message))
            continue
        try:
            values[field.tag] = _accepted(field, value, lenient=lenient)
        except _Refused as refusal:
            faults.append(errors.field_error(field.tag, str(refusal)))
    if complete and not lenient:
        refused = {fault["field"] for fault in faults}
        faults += [
            errors.field_error(field.tag, "Please enter a value")
            for field in audience.merge_fields
            if field.required and field.tag not in refused and values.get(field.tag, "") == ""
        ]
    if shape_faults:
        raise errors.invalid_shape(shape_faults)
    if faults:
        raise errors.invalid_merge_fields(faults)
    return values


def _check_tag(audience: Audience, tag: str) -> None:
    if not re.fullmatch(rf"[A-Z0-9_]{{1,{TAG_LENGTH}}}", tag):
        raise errors.invalid(
            f"Merge tags are at most {TAG_LENGTH} characters long: A to Z, 0 to 9 and underscore."
        )
    if tag in RESERVED:
        raise errors.invalid(f'"{tag}" is a reserved merge tag.')
    if audience.merge_field(tag):
        raise errors.invalid(f'A Merge Field with the tag "{tag}" already exists for this list.')


def _tag_from(name: str, audience: Audience, merge_id: int) -> str:
    tag = re.sub(r"[^A-Z0-9_]", "", name.upper())[:TAG_LENGTH]
    if not tag or tag in RESERVED or audience.merge_field(tag):
        return f"MMERGE{merge_id}"
    return tag


def _options(kind: str, asked: object) -> dict[str, Any]:
    shape = {
        "choices": list,
        "date_format": str,
        "default_country": int,
        "phone_format": str,
        "size": int,
    }
    given = check_object(asked, shape, prefix="options.")
    known = {name: given[name] for name in shape if name in given}
    if kind in ("radio", "dropdown"):
        choices = check_list(known.get("choices", []), str, field="options.choices")
        if not choices:
            raise errors.invalid_shape(
                [errors.field_error("options.choices", "This value should not be blank.")]
            )
    return {**_DEFAULT_OPTIONS.get(kind, {}), **known}


def _accepted(field: MergeField, value: Any, *, lenient: bool) -> Any:
    if value == "":
        if field.required and not lenient:
            raise _Refused("Please enter a value")
        return ""
    if field.type == "address":
        return _address(value, lenient=lenient)
    if isinstance(value, dict):
        raise _Refused("Please enter a value")
    if field.type == "number":
        return _number(value)
    text = str(value)
    if len(text.encode("utf-8", "surrogatepass")) > TEXT_BYTES:
        raise _Refused(f"Please enter at most {TEXT_BYTES} bytes")
    if field.type in ("radio", "dropdown"):
        return _choice(text, field.options["choices"])
    check = _TEXT_CHECKS.get(field.type)
    return check(text, field.options) if check else text


def _number(value: Any) -> int | float:
    if isinstance(value, int | float):
        return value
    if re.fullmatch(r"\s*[+-]?(\d+(\.\d*)?|\.\d+)\s*", value) and len(value) < 40:
        number = float(value)
        return int(number) if number.is_integer() else number
    raise _Refused("Please enter a number")


def _address(value: Any, *, lenient: bool) -> dict[str, str]:
    if not isinstance(value, dict):
        raise _Refused("Please enter a complete address")
    parts = {
        name: part
        for name in ("addr1", "addr2", "city", "state", "zip", "country")
        if isinstance(part := value.get(name, ""), str)
    }
    complete = all(parts.get(name, "").strip() for name in _ADDRESS_PARTS)
    if not complete and not lenient:
        raise _Refused("Please enter a complete address")
    return {**parts, "country": parts.get("country") or "US"}


def _choice(text: str, choices: list[str]) -> str:
    if text not in choices:
        raise _Refused("Value must be one of these options: " + ", ".join(choices))
    return text


def _date(text: str, _: dict[str, Any]) -> str:
    if american := re.fullmatch(r"(\d{1,2})/(\d{1,2})/(\d{4})", text):
        month, day, year = american.groups()
        text = f"{year}-{month:0>2}-{day:0>2}"
    try:
        return datetime.fromisoformat(text.replace("Z", "+00:00")).date().isoformat()
    except ValueError:
        raise _Refused("Please enter a valid date") from None


def _birthday(text: str, _: dict[str, Any]) -> str:
    match = re.fullmatch(r"(\d{1,2})/(\d{1,2})", text)
    try:
        if match:
            return f"{date(2000, int(match[1]), int(match[2])):%m/%d}"
    except ValueError:
        pass
    raise _Refused("Please enter a month (01-12) and a day (01-31)")


def _phone(text: str, options: dict[str, Any]) -> str:
    if options.get("phone_format") != "US":
        return text
    if re.fullmatch(r"\(?\d{3}\)?[ .-]?\d{3}[ .-]?\d{4}", text):
        return text
    raise _Refused("Please enter a valid phone number")


def _zip(text: str, _: dict[str, Any]) -> str:
    if not re.fullmatch(r"\d{5}(-\d{4})?", text):
        raise _Refused("Please enter a zip code (5 digits)")
    return text


def _url(text: str, _: dict[str, Any]) -> str:
    if not re.fullmatch(r"https?://[^\s/]+\S*", text):
        raise _Refused("Please enter a valid URL")
    return text


_TEXT_CHECKS: dict[str, Callable[[str, dict[str, Any]], str]] = {
    "date": _date,
    "birthday": _birthday,
    "phone": _phone,
    "zip": _zip,
    "url": _url,
    "imageurl": _url,
}
