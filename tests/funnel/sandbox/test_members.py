"""What may happen to a member through the API."""

from __future__ import annotations

import pytest

from funnel.sandbox.server import Sandbox
from funnel.sandbox.state import subscriber_hash

from .conftest import Client, Clock

ANNA = "Anna@letters.test"


def test_put_creates_with_status_if_new_and_then_leaves_the_status_alone(api: Client) -> None:
    assert api.put(ANNA, status_if_new="unsubscribed").json()["status"] == "unsubscribed"
    assert api.put(ANNA, status_if_new="subscribed").json()["status"] == "unsubscribed"


def test_status_wins_over_status_if_new(api: Client) -> None:
    made = api.put(ANNA, status="pending", status_if_new="subscribed").json()
    assert made["status"] == "pending"


def test_a_new_member_needs_a_status(api: Client) -> None:
    answer = api.put(ANNA)
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["field"] == "status_if_new"
    assert api.get(ANNA).status_code == 404


def test_status_alone_changes_a_member_who_is_there(api: Client) -> None:
    api.put(ANNA, status_if_new="subscribed")
    path = f"members/{subscriber_hash(ANNA)}"
    assert api.call("PUT", path, {"status": "unsubscribed"}).json()["status"] == "unsubscribed"
    assert api.call("PUT", path, {"status": "subscribed"}).json()["status"] == "subscribed"


def test_an_unknown_hash_creates_under_the_address_sent(api: Client) -> None:
    body = {"email_address": ANNA, "status_if_new": "subscribed"}
    made = api.call("PUT", "members/" + "0" * 32, body).json()
    assert made["id"] == subscriber_hash(ANNA)
    assert api.call("GET", "members/" + "0" * 32).status_code == 404
    assert api.call("PUT", "members/" + "0" * 32, body).json()["title"] == "Member Exists"


def test_another_address_renames_and_keeps_contact_and_tags(api: Client) -> None:
    before = api.put(ANNA, status_if_new="subscribed").json()
    api.tag(ANNA, red="active")
    body = {"email_address": "anna.new@letters.test"}
    after = api.call("PUT", f"members/{before['id']}", body).json()
    assert after["id"] == subscriber_hash("anna.new@letters.test") != before["id"]
    assert after["contact_id"] == before["contact_id"]
    assert after["unique_email_id"] != before["unique_email_id"]
    assert [tag["name"] for tag in after["tags"]] == ["red"]
    assert api.get(ANNA).status_code == 404


def test_renaming_onto_somebody_else_is_refused(api: Client) -> None:
    api.put(ANNA, status_if_new="subscribed")
    api.put("beth@letters.test", status_if_new="subscribed")
    answer = api.call(
        "PATCH", f"members/{subscriber_hash(ANNA)}", {"email_address": "beth@letters.test"}
    )
    assert (answer.status_code, answer.json()["title"]) == (400, "Member Exists")


@pytest.mark.parametrize("name", [ANNA, ANNA.lower(), subscriber_hash(ANNA), "contact"])
def test_a_member_is_found_by_hash_address_or_contact(api: Client, name: str) -> None:
    made = api.put(ANNA, status_if_new="subscribed").json()
    found = api.call("GET", "members/" + (made["contact_id"] if name == "contact" else name))
    assert found.json()["id"] == made["id"]


def test_post_refuses_a_member_who_is_there_and_revives_an_archived_one(
    api: Client, clock: Clock
) -> None:
    body = {"email_address": ANNA, "status": "subscribed"}
    first = api.call("POST", "members", body).json()
    assert api.call("POST", "members", body).json()["title"] == "Member Exists"
    assert api.call("DELETE", f"members/{first['id']}").status_code == 204
    clock.advance(60)
    again = api.call("POST", "members", body).json()
    assert again["status"] == "subscribed"
    assert again["contact_id"] == first["contact_id"]
    assert again["timestamp_opt"] == "2026-03-01T12:01:00+00:00"


def test_archiving_twice_is_405(api: Client) -> None:
    api.put(ANNA, status_if_new="subscribed")
    path = f"members/{subscriber_hash(ANNA)}"
    assert api.call("DELETE", path).status_code == 204
    assert api.get(ANNA).json()["status"] == "archived"
    answer = api.call("DELETE", path)
    assert (answer.status_code, answer.headers["Allow"]) == (405, "GET, PUT")


@pytest.mark.parametrize("status", ["pending", "cleaned"])
def test_pending_and_cleaned_members_cannot_be_archived(api: Client, status: str) -> None:
    api.put(ANNA, status_if_new=status)
    assert api.call("DELETE", f"members/{subscriber_hash(ANNA)}").status_code == 405


@pytest.mark.parametrize("status", ["subscribed", "pending"])
def test_a_forgotten_address_does_not_come_back(api: Client, status: str) -> None:
    api.put(ANNA, status_if_new="subscribed")
    path = f"members/{subscriber_hash(ANNA)}/actions/delete-permanent"
    assert api.call("POST", path).status_code == 204
    assert api.get(ANNA).status_code == 404
    assert api.call("POST", path).status_code == 404
    for answer in (
        api.put(ANNA.upper(), status_if_new=status),
        api.call("POST", "members", {"email_address": ANNA, "status": status}),
    ):
        assert answer.json()["title"] == "Forgotten Email Not Subscribed"


@pytest.mark.parametrize("act", ["unsubscribe", "bounce", "complain"])
def test_only_the_person_comes_back_from_what_she_did_herself(
    api: Client, sandbox: Sandbox, act: str
) -> None:
    api.put(ANNA, status_if_new="subscribed")
    sandbox.act(act, ANNA)
    left = api.get(ANNA).json()["status"]
    assert left == ("cleaned" if act == "bounce" else "unsubscribed")
    refused = api.put(ANNA, status="subscribed")
    assert (refused.status_code, refused.json()["title"]) == (400, "Member In Compliance State")
    assert api.put(ANNA, status_if_new="subscribed").json()["status"] == left
    assert api.put(ANNA, status="pending").json()["status"] == "pending"
    assert api.put(ANNA, status="subscribed").status_code == 400
    sandbox.act("confirm", ANNA)
    assert api.get(ANNA).json()["status"] == "subscribed"
    api.put(ANNA, status="unsubscribed")
    assert api.put(ANNA, status="subscribed").status_code == 200


def test_archiving_does_not_wash_off_an_unsubscription(api: Client, sandbox: Sandbox) -> None:
    api.put(ANNA, status_if_new="subscribed")
    sandbox.act("unsubscribe", ANNA)
    api.call("DELETE", f"members/{subscriber_hash(ANNA)}")
    answer = api.call("POST", "members", {"email_address": ANNA, "status": "subscribed"})
    assert answer.json()["title"] == "Member In Compliance State"


def test_pending_mails_a_confirmation_once(api: Client, sandbox: Sandbox, clock: Clock) -> None:
    made = api.put(ANNA, status_if_new="pending").json()
    assert made["timestamp_opt"] == ""
    assert api.put(ANNA, status="pending").status_code == 200
    member = sandbox.member(ANNA)
    assert member is not None
    assert len(member.confirmations) == 1
    clock.advance(5)
    sandbox.act("confirm", ANNA)
    assert api.get(ANNA).json()["timestamp_opt"] == "2026-03-01T12:00:05+00:00"


def test_the_same_body_twice_changes_nothing(api: Client, clock: Clock) -> None:
    first = api.put(ANNA, status_if_new="subscribed", vip=True).json()
    clock.advance(60)
    assert api.put(ANNA, status_if_new="subscribed", vip=True).json() == first
    assert api.put(ANNA, vip=False).json()["last_changed"] == "2026-03-01T12:01:00+00:00"


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("2026-01-02 03:04:05", "2026-01-02T03:04:05+00:00"),
        ("2026-01-02T03:04:05Z", "2026-01-02T03:04:05+00:00"),
        ("2026-01-02T03:04:05+02:00", "2026-01-02T01:04:05+00:00"),
        ("", ""),
    ],
)
def test_times_are_taken_in_these_forms(api: Client, sent: str, kept: str) -> None:
    made = api.put(ANNA, status_if_new="subscribed", timestamp_opt=sent)
    assert made.json()["timestamp_opt"] == kept


@pytest.mark.parametrize("sent", ["2026-01-02T03:04:05.123Z", "yesterday", "2026-13-02 03:04:05"])
def test_other_times_are_refused(api: Client, sent: str) -> None:
    answer = api.put(ANNA, status_if_new="subscribed", timestamp_opt=sent)
    assert answer.json()["errors"][0]["field"] == "timestamp_opt"
    assert api.get(ANNA).status_code == 404


@pytest.mark.parametrize(
    ("address", "detail"),
    [
        ("plainly wrong", "Please provide a valid email address."),
        ("@letters.test", "Please provide a valid email address."),
        (
            "a@example.com",
            "a@example.com looks fake or invalid, please enter a real email address.",
        ),
        (
            "a b@letters.test",
            "a b@letters.test looks fake or invalid, please enter a real email address.",
        ),
        (
            "é@letters.test",
            "é@letters.test looks fake or invalid, please enter a real email address.",
        ),
    ],
)
def test_addresses_that_nobody_has_are_refused(api: Client, address: str, detail: str) -> None:
    answer = api.put(address, status_if_new="subscribed")
    assert (answer.status_code, answer.json()["detail"]) == (400, detail)


@pytest.mark.parametrize(
    "body",
    [
        [],
        {"email_address": 5, "status": "subscribed"},
        {"email_address": ANNA, "status": "archived"},
        {"email_address": ANNA, "status": "subscribed", "merge_fields": []},
        {"email_address": ANNA, "status": "subscribed", "tags": "red"},
        {"email_address": ANNA, "status": "subscribed", "vip": "yes"},
        {"email_address": ANNA},
        {"status": "subscribed"},
    ],
)
def test_bodies_of_the_wrong_shape_are_refused(api: Client, body: object) -> None:
    answer = api.call("POST", "members", body)
    assert answer.status_code == 400
    assert "could not be validated" in answer.json()["detail"]
    assert answer.json()["errors"]


def test_marketing_permissions_are_set_by_the_ids_that_a_member_shows(api: Client) -> None:
    made = api.put(ANNA, status_if_new="subscribed").json()
    [permission] = made["marketing_permissions"]
    assert permission["enabled"] is False
    chosen = [{"marketing_permission_id": permission["marketing_permission_id"], "enabled": True}]
    after = api.put(ANNA, marketing_permissions=chosen).json()
    assert after["marketing_permissions"][0]["enabled"] is True
    unknown = [{"marketing_permission_id": "nope", "enabled": True}]
    assert api.put(ANNA, marketing_permissions=unknown).status_code == 400


def test_events_are_kept_as_often_as_they_are_sent(api: Client) -> None:
    api.put(ANNA, status_if_new="subscribed")
    path = f"members/{subscriber_hash(ANNA)}/events"
    event = {"name": "watched_video", "properties": {"video": "1"}}
    assert [api.call("POST", path, event).status_code for _ in range(2)] == [204, 204]
    assert api.call("GET", path).json()["total_items"] == 2
    assert api.call("POST", path, {"name": "x"}).status_code == 400


def test_members_are_listed_in_pages_filtered_and_sorted(api: Client, clock: Clock) -> None:
    for number in range(12):
        api.put(f"a{number:02}@letters.test", status_if_new="subscribed")
        clock.advance(1)
    api.put("left@letters.test", status_if_new="unsubscribed")
    first = api.call("GET", "members").json()
    assert (len(first["members"]), first["total_items"]) == (10, 13)
    rest = api.call("GET", "members", count=1000, offset=10).json()
    assert len(rest["members"]) == 3
    left = api.call("GET", "members", status="unsubscribed").json()
    assert [item["email_address"] for item in left["members"]] == ["left@letters.test"]
    since = api.call("GET", "members", since_last_changed="2026-03-01T12:00:11+00:00").json()
    assert since["total_items"] == 2
    newest = api.call("GET", "members", sort_field="last_changed", sort_dir="DESC", count=1)
    assert newest.json()["members"][0]["email_address"] == "left@letters.test"
    assert api.call("GET", "members", count=1001).status_code == 400


def test_many_at_once_answer_success_and_name_the_refused(api: Client, sandbox: Sandbox) -> None:
    api.put("here@letters.test", status_if_new="subscribed")
    api.put("gone@letters.test", status_if_new="subscribed")
    sandbox.act("unsubscribe", "gone@letters.test")
    api.field("AGE", "number")
    members = [
        {"email_address": "new@letters.test", "status": "subscribed", "tags": ["red"]},
        {"email_address": "here@letters.test", "status": "subscribed"},
        {"email_address": "gone@letters.test", "status": "subscribed"},
        {"email_address": "a@example.com", "status": "subscribed"},
        {"email_address": "n@letters.test", "status": "subscribed", "merge_fields": {"AGE": "x"}},
        {"email_address": "NEW@letters.test", "status": "subscribed"},
    ]
    answer = api.call("POST", "", {"members": members})
    told = answer.json()
    assert answer.status_code == 200
    assert (told["total_created"], told["total_updated"], told["error_count"]) == (1, 0, 5)
    codes = [error["error_code"] for error in told["errors"]]
    assert codes == ["ERROR_CONTACT_EXISTS"] * 2 + ["ERROR_GENERIC"] * 3
    assert told["errors"][3]["field"] == "AGE"
    assert sandbox.tags("new@letters.test") == {"red"}

    told = api.call("POST", "", {"members": members, "update_existing": True}).json()
    assert (told["total_created"], told["total_updated"]) == (0, 2)
    assert "compliance state" in told["errors"][0]["error"]


def test_sync_tags_replaces_and_its_absence_adds(api: Client, sandbox: Sandbox) -> None:
    one = {"email_address": ANNA, "status_if_new": "subscribed"}
    api.call("POST", "", {"members": [{**one, "tags": ["red", "blue"]}]})
    update = {"members": [{**one, "tags": ["Red", "green"]}], "update_existing": True}
    api.call("POST", "", update)
    assert sandbox.tags(ANNA) == {"red", "blue", "green"}
    api.call("POST", "", {**update, "sync_tags": True})
    assert sandbox.tags(ANNA) == {"red", "green"}


def test_501_members_are_too_many(api: Client) -> None:
    members = [{"email_address": f"a{n}@letters.test", "status": "subscribed"} for n in range(501)]
    assert api.call("POST", "", {"members": members}).status_code == 400
