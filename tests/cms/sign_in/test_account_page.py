"""New recovery codes and another phone, for a person who is in and has the old one at hand."""

from datetime import datetime, timedelta

import pytest
import time_machine
from django.contrib.auth.models import User

from cms.sign_in import second_step
from tests.cms.sign_in.authenticator import App, recovery_codes_on, secret_on
from tests.cms.sign_in.conftest import Visitor

pytestmark = pytest.mark.django_db
PAGE = "/admin/account/second-step/"


@pytest.fixture
def inside(visitor: Visitor, phone: App, now: datetime) -> Visitor:
    """Ada’s browser, past both steps."""
    visitor.give_password()
    visitor.give_code(phone.code(now))
    return visitor


def test_the_account_page_leads_there(inside: Visitor) -> None:
    assert PAGE in inside.get("/admin/account/").content.decode()


def test_new_codes_take_the_place_of_the_old(
    inside: Visitor, phone: App, ada: User, now: datetime
) -> None:
    old = second_step.recovery_codes_of(ada)
    assert inside.get(f"{PAGE}codes/")["Location"] == PAGE
    answer = inside.post(PAGE, {"code": phone.code(now, later=1)})
    assert answer["Location"] == f"{PAGE}codes/"
    new = recovery_codes_on(inside.get(f"{PAGE}codes/").content.decode())
    assert len(new) == 10
    assert not set(old) & set(new)
    inside.post(f"{PAGE}codes/", {"kept": "on"})
    assert inside.get(f"{PAGE}codes/")["Location"] == PAGE
    another = Visitor()
    another.give_password()
    another.give_code(old[0])
    assert not another.is_in()
    another.give_code(new[0])
    assert another.is_in()


def test_a_wrong_code_changes_nothing_and_counts(inside: Visitor, phone: App, ada: User) -> None:
    old = second_step.recovery_codes_of(ada)
    for _ in range(4):
        assert "isn’t right" in inside.post(PAGE, {"code": "000000"}).content.decode()
    assert inside.post(PAGE, {"code": "000000"}).status_code == 429
    assert not inside.is_in()
    assert second_step.recovery_codes_of(ada) == old


def test_another_phone_takes_over_and_other_browsers_start_again(
    inside: Visitor, phone: App, now: datetime, clock: time_machine.Traveller
) -> None:
    clock.move_to(now + timedelta(minutes=5))
    now += timedelta(minutes=5)
    elsewhere = Visitor()
    elsewhere.give_password()
    elsewhere.give_code(phone.code(now))
    assert elsewhere.is_in()
    assert inside.get(f"{PAGE}phone/")["Location"] == PAGE
    inside.post(PAGE, {"code": phone.code(now, later=1), "another-phone": "yes"})
    new = App(secret_on(inside.get(f"{PAGE}phone/").content.decode()))
    assert inside.post(f"{PAGE}phone/", {"code": "000000"}).status_code == 200
    assert elsewhere.is_in()
    assert inside.post(f"{PAGE}phone/", {"code": new.code(now)})["Location"] == f"{PAGE}codes/"
    inside.post(f"{PAGE}codes/", {"kept": "on"})
    assert inside.is_in()
    assert not elsewhere.is_in()
    clock.move_to(now + timedelta(minutes=5))
    now += timedelta(minutes=5)
    elsewhere.give_password()
    elsewhere.give_code(phone.code(now))
    assert not elsewhere.is_in()
    elsewhere.give_code(new.code(now))
    assert elsewhere.is_in()


def test_the_permission_to_change_runs_out(
    inside: Visitor, phone: App, now: datetime, clock: time_machine.Traveller
) -> None:
    inside.post(PAGE, {"code": phone.code(now, later=1), "another-phone": "yes"})
    clock.move_to(now + timedelta(minutes=16))
    assert inside.get(f"{PAGE}phone/")["Location"] == PAGE
