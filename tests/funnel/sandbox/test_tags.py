"""Tags and their other face, static segments."""

from __future__ import annotations

import string

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from funnel.sandbox import tagging
from funnel.sandbox.server import Sandbox
from funnel.sandbox.state import Member, State, subscriber_hash

from .conftest import Client, Clock

ANNA = "anna@letters.test"
PATH = f"members/{subscriber_hash(ANNA)}"


@pytest.fixture(autouse=True)
def _anna(api: Client) -> None:
    api.put(ANNA, status_if_new="subscribed")


def test_tags_are_added_and_removed_one_by_one(api: Client, sandbox: Sandbox) -> None:
    assert api.tag(ANNA, red="active", blue="active").status_code == 204
    assert api.tag(ANNA, blue="inactive", green="active", never="inactive").status_code == 204
    assert sandbox.tags(ANNA) == {"red", "green"}
    assert api.call("POST", PATH + "/tags", {"tags": []}).status_code == 204
    assert sandbox.tags(ANNA) == {"red", "green"}


def test_names_differ_by_more_than_case(api: Client) -> None:
    api.tag(ANNA, Red="active")
    api.tag(ANNA, RED="active")
    assert [tag["name"] for tag in api.get(ANNA).json()["tags"]] == ["Red"]
    api.tag(ANNA, red="inactive")
    assert api.get(ANNA).json()["tags_count"] == 0


def test_removing_an_unknown_tag_makes_none(api: Client) -> None:
    api.tag(ANNA, never="inactive")
    assert api.call("GET", "tag-search").json()["total_items"] == 0


def test_nobody_is_404_and_an_archived_member_is_not(api: Client, sandbox: Sandbox) -> None:
    assert api.tag("nobody@letters.test", red="active").status_code == 404
    api.call("DELETE", PATH)
    assert api.tag(ANNA, red="active").status_code == 204
    assert sandbox.tags(ANNA) == {"red"}


@pytest.mark.parametrize("name", ["", " ", "x" * 101])
def test_names_that_no_tag_can_have_are_refused(api: Client, name: str) -> None:
    body = {"tags": [{"name": "good", "status": "active"}, {"name": name, "status": "active"}]}
    assert api.call("POST", PATH + "/tags", body).status_code == 400
    assert api.get(ANNA).json()["tags_count"] == 0


def test_is_syncing_is_remembered(api: Client, sandbox: Sandbox) -> None:
    api.tag(ANNA, quiet="active", is_syncing=True)
    api.tag(ANNA, loud="active")
    member = sandbox.member(ANNA)
    assert member is not None
    assert [link.is_syncing for link in member.tags] == [False, True]


def test_put_and_patch_ignore_tags_and_post_takes_them(api: Client, sandbox: Sandbox) -> None:
    api.put(ANNA, tags=["red"])
    api.call("PATCH", PATH, {"tags": ["red"]})
    assert sandbox.tags(ANNA) == set()
    body = {"email_address": "b@letters.test", "status": "subscribed", "tags": ["red"]}
    assert [tag["name"] for tag in api.call("POST", "members", body).json()["tags"]] == ["red"]


def test_a_member_shows_fifty_tags_and_counts_all(api: Client) -> None:
    api.tag(ANNA, **{f"tag{number}": "active" for number in range(51)})
    shown = api.get(ANNA).json()
    assert (len(shown["tags"]), shown["tags_count"]) == (50, 51)
    listed = api.call("GET", PATH + "/tags", count=100).json()
    assert (len(listed["tags"]), listed["total_items"]) == (51, 51)


def test_tags_change_last_changed(api: Client, clock: Clock) -> None:
    clock.advance(60)
    api.tag(ANNA, never="inactive")
    assert api.get(ANNA).json()["last_changed"] == "2026-03-01T12:00:00+00:00"
    api.tag(ANNA, red="active")
    assert api.get(ANNA).json()["last_changed"] == "2026-03-01T12:01:00+00:00"


def test_a_static_segment_is_a_tag(api: Client, sandbox: Sandbox) -> None:
    made = api.call(
        "POST", "segments", {"name": "VIP", "static_segment": [ANNA, "no@letters.test"]}
    )
    assert made.json()["member_count"] == 1
    assert sandbox.tags(ANNA) == {"VIP"}
    assert api.call("POST", "segments", {"name": "vip", "static_segment": []}).status_code == 400
    path = f"segments/{made.json()['id']}"
    body = {"members_to_add": [ANNA, "no@letters.test"], "members_to_remove": []}
    told = api.call("POST", path, body).json()
    assert (told["total_added"], told["error_count"]) == (0, 1)
    assert api.call("GET", path + "/members").json()["total_items"] == 1
    assert api.call("DELETE", f"{path}/{PATH}").status_code == 204
    assert sandbox.tags(ANNA) == set()
    assert api.call("POST", path + "/members", {"email_address": ANNA}).status_code == 200
    assert api.call("PATCH", path, {"name": "Friends"}).json()["name"] == "Friends"
    assert sandbox.tags(ANNA) == {"Friends"}
    assert api.call("DELETE", path).status_code == 204
    assert sandbox.tags(ANNA) == set()
    assert api.call("GET", path).status_code == 404


def test_tags_are_searched_by_how_they_begin(api: Client) -> None:
    api.tag(ANNA, red="active", rose="active", blue="active")
    found = api.call("GET", "tag-search", name="R").json()
    assert {tag["name"] for tag in found["tags"]} == {"red", "rose"}


NAMES = st.text(string.ascii_letters, min_size=1, max_size=2)
STEPS = st.lists(st.tuples(NAMES, st.booleans()), max_size=30)


@settings(max_examples=50, deadline=None)
@given(STEPS)
def test_any_order_of_adding_and_removing_ends_in_the_last_word(
    steps: list[tuple[str, bool]],
) -> None:
    state = State(clock=Clock())
    [audience] = state.audiences.values()
    member = Member(ANNA, "0" * 32, 1, "subscribed", state.now(), state.now())
    state.save_member(audience, member)
    expected: set[str] = set()
    for name, added in steps:
        if added:
            tagging.add_tags(state, audience, member, [name], is_syncing=False)
            expected.add(name.casefold())
        else:
            tagging.remove_tags(audience, member, [name])
            expected.discard(name.casefold())
    carried = [audience.segments[link.tag_id].name.casefold() for link in member.tags]
    assert sorted(carried) == sorted(expected)
