"""The hour at which a mail may leave, in every zone and over every change of its clocks."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from funnel.services.sequence import next_send_time

ZONES = sorted(available_timezones() - {"localtime"})
moments = st.datetimes(
    min_value=datetime(2010, 1, 1),  # noqa: DTZ001
    max_value=datetime(2040, 1, 1),  # noqa: DTZ001
    timezones=st.just(UTC),
)
NEW_YORK = "America/New_York"


@given(moments, st.sampled_from(ZONES))
@example(datetime(2026, 3, 8, 6, 59, tzinfo=UTC), NEW_YORK)
@example(datetime(2026, 11, 1, 5, 30, tzinfo=UTC), NEW_YORK)
@example(datetime(2011, 12, 30, 9, 30, tzinfo=UTC), "Pacific/Apia")
def test_a_mail_leaves_between_nine_and_five(not_before: datetime, name: str) -> None:
    zone = ZoneInfo(name)
    moment = next_send_time(not_before=not_before, zone=zone)
    assert moment >= not_before
    assert time(9) <= moment.astimezone(zone).time() < time(17)
    assert next_send_time(not_before=moment, zone=zone) == moment


@given(moments, st.sampled_from(ZONES))
def test_nobody_waits_longer_than_the_night(not_before: datetime, name: str) -> None:
    """Sixteen hours, one more where clocks go back, and a day where a zone leaves one out."""
    zone = ZoneInfo(name)
    waited = next_send_time(not_before=not_before, zone=zone) - not_before
    jump = abs(
        (not_before + waited).astimezone(zone).utcoffset()  # type: ignore[operator]
        - not_before.astimezone(zone).utcoffset()
    )
    assert waited <= timedelta(hours=16) + jump


@given(moments, moments, st.sampled_from(ZONES))
def test_who_is_due_earlier_does_not_leave_later(one: datetime, other: datetime, name: str) -> None:
    zone = ZoneInfo(name)
    earlier, later = sorted((one, other))
    assert next_send_time(not_before=earlier, zone=zone) <= next_send_time(
        not_before=later, zone=zone
    )


@pytest.mark.parametrize(
    ("due", "leaves"),
    [
        ("2026-05-04T12:59:59", "2026-05-04T13:00:00"),
        ("2026-05-04T13:00:00", "2026-05-04T13:00:00"),
        ("2026-05-04T20:59:59", "2026-05-04T20:59:59"),
        ("2026-05-04T21:00:00", "2026-05-05T13:00:00"),
        # The nights in which clocks are put forward, and back.
        ("2026-03-08T02:00:00", "2026-03-08T13:00:00"),
        ("2026-11-01T02:00:00", "2026-11-01T14:00:00"),
    ],
)
def test_in_new_york(due: str, leaves: str) -> None:
    moment = next_send_time(
        not_before=datetime.fromisoformat(f"{due}+00:00"), zone=ZoneInfo(NEW_YORK)
    )
    assert moment == datetime.fromisoformat(f"{leaves}+00:00")
