"""Merge fields and the values they take."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from funnel.sandbox.merge_fields import merged_values
from funnel.sandbox.server import Sandbox
from funnel.sandbox.state import DEFAULT_AUDIENCE_ID, Audience, MergeField

from .conftest import Client

ANNA = "anna@letters.test"
HOME = {"addr1": "1 Long Road", "city": "Ghent", "state": "OV", "zip": "9000"}


def test_an_audience_starts_without_fields_and_ignores_unknown_ones(api: Client) -> None:
    assert api.call("GET", "merge-fields").json()["total_items"] == 0
    made = api.put(ANNA, status_if_new="subscribed", merge_fields={"FNAME": "Anna"})
    assert made.json()["merge_fields"] == {}


def test_every_field_is_answered_and_omitted_keeps_and_blank_clears(api: Client) -> None:
    for tag in ("FNAME", "LNAME"):
        api.field(tag)
    made = api.put(ANNA, status_if_new="subscribed", merge_fields={"FNAME": "Anna"}).json()
    assert made["merge_fields"] == {"FNAME": "Anna", "LNAME": ""}
    assert made["full_name"] == "Anna"
    assert api.put(ANNA, merge_fields={"LNAME": "B"}).json()["full_name"] == "Anna B"
    assert api.put(ANNA, merge_fields={"FNAME": ""}).json()["merge_fields"]["FNAME"] == ""


@pytest.mark.parametrize(
    ("kind", "sent", "kept"),
    [
        ("text", "Ann", "Ann"),
        ("text", 5, "5"),
        ("number", 1.5, 1.5),
        ("number", "15", 15),
        ("number", "", ""),
        ("date", "1980-12-21", "1980-12-21"),
        ("date", "12/21/1980", "1980-12-21"),
        ("date", "2026-03-01T12:00:00Z", "2026-03-01"),
        ("birthday", "2/29", "02/29"),
        ("zip", "90210", "90210"),
        ("url", "https://letters.test/a", "https://letters.test/a"),
        ("phone", "+5583999999999", "+5583999999999"),
        ("address", HOME, {**HOME, "addr2": "", "country": "US"}),
        ("address", "", ""),
    ],
)
def test_values_that_a_field_takes(api: Client, kind: str, sent: Any, kept: Any) -> None:
    api.field("VALUE", kind)
    made = api.put(ANNA, status_if_new="subscribed", merge_fields={"VALUE": sent})
    assert made.json()["merge_fields"]["VALUE"] == kept


@pytest.mark.parametrize(
    ("kind", "sent", "message"),
    [
        ("number", "AAAAA", "Please enter a number"),
        ("number", "nan", "Please enter a number"),
        ("date", "21.12.1980", "Please enter a valid date"),
        ("date", "2026-02-30", "Please enter a valid date"),
        ("birthday", "2/30", "Please enter a month (01-12) and a day (01-31)"),
        ("zip", "abc", "Please enter a zip code (5 digits)"),
        ("url", "javascript:alert(1)", "Please enter a valid URL"),
        ("address", {"addr1": "1 Long Road"}, "Please enter a complete address"),
        ("address", "1 Long Road", "Please enter a complete address"),
        ("text", "é" * 128, "Please enter at most 255 bytes"),
    ],
)
def test_values_that_a_field_refuses(api: Client, kind: str, sent: Any, message: str) -> None:
    api.field("VALUE", kind)
    answer = api.put(ANNA, status_if_new="subscribed", merge_fields={"VALUE": sent})
    assert answer.status_code == 400
    assert answer.json()["detail"] == "Your merge fields were invalid."
    assert answer.json()["errors"] == [{"field": "VALUE", "message": message}]
    assert api.get(ANNA).status_code == 404


@pytest.mark.parametrize("value", [True, None, ["a"]])
def test_booleans_lists_and_null_are_no_values(api: Client, value: object) -> None:
    api.field("VALUE")
    answer = api.put(ANNA, status_if_new="subscribed", merge_fields={"VALUE": value})
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["field"] == "merge_fields.VALUE"


def test_a_choice_is_one_of_its_choices(api: Client) -> None:
    assert api.field("PICK", "dropdown").status_code == 400
    assert api.field("PICK", "dropdown", options={"choices": ["a", "b"]}).status_code == 200
    assert api.put(ANNA, status_if_new="subscribed", merge_fields={"PICK": "c"}).status_code == 400
    assert api.put(ANNA, status_if_new="subscribed", merge_fields={"PICK": "b"}).status_code == 200


def test_a_required_field_must_be_there_unless_validation_is_skipped(
    api: Client, sandbox: Sandbox
) -> None:
    api.field("MUST", required=True)
    refused = api.put(ANNA, status_if_new="subscribed")
    assert refused.json()["errors"] == [{"field": "MUST", "message": "Please enter a value"}]
    body = {"email_address": ANNA, "status": "subscribed"}
    assert api.call("POST", "members", body, skip_merge_validation="true").status_code == 200
    assert api.call("POST", "members", body, skip_merge_validation="True").status_code == 400


def test_fields_are_made_changed_and_removed(api: Client) -> None:
    made = api.call("POST", "merge-fields", {"name": "First name", "type": "text"}).json()
    assert made["tag"] == "FIRSTNAME"
    api.put(ANNA, status_if_new="subscribed", merge_fields={"FIRSTNAME": "Anna"})
    path = f"merge-fields/{made['merge_id']}"
    assert api.call("PATCH", path, {"name": "Name", "tag": "FNAME"}).json()["tag"] == "FNAME"
    assert api.get(ANNA).json()["merge_fields"] == {"FNAME": "Anna"}
    assert api.call("GET", path).json()["name"] == "Name"
    assert api.call("DELETE", path).status_code == 204
    assert api.get(ANNA).json()["merge_fields"] == {}
    assert api.call("GET", path).status_code == 404


@pytest.mark.parametrize(
    "body",
    [
        {"name": "Again", "tag": "FNAME", "type": "text"},
        {"name": "Reserved", "tag": "EMAIL", "type": "text"},
        {"name": "Long", "tag": "ELEVENCHARS", "type": "text"},
        {"name": "Odd", "tag": "a-b", "type": "text"},
        {"name": "Kind", "tag": "KIND", "type": "boolean"},
        {"name": "", "tag": "BLANK", "type": "text"},
        {"tag": "NAMELESS", "type": "text"},
    ],
)
def test_fields_that_cannot_be_made(api: Client, body: dict[str, str]) -> None:
    api.field("FNAME")
    assert api.call("POST", "merge-fields", body).status_code == 400
    assert api.call("GET", "merge-fields").json()["total_items"] == 1


def test_thirty_fields_are_enough(api: Client) -> None:
    assert {api.field(f"F{number}").status_code for number in range(30)} == {200}
    assert api.field("F30").status_code == 400
    listed = api.call("GET", "merge-fields", count=1000).json()
    assert listed["total_items"] == listed["merge_field_limit"] == 30


TEXT = st.text(st.characters(codec="utf-8"), max_size=60)


@settings(max_examples=60, deadline=None)
@given(st.dictionaries(st.sampled_from(["A", "B", "UNKNOWN"]), TEXT))
def test_a_patch_touches_what_it_names_and_nothing_else(sent: dict[str, str]) -> None:
    fields = [MergeField(number, tag, tag, "text") for number, tag in enumerate("AB", 1)]
    audience = Audience(DEFAULT_AUDIENCE_ID, "Letters", "", merge_fields=fields)
    before = {"A": "one", "B": "two"}
    after = merged_values(audience, before, sent, complete=True, lenient=False)
    assert after == {tag: sent.get(tag, value) for tag, value in before.items()}
    assert before == {"A": "one", "B": "two"}
