"""Who is let in, who is only told so, and who is told to wait."""

from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from pytest_django import Settings

from funnel.addresses import parse_address
from funnel.models import OptIn
from funnel.services.gate import Submission, Verdict, judge
from funnel.services.limits import ADDRESS_DAY, NETWORK_HOUR, PLAIN_HOUR, PLAIN_NETWORK_HOUR
from funnel.services.stamps import make_stamp

pytestmark = pytest.mark.django_db
Judged = Callable[..., Verdict]


@pytest.fixture
def judged(now: datetime) -> Judged:
    """Send a form that was open for a minute, unless told otherwise."""

    def act(
        address: str = "ada@mail.test",
        network: str = "203.0.113.0/24",
        *,
        stamped: bool = True,
        **brought: Any,
    ) -> Verdict:
        began = make_stamp(network=network, now=now - timedelta(minutes=1))
        brought = {"stamp": began if stamped else "", **brought}
        submission = Submission(network=network, **brought)
        return judge(submission=submission, address=parse_address(address), now=now)

    return act


def test_a_person_is_let_in(judged: Judged) -> None:
    assert judged() == Verdict.RECORD


def test_who_fills_the_trap_is_a_robot(judged: Judged) -> None:
    assert judged(trap="http://spam.test/") == Verdict.PRETEND


@pytest.mark.parametrize("stamp", ["nonsense", "a:b:c", "\udcff"])
def test_who_forges_a_stamp_is_a_robot(judged: Judged, stamp: str) -> None:
    assert judged(stamp=stamp) == Verdict.PRETEND


def test_who_is_quicker_than_a_person_is_a_robot(judged: Judged, now: datetime) -> None:
    stamp = make_stamp(network="203.0.113.0/24", now=now)
    assert judged(stamp=stamp) == Verdict.PRETEND


def test_robots_take_nobodys_place(judged: Judged) -> None:
    for _ in range(2 * NETWORK_HOUR.most):
        judged(trap="x")
    assert judged() == Verdict.RECORD


def test_a_network_has_room_for_a_class_and_then_says_so(judged: Judged) -> None:
    verdicts = Counter(judged(f"p{n}@mail.test") for n in range(NETWORK_HOUR.most + 3))
    assert verdicts == {Verdict.RECORD: NETWORK_HOUR.most, Verdict.NETWORK_IS_BUSY: 3}
    assert judged(network="198.51.100.0/24") == Verdict.RECORD


def test_without_a_stamp_there_is_less_room(judged: Judged) -> None:
    verdicts = Counter(
        judged(f"p{n}@mail.test", stamped=False) for n in range(PLAIN_NETWORK_HOUR.most + 2)
    )
    assert verdicts == {Verdict.RECORD: PLAIN_NETWORK_HOUR.most, Verdict.NETWORK_IS_BUSY: 2}
    assert judged() == Verdict.RECORD
    many = [
        judged(f"q{n}@mail.test", network=f"10.0.{n}.0/24", stamped=False)
        for n in range(PLAIN_HOUR.most + 1)
    ]
    assert many[-1] == Verdict.SITE_IS_BUSY
    assert judged() == Verdict.RECORD


def test_an_address_typed_too_often_gets_the_usual_answer(judged: Judged) -> None:
    spellings = ("ada@mail.test", "ADA@mail.test", "ada+1@mail.test", "Ada+x@MAIL.test")
    verdicts = Counter(
        judged(spellings[n % 4], network=f"10.0.{n}.0/24") for n in range(ADDRESS_DAY.most + 3)
    )
    assert verdicts == {Verdict.RECORD: ADDRESS_DAY.most, Verdict.PRETEND: 3}


def test_the_whole_site_has_a_limit(judged: Judged, settings: Settings) -> None:
    settings.FUNNEL = {**settings.FUNNEL, "OPT_INS_AN_HOUR": 2}
    verdicts = [judged(f"p{n}@mail.test", network=f"10.0.{n}.0/24") for n in range(3)]
    assert verdicts == [Verdict.RECORD, Verdict.RECORD, Verdict.SITE_IS_BUSY]


class TestAnswers:
    """What each of them is told."""

    def test_a_robot_sees_what_a_person_sees_and_leaves_no_trace(self, visitor: Any) -> None:
        person = visitor.opt_in("ada@mail.test")
        robots = [
            visitor.opt_in("robot@mail.test", homepage="http://spam.test/"),
            visitor.opt_in("robot@mail.test", stamp="nonsense"),
        ]
        for robot in robots:
            assert (robot.status_code, robot.url, robot.content, robot.headers) == (
                person.status_code,
                person.url,
                person.content,
                person.headers,
            )
        assert OptIn.objects.count() == 1

    def test_a_person_who_has_to_wait_keeps_what_was_typed(
        self, visitor: Any, settings: Settings
    ) -> None:
        settings.FUNNEL = {**settings.FUNNEL, "OPT_INS_AN_HOUR": 0}
        answer = visitor.opt_in("ada@mail.test", first_name="Ada")
        assert (answer.status_code, answer.headers["Retry-After"]) == (503, "3600")
        assert answer.headers["Cache-Control"] == "no-store"
        page = answer.content.decode()
        assert 'value="ada@mail.test"' in page
        assert "again in an hour" in page
        assert not OptIn.objects.exists()

    def test_a_stamp_is_fetched_and_kept_nowhere(self, visitor: Any) -> None:
        answer = visitor.client.get("/free-videos/stamp/", REMOTE_ADDR="10.0.1.7")
        assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "no-store")
        assert not answer.cookies
        stamp = answer.content.decode()
        assert visitor.opt_in("quick@mail.test", stamp=stamp).status_code == 302
        assert not OptIn.objects.exists()
