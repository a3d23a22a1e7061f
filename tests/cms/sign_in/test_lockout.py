"""Guessing ends after five wrong tries, for every name alike, and begins again after a while."""

import logging
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from axes.models import AccessAttempt
from django.contrib.auth.models import User
from django.core.management import call_command
from django.test import RequestFactory

from cms.sign_in import second_step
from cms.sign_in.lockout import network_of
from cms.sign_in.second_step import Answer
from tests.cms.sign_in.authenticator import App
from tests.cms.sign_in.conftest import PASSWORD, Visitor

pytestmark = pytest.mark.django_db
WRONG = "my other password"


def guess(visitor: Visitor, times: int, *, name: str = "ada", **extra: Any) -> Any:
    """Give a wrong password so many times; return the last answer."""
    answer = None
    for _ in range(times):
        answer = visitor.post("/admin/login/", {"username": name, "password": WRONG}, **extra)
    return answer


class TestPasswords:
    """Five, then a quarter of an hour."""

    def test_the_fifth_wrong_one_ends_it(self, visitor: Visitor, phone: App) -> None:
        assert guess(visitor, 4).status_code == 200
        answer = guess(visitor, 1)
        assert answer.status_code == 429
        assert "paused for 15 minutes" in answer.content.decode()
        assert visitor.give_password().status_code == 429

    def test_four_do_not(self, visitor: Visitor, phone: App, now: datetime) -> None:
        guess(visitor, 4)
        visitor.give_password()
        visitor.give_code(phone.code(now))
        assert visitor.is_in()
        assert not AccessAttempt.objects.exists()

    def test_the_answer_is_the_same_for_a_name_that_nobody_has(
        self, visitor: Visitor, phone: App
    ) -> None:
        def told(name: str) -> list[tuple[int, str]]:
            answers = [guess(Visitor(), 1, name=name) for _ in range(7)]
            return [
                (
                    answer.status_code,
                    without_tokens(answer.content.decode()).replace(f'"{name}"', ""),
                )
                for answer in answers
            ]

        assert told("ada") == told("eve")

    def test_ends_by_itself(
        self, visitor: Visitor, phone: App, now: datetime, clock: time_machine.Traveller
    ) -> None:
        guess(visitor, 5)
        clock.move_to(now + timedelta(minutes=14, seconds=59))
        assert visitor.give_password().status_code == 429
        clock.move_to(now + timedelta(minutes=15, seconds=1))
        assert visitor.give_password()["Location"] == "/admin/login/code/"

    def test_trying_meanwhile_does_not_make_it_longer(
        self, visitor: Visitor, phone: App, now: datetime, clock: time_machine.Traveller
    ) -> None:
        guess(visitor, 5)
        clock.move_to(now + timedelta(minutes=10))
        guess(visitor, 5)
        clock.move_to(now + timedelta(minutes=15, seconds=1))
        assert visitor.give_password()["Location"] == "/admin/login/code/"

    def test_is_lifted_by_hand(self, visitor: Visitor, phone: App) -> None:
        guess(visitor, 5)
        call_command("axes_reset_username", "ada", verbosity=0)
        assert visitor.give_password()["Location"] == "/admin/login/code/"

    def test_a_neighbor_is_the_same_guesser(self, visitor: Visitor, phone: App) -> None:
        for last in range(1, 6):
            answer = guess(visitor, 1, REMOTE_ADDR=f"203.0.113.{last}", HTTP_USER_AGENT=str(last))
        assert answer.status_code == 429

    def test_somebody_elsewhere_is_not_locked_out_with_him(
        self, visitor: Visitor, phone: App
    ) -> None:
        guess(visitor, 6, REMOTE_ADDR="203.0.113.5")
        assert visitor.give_password()["Location"] == "/admin/login/code/"

    def test_nothing_of_what_was_typed_is_kept_or_logged(
        self, visitor: Visitor, phone: App, caplog: Any
    ) -> None:
        with caplog.at_level(logging.DEBUG):
            guess(visitor, 6)
            visitor.give_password(name="eve")
        kept = str(list(AccessAttempt.objects.values()))
        for typed in (WRONG, PASSWORD):
            assert typed not in kept
            assert typed not in caplog.text


class TestCodes:
    """A wrong code counts as a wrong password does, and a right password forgives none."""

    def test_the_fifth_wrong_one_ends_it(self, visitor: Visitor, phone: App) -> None:
        visitor.give_password()
        for _ in range(4):
            assert visitor.give_code("000000").status_code == 200
        assert visitor.give_code("000000").status_code == 429
        assert visitor.get("/admin/login/code/")["Location"] == "/admin/login/"

    def test_the_right_password_in_between_does_not_help(self, phone: App, now: datetime) -> None:
        for _ in range(4):
            visitor = Visitor()
            visitor.give_password()
            visitor.give_code("000000")
        visitor = Visitor()
        visitor.give_password()
        assert visitor.give_code("000000").status_code == 429
        assert visitor.give_password().status_code == 429

    def test_a_right_code_comes_too_late(self, visitor: Visitor, phone: App, now: datetime) -> None:
        waiting = Visitor()
        waiting.give_password()
        guess(visitor, 5)
        assert waiting.give_code(phone.code(now)).status_code == 429
        assert not waiting.is_in()

    def test_many_networks_share_ten(
        self, phone: App, ada: User, now: datetime, clock: time_machine.Traveller
    ) -> None:
        answers = [
            second_step.try_code(user=ada, code="000000", now=now + timedelta(seconds=number))
            for number in range(12)
        ]
        assert answers == [Answer.REFUSED] * 9 + [Answer.LOCKED] * 3
        later = now + timedelta(minutes=2)
        right = phone.code(later)
        assert second_step.try_code(user=ada, code=right, now=later) is Answer.LOCKED
        later = now + timedelta(minutes=16)
        right = phone.code(later)
        assert second_step.try_code(user=ada, code=right, now=later) is Answer.ACCEPTED

    def test_recovery_codes_are_guessed_no_longer(
        self, visitor: Visitor, phone: App, ada: User
    ) -> None:
        visitor.give_password()
        for _ in range(5):
            answer = visitor.give_code("12345678")
        assert answer.status_code == 429
        visitor.give_code(second_step.recovery_codes_of(ada)[0])
        assert not visitor.is_in()


def without_tokens(page: str) -> str:
    """A page without what is new in every answer."""
    return "\n".join(line for line in page.splitlines() if "csrf" not in line.lower())


@pytest.mark.parametrize(
    ("address", "said", "network"),
    [
        ("203.0.113.77", "", "203.0.113.0"),
        ("203.0.113.77", "198.51.100.1", "203.0.113.0"),
        ("127.0.0.1", "198.51.100.9", "198.51.100.0"),
        ("127.0.0.1", "6.6.6.6, 198.51.100.9", "198.51.100.0"),
        ("127.0.0.1", "nonsense", "127.0.0.0"),
        ("::1", "2001:db8:1:2:3::4", "2001:db8:1:2::"),
        ("::ffff:203.0.113.77", "", "203.0.113.0"),
        ("2001:db8:1:2:ffff::1", "", "2001:db8:1:2::"),
        ("", "", None),
    ],
)
def test_a_network_is_where_somebody_can_move_freely(
    address: str, said: str, network: str | None
) -> None:
    headers = {"X-Forwarded-For": said} if said else {}
    assert network_of(RequestFactory().get("/", headers=headers, REMOTE_ADDR=address)) == network
