"""The link in every mail: one press leaves; others pause, share less, forget, or ask for more."""

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client

from funnel.choices import CycleSource, LinkPurpose
from funnel.mailing.base import MemberStatus, UnreachableError
from funnel.models import (
    AssessmentResult,
    CycleStatement,
    ErasurePermit,
    Lead,
    OptIn,
    StuckCycle,
)
from funnel.services.leaving import forget_answers
from funnel.services.links import create_link
from tests.factories.leads import CallToActionVariantFactory, LeadFactory, OptInFactory
from tests.factories.people import (
    AssessmentResultFactory,
    CallRequestFactory,
    CycleStatementFactory,
)
from tests.funnel.conftest import ORIGIN


def leave_link(visitor: Any, lead: Lead) -> str:
    """The path of the link that ends every mail to a lead."""
    _, token = create_link(purpose=LinkPurpose.LEAVE, lead=lead, opt_in=None, now=visitor.clock())
    return f"/free-videos/leave/{token}/"


def press(link: str, act: str) -> str:
    """Press a button of the page; what one reads then stands at an address without a token."""
    answer = Client().post(link, {"act": act}, follow=True)
    assert answer.redirect_chain == [(f"/free-videos/left/{act}/", 303)]
    text: str = answer.content.decode()
    return text


def test_what_was_pressed_is_said_without_the_link(visitor: Any) -> None:
    assert "Nothing more is sent" in press(leave_link(visitor, visitor.become_confirmed()), "leave")
    assert Client().get("/free-videos/left/anything/").status_code == 404


def test_one_press_leaves_and_the_mail_service_knows_within_a_minute(
    visitor: Any, mail_service: Any
) -> None:
    lead = visitor.become_confirmed()
    began = visitor.clock()
    page = Client().post(leave_link(visitor, lead))
    assert page.status_code == 200
    assert "Nothing more is sent to you" in page.content.decode()
    mail_service.failures.append(UnreachableError("away for a moment"))
    while visitor.clock() - began < timedelta(seconds=60):
        visitor.work()
        visitor.move(seconds=5)
    member = mail_service.members["ada@mail.test"]
    assert member.status == MemberStatus.UNSUBSCRIBED
    assert "cycle-reactive" not in member.tags
    lead.refresh_from_db()
    assert (lead.stage, lead.receives_letters) == ("unsubscribed", False)


def test_a_mail_programs_own_button_leaves_from_anywhere(visitor: Any) -> None:
    lead = visitor.become_confirmed()
    data = {"List-Unsubscribe": "One-Click"}
    answer = Client().post(leave_link(visitor, lead), data, headers={"Origin": "null"})
    lead.refresh_from_db()
    assert (answer.status_code, lead.stage) == (200, "unsubscribed")


@pytest.mark.parametrize("act", ["pause_two_weeks", "forget_answers", "fresh_link", "stop_letters"])
def test_looking_at_the_page_does_none_of_it(visitor: Any, act: str) -> None:
    lead = visitor.become_confirmed(cycle="resentment")
    before = Lead.objects.filter(pk=lead.pk).values().get()
    mails = len(mail.outbox)
    page = Client().get(leave_link(visitor, lead), {"act": act})
    assert page.status_code == 200
    assert f'value="{act}"' in page.content.decode()
    visitor.work()
    assert Lead.objects.filter(pk=lead.pk).values().get() == before
    assert len(mail.outbox) == mails


@pytest.mark.parametrize(("act", "days"), [("pause_two_weeks", 14), ("pause_month", 30)])
def test_a_pause_has_an_end_and_says_so(visitor: Any, act: str, days: int) -> None:
    lead = visitor.become_confirmed()
    page = press(leave_link(visitor, lead), act)
    lead.refresh_from_db()
    assert lead.paused_until == visitor.clock() + timedelta(days=days)
    assert lead.stage == "confirmed"
    assert ("two weeks" if days == 14 else "a month") in page
    assert "letters are not part of it" in page


def test_a_fresh_link_goes_to_the_same_address(visitor: Any) -> None:
    lead = visitor.become_confirmed()
    mail.outbox.clear()
    assert "/my-data/open/" not in press(leave_link(visitor, lead), "fresh_link")
    visitor.work()
    [message] = mail.outbox
    assert message.to == ["ada@mail.test"]
    assert "/my-data/open/" in message.body


def test_letters_alone_can_stop(visitor: Any, mail_service: Any) -> None:
    lead = visitor.become_confirmed()
    Client().post(leave_link(visitor, lead), {"act": "stop_letters"})
    visitor.work()
    lead.refresh_from_db()
    assert (lead.stage, lead.receives_letters, lead.shares_cycle) == ("confirmed", False, False)
    assert mail_service.members["ada@mail.test"].status == MemberStatus.UNSUBSCRIBED


class TestForgettingTheAnswers:
    def test_they_are_gone_from_every_row(self, visitor: Any, mail_service: Any) -> None:
        lead = visitor.become_confirmed(cycle="resentment")
        opt_in = lead.opt_ins.get()
        OptInFactory(
            lead=lead,
            stated_cycle=StuckCycle.objects.get(code="criticism"),
            call_to_action_variant=CallToActionVariantFactory(),
        )
        AssessmentResultFactory(lead=lead, opt_in=opt_in)
        other = CycleStatementFactory()
        assert "cycle-resentment" in mail_service.members["ada@mail.test"].tags

        visitor.move(minutes=1)
        assert "is removed here" in press(leave_link(visitor, lead), "forget_answers")
        visitor.work()

        lead.refresh_from_db()
        assert lead.current_cycle is None
        assert not AssessmentResult.objects.filter(lead=lead).exists()
        told = OptIn.objects.filter(lead=lead).values_list("stated_cycle", "call_to_action_variant")
        assert set(told) == {(None, None)}
        statement = CycleStatement.objects.get(lead=lead)
        assert (statement.cycle, statement.source) == (None, CycleSource.CHANGED)
        assert statement.at == visitor.clock()
        assert not [tag for tag in mail_service.members["ada@mail.test"].tags if "cycle" in tag]
        assert CycleStatement.objects.filter(pk=other.pk).exists()
        assert not ErasurePermit.objects.exists()

    def test_the_tables_are_closed_again_afterwards(self, visitor: Any) -> None:
        from django.db import DatabaseError, transaction

        lead = visitor.become_confirmed(cycle="resentment")
        forget_answers(lead_id=lead.pk, now=visitor.clock())
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            OptIn.objects.filter(lead=lead).update(first_name="Somebody")

    def test_a_form_sent_before_and_confirmed_after_brings_nothing_back(self, visitor: Any) -> None:
        lead = visitor.become_confirmed(cycle="resentment")
        visitor.move(hours=2)
        visitor.opt_in(cycle="criticism")
        visitor.work()
        link = visitor.links()[0]
        Client().post(leave_link(visitor, lead), {"act": "forget_answers"})
        visitor.client.post(link, headers=ORIGIN)
        lead.refresh_from_db()
        assert lead.current_cycle is None

    def test_pressing_twice_is_pressing_once(self, visitor: Any) -> None:
        lead = visitor.become_confirmed(cycle="resentment")
        for _ in range(2):
            forget_answers(lead_id=lead.pk, now=visitor.clock())
        assert CycleStatement.objects.filter(lead=lead).count() == 1

    def test_who_said_nothing_has_nothing_to_forget(self, visitor: Any) -> None:
        lead = LeadFactory()
        forget_answers(lead_id=lead.pk, now=visitor.clock())
        lead.refresh_from_db()
        assert lead.current_cycle is None


def _reachable(client: Client, start: list[str]) -> Iterator[tuple[str, str]]:
    """Every page that links, forms and redirects lead to without a press, with its text."""
    waiting, seen = list(start), set()
    while waiting:
        path = waiting.pop()
        if path in seen or not path.startswith("/free-videos/"):
            continue
        seen.add(path)
        answer = client.get(path, follow=True)
        for target, _status in answer.redirect_chain:
            seen.add(target)
        if not answer.get("Content-Type", "").startswith("text/"):
            continue
        text = answer.content.decode()
        yield path, text
        waiting += re.findall(r'(?:href|action|src)="(/free-videos/[^"#?]*)', text)


def test_no_ordinary_mails_link_returns_an_answer_or_a_request(visitor: Any) -> None:
    """Whoever holds the mailbox follows every link of every mail, and reads no answers."""
    visitor.opt_in(first_name="Adaline", cycle="resentment")
    visitor.work()
    visitor.confirm()
    visitor.work()
    lead = Lead.objects.get()
    cycle = StuckCycle.objects.get(code="resentment")
    cycle.experience = cycle.name = "The ledger that nobody else may read"
    cycle.save()
    AssessmentResultFactory(lead=lead, opt_in=lead.opt_ins.get(), cycle=cycle)
    visitor.move(hours=2)
    visitor.client.post(
        "/free-videos/talk/",
        {"email": "ada@mail.test", "topic": "Silence at supper", "name": "Adaline"},
        headers=ORIGIN,
    )
    CallRequestFactory(lead=lead, topic="Silence at supper", phone="+1 555 0100")
    visitor.work()
    links = {
        link
        for message in mail.outbox
        for link in re.findall(r"http://localhost:8000(/free-videos/\S+)", str(message.body))
    }
    assert {link.split("/")[2] for link in links} >= {"confirm", "open", "leave", "talk"}
    holder, nobody = Client(), Client()
    secrets = ("Adaline", "ada@mail.test", "The ledger", "always me", "Silence", "0100")
    read = 0
    for path, text in _reachable(holder, sorted(links)):
        is_public = path not in links and nobody.get(path).content.decode() == text
        if is_public:
            continue
        read += 1
        assert not [secret for secret in secrets if secret in text], path
    assert read >= len(links)
