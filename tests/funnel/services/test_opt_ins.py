"""An opt-in is written whole or not at all, and its confirmation is what changes a lead."""

from typing import Any

import pytest
from django.core import mail

from funnel.choices import ConsentMode, ConsentStep, LeadStage, OutboxKind
from funnel.models import (
    Consent,
    FunnelSettings,
    Lead,
    OptIn,
    OutboxEntry,
    PrivateLink,
    StuckCycle,
)
from funnel.services import opt_ins
from funnel.services.leaving import leave


def test_an_opt_in_writes_lead_opt_in_consent_and_outbox_entry(visitor: Any) -> None:
    answer = visitor.opt_in("Ada@Mail.test", first_name="Ada", cycle="desperation")

    assert (answer.status_code, answer.url) == (302, "/free-videos/check-your-mail/")
    lead = Lead.objects.get()
    assert (lead.address, lead.address_key, lead.stage) == (
        "Ada@mail.test",
        "ada@mail.test",
        LeadStage.PENDING,
    )
    opt_in = OptIn.objects.get(lead=lead)
    assert opt_in.stated_cycle is not None
    assert opt_in.stated_cycle.code == "desperation"
    consent = Consent.objects.get(opt_in=opt_in)
    assert (consent.step, consent.covers_letters) == (ConsentStep.REQUESTED, True)
    assert "Mailchimp in the USA" in consent.wording.promise
    assert OutboxEntry.objects.get().kind == OutboxKind.OPT_IN_MAIL
    assert not mail.outbox


@pytest.mark.parametrize("broken", ["Consent.objects.create", "enqueue_mail"])
def test_an_opt_in_that_fails_half_way_leaves_nothing(
    visitor: Any, monkeypatch: pytest.MonkeyPatch, broken: str
) -> None:
    def fail(**_: Any) -> None:
        raise RuntimeError("the disk is full")

    target: Any = opt_ins
    *path, name = broken.split(".")
    for part in path:
        target = getattr(target, part)
    monkeypatch.setattr(target, name, fail)
    visitor.client.raise_request_exception = False

    assert visitor.opt_in().status_code == 500
    counts = [model.objects.count() for model in (Lead, OptIn, Consent, OutboxEntry)]
    assert counts == [0, 0, 0, 0]


def test_every_spelling_of_an_address_is_one_lead_with_one_waiting_mail(visitor: Any) -> None:
    for spelling in ("ada@mail.test", "ADA@mail.test", "Ada@MAIL.TEST", " ada@mail.test "):
        visitor.opt_in(spelling)

    assert Lead.objects.count() == 1
    assert OptIn.objects.count() == 4
    assert OutboxEntry.objects.count() == 1
    visitor.work()
    assert len(mail.outbox) == 1


def test_confirming_makes_the_lead_current_and_opens_the_videos(visitor: Any) -> None:
    visitor.opt_in(first_name="Ada", cycle="criticism")
    visitor.work()
    answer = visitor.confirm()

    assert (answer.status_code, answer.headers["Location"]) == (303, "/free-videos/watch/")
    lead = Lead.objects.get()
    assert (lead.stage, lead.current_cycle.code) == (LeadStage.CONFIRMED, "criticism")
    assert lead.confirmed_at == visitor.clock.moment
    assert visitor.client.get("/free-videos/watch/").status_code == 200


def test_confirming_twice_is_confirming_once(visitor: Any) -> None:
    visitor.opt_in()
    visitor.work()
    visitor.confirm()
    visitor.move(hours=1)
    assert visitor.confirm().status_code == 303

    assert Consent.objects.filter(step=ConsentStep.CONFIRMED).count() == 1
    assert OutboxEntry.objects.filter(kind=OutboxKind.VIDEOS_MAIL).count() == 1


def test_an_opt_in_for_a_confirmed_address_changes_nothing_until_it_is_confirmed(
    visitor: Any,
) -> None:
    lead = visitor.become_confirmed(first_name="Ada", cycle="criticism")
    visitor.opt_in(first_name="Mallory", cycle="resentment")
    visitor.work()

    lead.refresh_from_db()
    assert (lead.first_name, lead.current_cycle.code) == ("Ada", "criticism")
    visitor.confirm()
    lead.refresh_from_db()
    assert (lead.first_name, lead.current_cycle.code) == ("Mallory", "resentment")


def test_a_confirmed_person_who_asks_again_is_simply_sent_the_videos(visitor: Any) -> None:
    visitor.become_confirmed(cycle="criticism")
    mail.outbox.clear()
    visitor.opt_in(cycle="criticism")
    visitor.work()

    assert len(mail.outbox) == 1
    opened = visitor.client.get(visitor.links()[0])
    assert (opened.status_code, opened.headers["Location"]) == (303, "/free-videos/watch/")


def test_an_old_mail_brings_nobody_back(visitor: Any) -> None:
    visitor.opt_in()
    visitor.work()
    unused = visitor.links()[0]
    lead = Lead.objects.get()
    visitor.move(hours=1)
    visitor.confirm()
    visitor.opt_in(cycle="reactive")
    visitor.work()
    asked_before_leaving = visitor.links()[0]
    visitor.move(hours=1)
    leave(lead_id=lead.pk, now=visitor.clock())
    visitor.move(hours=1)

    visitor.client.post(unused, headers={"Origin": "http://testserver"})
    answer = visitor.client.post(asked_before_leaving, headers={"Origin": "http://testserver"})
    assert answer.status_code == 410
    lead.refresh_from_db()
    assert lead.stage == LeadStage.UNSUBSCRIBED


def test_a_person_who_left_may_come_back_by_a_new_opt_in(visitor: Any) -> None:
    lead = visitor.become_confirmed()
    leave(lead_id=lead.pk, now=visitor.clock())
    visitor.move(days=3)
    assert visitor.become_confirmed().stage == LeadStage.CONFIRMED


def test_a_confirm_link_expires(visitor: Any) -> None:
    visitor.opt_in()
    visitor.work()
    visitor.move(days=8)
    assert visitor.confirm().status_code == 410
    assert Lead.objects.get().stage == LeadStage.PENDING


def test_a_link_serves_its_own_purpose_only(visitor: Any) -> None:
    visitor.opt_in()
    visitor.work()
    token = visitor.links()[0].rstrip("/").rsplit("/", 1)[1]
    assert visitor.client.get(f"/free-videos/open/{token}/").status_code == 410
    assert visitor.client.get(f"/free-videos/leave/{token}/").status_code == 410


def test_the_database_holds_no_token(visitor: Any) -> None:
    visitor.opt_in()
    visitor.work()
    token = visitor.links()[0].rstrip("/").rsplit("/", 1)[1]
    assert token not in str(list(PrivateLink.objects.values()))


class TestSeparateLetters:
    """The other way of asking: the letters have a box of their own."""

    @pytest.fixture(autouse=True)
    def _separate(self, db: None) -> None:
        settings = FunnelSettings.load()
        settings.consent_mode = ConsentMode.SEPARATE_LETTERS
        settings.save()

    def test_without_the_box_nothing_goes_to_the_mail_service(
        self, visitor: Any, mail_service: Any
    ) -> None:
        lead = visitor.become_confirmed(cycle="criticism")
        assert (lead.stage, lead.receives_letters) == (LeadStage.CONFIRMED, False)
        assert not mail_service.members
        assert not OutboxEntry.objects.filter(kind=OutboxKind.MEMBER).exists()

    def test_with_the_box_letters_and_cycle_are_agreed(
        self, visitor: Any, mail_service: Any
    ) -> None:
        visitor.become_confirmed(cycle="criticism", letters="on")
        assert mail_service.members["ada@mail.test"].tags == {
            "cycle-criticism",
            "offer-free-videos",
        }

    def test_letters_can_be_added_later_by_a_confirmed_opt_in(
        self, visitor: Any, mail_service: Any
    ) -> None:
        visitor.become_confirmed()
        visitor.opt_in(letters="on")
        visitor.work()
        assert not mail_service.members
        visitor.confirm()
        visitor.work()
        assert "ada@mail.test" in mail_service.members

    def test_the_box_is_not_ticked_beforehand(self, visitor: Any) -> None:
        page = visitor.client.get("/free-videos/").content.decode()
        assert 'name="letters"' in page
        assert "checked" not in page


def test_each_cycle_can_be_stated(visitor: Any) -> None:
    for code in StuckCycle.objects.values_list("code", flat=True):
        visitor.opt_in(f"{code}@mail.test", cycle=code)
    assert list(OptIn.objects.order_by("pk").values_list("stated_cycle__code", flat=True)) == [
        "reactive",
        "criticism",
        "desperation",
        "resentment",
    ]
