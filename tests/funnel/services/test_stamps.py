"""A stamp is worth something for a while, where it was made for."""

from datetime import datetime, timedelta

import pytest
from django.core import signing
from hypothesis import given
from hypothesis import strategies as st

from funnel.services.stamps import StampState, make_stamp, read_stamp

HERE, ELSEWHERE = "203.0.113.0/24", "198.51.100.0/24"


@pytest.mark.parametrize(
    ("age", "state"),
    [
        (timedelta(seconds=1), StampState.TOO_QUICK),
        (timedelta(seconds=2), StampState.GOOD),
        (timedelta(hours=12), StampState.GOOD),
        (timedelta(hours=12, seconds=1), StampState.MISSING),
        (timedelta(seconds=-3), StampState.TOO_QUICK),
        (timedelta(hours=-3), StampState.MISSING),
    ],
)
def test_it_has_an_age(now: datetime, age: timedelta, state: StampState) -> None:
    stamp = make_stamp(network=HERE, now=now)
    assert read_stamp(stamp, network=HERE, now=now + age) == state


def test_from_another_network_it_is_as_good_as_none(now: datetime) -> None:
    stamp = make_stamp(network=HERE, now=now - timedelta(minutes=1))
    assert read_stamp(stamp, network=ELSEWHERE, now=now) == StampState.MISSING


def test_it_says_no_network(now: datetime) -> None:
    assert "203.0.113" not in str(
        signing.loads(make_stamp(network=HERE, now=now), salt="funnel.stamp")
    )


@pytest.mark.parametrize("value", [[], [1], ["a", "b"], {"a": 1}, None, [10**30, "x"], [[], []]])
def test_what_somebody_else_signed_is_no_stamp(now: datetime, value: object) -> None:
    other = signing.dumps(value, salt="funnel.videos")
    assert read_stamp(other, network=HERE, now=now) == StampState.FORGED
    odd = signing.dumps(value, salt="funnel.stamp")
    assert read_stamp(odd, network=HERE, now=now) == StampState.FORGED


@given(st.text(min_size=1, max_size=300))
def test_nothing_typed_is_a_stamp(text: str) -> None:
    moment = datetime(2026, 5, 4).astimezone()
    assert read_stamp(text, network=HERE, now=moment) == StampState.FORGED


@given(st.integers(0, 200), st.characters(codec="ascii"))
def test_a_letter_changed_breaks_it(place: int, letter: str) -> None:
    moment = datetime(2026, 5, 4).astimezone()
    stamp = make_stamp(network=HERE, now=moment)
    place %= len(stamp)
    changed = stamp[:place] + letter + stamp[place + 1 :]
    if changed != stamp:
        later = moment + timedelta(minutes=1)
        assert read_stamp(changed, network=HERE, now=later) == StampState.FORGED
