"""Limits are exact, and name nobody."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from funnel.models import LimitCount
from funnel.services.limits import (
    DAY,
    HOUR,
    Count,
    Limit,
    give_back,
    is_reached,
    purge_limits,
    take,
    window_end,
    window_start,
)

THREE = Limit(name="three", most=3, window=HOUR)
FIVE = Limit(name="five", most=5, window=DAY)

pytestmark = pytest.mark.django_db


def test_there_are_so_many_places_and_no_more(now: datetime) -> None:
    count = Count(limit=THREE, subject="a")
    assert [take([count], now=now) for _ in range(5)] == [None, None, None, THREE, THREE]
    assert is_reached(count, now=now)
    assert LimitCount.objects.get().count == 3


def test_each_subject_has_its_own_places(now: datetime) -> None:
    for subject in "abc":
        for _ in range(3):
            assert take([Count(limit=THREE, subject=subject)], now=now) is None


def test_the_next_window_begins_anew(now: datetime) -> None:
    count = Count(limit=THREE, subject="a")
    for _ in range(4):
        take([count], now=now)
    assert take([count], now=window_end(THREE, now=now)) is None


def test_who_meets_one_limit_takes_no_place_under_another(now: datetime) -> None:
    narrow, wide = Count(limit=THREE, subject="a"), Count(limit=FIVE, subject="b")
    for _ in range(10):
        take([wide, narrow], now=now)
    assert sorted(LimitCount.objects.values_list("count", flat=True)) == [3, 3]


def test_a_place_can_be_given_back(now: datetime) -> None:
    count = Count(limit=THREE, subject="a")
    for _ in range(3):
        take([count], now=now)
    give_back(count, now=now)
    assert take([count], now=now) is None
    assert take([count], now=now) == THREE


def test_no_row_says_what_it_counts(now: datetime) -> None:
    take([Count(limit=THREE, subject="ada@mail.test")], now=now)
    assert "ada" not in str(LimitCount.objects.values())
    assert "three" not in str(LimitCount.objects.values())


def test_counts_that_are_over_are_forgotten(now: datetime) -> None:
    take([Count(limit=THREE, subject="a"), Count(limit=FIVE, subject="a")], now=now)
    assert purge_limits(now=now) == 0
    assert purge_limits(now=now + HOUR) == 1
    assert purge_limits(now=now + timedelta(days=2)) == 1


@settings(deadline=None)
@given(st.integers(0, 4 * 10**9).map(lambda each: datetime.fromtimestamp(each, tz=UTC)))
def test_windows_lie_end_to_end(moment: datetime) -> None:
    for limit in (THREE, FIVE):
        start, end = window_start(limit, now=moment), window_end(limit, now=moment)
        assert start <= moment < end
        assert window_start(limit, now=end) == end
