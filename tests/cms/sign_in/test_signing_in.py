"""Password, code, and in; at the first time, a second step and its recovery codes come between."""

from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.conf import settings as site_settings
from django.contrib.auth.models import Group, User
from wagtail.models import ModelLogEntry

from cms.auth import DEMO_GROUP
from cms.sign_in import second_step
from tests.cms.sign_in.authenticator import App, recovery_codes_on, secret_on
from tests.cms.sign_in.conftest import PASSWORD, Visitor

pytestmark = pytest.mark.django_db


class TestTheFirstTime:
    """A second step, then the codes to keep, then the admin."""

    def test_leads_through_all_of_it(
        self, visitor: Visitor, ada: User, now: datetime, clock: time_machine.Traveller
    ) -> None:
        assert visitor.give_password()["Location"] == "/admin/login/set-up/"
        page = visitor.get("/admin/login/set-up/").content.decode()
        assert "<svg" in page
        assert "<?xml" not in page
        app = App(secret_on(page))
        answer = visitor.post("/admin/login/set-up/", {"code": app.code(now)})
        assert answer["Location"] == "/admin/login/recovery-codes/"
        assert not visitor.is_in()
        page = visitor.get("/admin/login/recovery-codes/").content.decode()
        assert len(set(recovery_codes_on(page))) == 10
        refused = visitor.post("/admin/login/recovery-codes/", {})
        assert "Put the codes somewhere safe" in refused.content.decode()
        assert not visitor.is_in()
        answer = visitor.post("/admin/login/recovery-codes/", {"kept": "on"})
        assert answer["Location"] == "/admin/"
        assert visitor.is_in()

    def test_nothing_opens_before_it_is_set_up(self, visitor: Visitor, ada: User) -> None:
        visitor.give_password()
        for path in ("/admin/", "/admin/login/recovery-codes/", "/admin/login/code/"):
            assert visitor.get(path).status_code == 302, path
        visitor.post("/admin/login/recovery-codes/", {"kept": "on"})
        assert not visitor.is_in()

    def test_the_secret_stays_while_one_mistypes(
        self, visitor: Visitor, ada: User, now: datetime, clock: time_machine.Traveller
    ) -> None:
        visitor.give_password()
        first = visitor.get("/admin/login/set-up/").content.decode()
        wrong = visitor.post("/admin/login/set-up/", {"code": "000000"}).content.decode()
        assert "isn’t right" in wrong
        assert secret_on(wrong) == secret_on(first)
        assert second_step.second_step_of(ada) is None

    def test_codes_not_kept_are_shown_again(
        self, visitor: Visitor, ada: User, now: datetime, clock: time_machine.Traveller
    ) -> None:
        visitor.give_password()
        app = App(secret_on(visitor.get("/admin/login/set-up/").content.decode()))
        visitor.post("/admin/login/set-up/", {"code": app.code(now)})
        another = Visitor()
        assert another.give_password()["Location"] == "/admin/login/code/"
        assert another.give_code(app.code(now, later=1))["Location"].endswith("/recovery-codes/")
        assert not another.is_in()

    def test_an_existing_step_is_not_set_up_over(self, visitor: Visitor, phone: App) -> None:
        visitor.give_password()
        assert visitor.get("/admin/login/set-up/")["Location"] == "/admin/login/code/"
        answer = visitor.post("/admin/login/set-up/", {"code": "000000"})
        assert answer["Location"] == "/admin/login/code/"


class TestEveryOtherTime:
    """Password and code."""

    def test_opens_what_was_asked_for(self, visitor: Visitor, phone: App, now: datetime) -> None:
        assert visitor.give_password(next="/admin/pages/")["Location"] == "/admin/login/code/"
        assert visitor.give_code(phone.code(now))["Location"] == "/admin/pages/"
        assert visitor.is_in()

    def test_spaces_do_no_harm(self, visitor: Visitor, phone: App, now: datetime) -> None:
        visitor.give_password()
        code = phone.code(now)
        visitor.give_code(f" {code[:3]} {code[3:]} ")
        assert visitor.is_in()

    @pytest.mark.parametrize("later", [-1, 1])
    def test_a_clock_may_be_off_a_little(
        self, visitor: Visitor, phone: App, now: datetime, later: int
    ) -> None:
        visitor.give_password()
        visitor.give_code(phone.code(now, later=later))
        assert visitor.is_in()

    @pytest.mark.parametrize("code", ["", "0", "000000", "1" * 41, "١٢٣٤٥٦", "a\x00b", "é" * 6])
    def test_a_wrong_code_says_what_to_do(self, visitor: Visitor, phone: App, code: str) -> None:
        visitor.give_password()
        assert visitor.give_code(code).status_code == 200
        assert not visitor.is_in()

    @pytest.mark.parametrize("later", [-2, 2])
    def test_an_old_code_is_wrong(
        self, visitor: Visitor, phone: App, now: datetime, later: int
    ) -> None:
        visitor.give_password()
        assert "isn’t right" in visitor.give_code(phone.code(now, later=later)).content.decode()

    def test_a_recovery_code_takes_the_place_of_the_phone_once(
        self, visitor: Visitor, phone: App, ada: User
    ) -> None:
        code = second_step.recovery_codes_of(ada)[4]
        visitor.give_password()
        visitor.give_code(code)
        assert visitor.is_in()
        assert len(second_step.recovery_codes_of(ada)) == 9
        assert ModelLogEntry.objects.filter(action=second_step.USE_RECOVERY_CODE).exists()
        another = Visitor()
        another.give_password()
        another.give_code(code)
        assert not another.is_in()

    def test_few_codes_left_are_told(self, visitor: Visitor, phone: App, ada: User) -> None:
        for code in second_step.recovery_codes_of(ada)[:7]:
            visitor = Visitor()
            visitor.give_password()
            visitor.give_code(code)
        assert "You have 3 recovery codes left" in visitor.get("/admin/").content.decode()


class TestSessions:
    """New at every sign-in, and not for ever."""

    def test_each_step_has_another_key(self, visitor: Visitor, phone: App, now: datetime) -> None:
        planted = visitor.session
        planted["planted"] = "by somebody else"
        planted.save()
        keys = [planted.session_key]
        visitor.cookies[site_settings.SESSION_COOKIE_NAME] = planted.session_key or ""
        for act in (visitor.give_password, lambda: visitor.give_code(phone.code(now))):
            act()
            keys.append(visitor.cookies[site_settings.SESSION_COOKIE_NAME].value)
        assert len(set(keys)) == 3
        assert visitor.is_in()
        assert "planted" not in visitor.session
        for key in keys[:2]:
            fixed = Visitor()
            fixed.cookies[site_settings.SESSION_COOKIE_NAME] = key or ""
            assert not fixed.is_in()

    @pytest.mark.parametrize(("remember", "hours"), [({}, 12), ({"remember": "on"}, 7 * 24)])
    def test_ends(
        self,
        visitor: Visitor,
        phone: App,
        now: datetime,
        clock: time_machine.Traveller,
        remember: dict[str, str],
        hours: int,
    ) -> None:
        visitor.give_password(**remember)
        answer = visitor.give_code(phone.code(now))
        cookie = answer.cookies[site_settings.SESSION_COOKIE_NAME]
        assert cookie["httponly"]
        assert cookie["samesite"] == "Lax"
        assert bool(cookie["max-age"]) == bool(remember)
        clock.move_to(now + timedelta(hours=hours, minutes=-1))
        assert visitor.is_in()
        clock.move_to(now + timedelta(hours=hours, minutes=1))
        assert not visitor.is_in()

    def test_a_sign_in_begun_does_not_wait_for_ever(
        self, visitor: Visitor, phone: App, now: datetime, clock: time_machine.Traveller
    ) -> None:
        visitor.give_password(remember="on")
        clock.move_to(now + timedelta(minutes=31))
        assert visitor.give_code(phone.code(now + timedelta(minutes=31)))["Location"] == (
            "/admin/login/"
        )


class TestDemoAccounts:
    """While it is a demo, they sign in with the password that was printed."""

    @pytest.fixture
    def demo_ada(self, ada: User, settings: Any) -> User:
        """Ada as a demo makes her."""
        settings.DEMO = True
        ada.groups.add(Group.objects.create(name=DEMO_GROUP))
        return ada

    def test_need_no_code(self, visitor: Visitor, demo_ada: User) -> None:
        assert visitor.give_password()["Location"] == "/admin/"
        assert visitor.is_in()
        assert visitor.get("/admin/account/second-step/")["Location"] == "/admin/account/"

    def test_are_strangers_as_soon_as_it_is_none(
        self, visitor: Visitor, demo_ada: User, settings: Any
    ) -> None:
        visitor.give_password()
        settings.DEMO = False
        assert not visitor.is_in()

    def test_others_on_a_demo_need_one(self, visitor: Visitor, ada: User, settings: Any) -> None:
        settings.DEMO = True
        assert visitor.give_password()["Location"] == "/admin/login/set-up/"
        assert not visitor.is_in()


def test_whoever_has_nothing_to_do_with_the_admin_needs_no_code(visitor: Visitor) -> None:
    reader = User.objects.create_user("bea", "bea@staff.test", PASSWORD)
    assert visitor.give_password(name="bea", next="/articles/")["Location"] == "/articles/"
    reader.is_staff = True
    reader.save()
    assert visitor.get("/styleguide/").status_code != 200
