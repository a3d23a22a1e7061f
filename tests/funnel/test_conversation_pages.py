"""Asking for a call: the form, the mail, the one button, and only then the coach."""

import re
from typing import Any

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from funnel.choices import ContactWay, LeadStage, OutboxKind, OutboxState
from funnel.models import CallRequest, FunnelSettings, Lead, OutboxEntry, SyncAttempt
from funnel.queries.sequence import stop_reason
from funnel.services.conversations import CallWishes, record_call_request
from funnel.services.erasure import request_erasure
from funnel.services.leaving import leave
from tests.funnel.conftest import ORIGIN

TALK = "/free-videos/talk/"
WRITTEN = {
    "name": "Adaline",
    "email": "ada@mail.test",
    "topic": "The silence\nafter supper",
    "times_that_suit": "Weekday mornings, Lisbon",
    "contact_way": "phone",
    "phone": "+351 555 0100",
    "may_leave_voicemail": "on",
}


def ask(visitor: Any, network: int = 1, **answers: str) -> Any:
    """Send the form, each time from another network."""
    return visitor.client.post(
        TALK, {**WRITTEN, **answers}, headers=ORIGIN, REMOTE_ADDR=f"10.9.{network}.1"
    )


def links_of(message: Any) -> list[str]:
    """The private links in a mail's plain text, as paths."""
    return re.findall(r"http://localhost:8000(/\S+)", message.body)


def confirm(visitor: Any) -> Any:
    """Press the button behind the newest mail's link."""
    return visitor.client.post(links_of(mail.outbox[-1])[0], headers=ORIGIN)


@pytest.fixture
def coach_mail(db: None) -> str:
    """The coach wants to hear of requests by mail."""
    settings = FunnelSettings.load()
    settings.coach_address = "coach@site.test"
    settings.save()
    return settings.coach_address


def test_the_form_sets_no_cookie_and_can_be_kept(visitor: Any) -> None:
    page = visitor.client.get(TALK)
    assert page.status_code == 200
    assert not page.cookies
    assert "Cookie" not in page.headers.get("Vary", "")
    assert "no-store" not in page.headers.get("Cache-Control", "")
    assert "csrfmiddlewaretoken" not in page.content.decode()


def test_the_box_about_the_cycle_and_the_one_about_voicemail_are_not_ticked(visitor: Any) -> None:
    html = visitor.client.get(TALK).content.decode()
    for name in ("shares_story", "may_leave_voicemail"):
        [box] = re.findall(rf'<input[^>]*name="{name}"[^>]*>', html)
        assert "checked" not in box


def test_help_stands_before_the_form(visitor: Any) -> None:
    html = visitor.client.get(TALK).content.decode()
    assert html.index("not your pattern to break") < html.index('name="email"')


def test_a_request_is_written_with_its_lead_and_its_mail(visitor: Any) -> None:
    answer = ask(visitor)
    assert (answer.status_code, answer["Location"]) == (302, f"{TALK}check-your-mail/")
    request = CallRequest.objects.get()
    assert request.lead.stage == LeadStage.PENDING
    assert request.lead.first_name == ""
    assert request.topic == "The silence\nafter supper"
    assert (request.contact_way, request.phone) == (ContactWay.PHONE, "+351 555 0100")
    assert (request.may_leave_voicemail, request.shares_story) == (True, False)
    assert request.confirmed_at is None
    entry = OutboxEntry.objects.get()
    assert (entry.kind, entry.call_request) == (OutboxKind.CALL_CONFIRM_MAIL, request)


def test_a_known_lead_stays_as_it_is(visitor: Any) -> None:
    lead = visitor.become_confirmed(first_name="Ada")
    before = Lead.objects.filter(pk=lead.pk).values().get()
    ask(visitor)
    assert Lead.objects.filter(pk=lead.pk).values().get() == before


def test_all_of_it_or_nothing(visitor: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(**_anything: Any) -> None:
        raise OSError("the disk is full")

    monkeypatch.setattr("funnel.services.conversations.enqueue_mail", fail)
    visitor.client.raise_request_exception = False
    assert ask(visitor).status_code == 500
    assert (Lead.objects.count(), CallRequest.objects.count()) == (0, 0)


def test_from_another_website_nothing_is_taken(visitor: Any) -> None:
    answer = visitor.client.post(TALK, WRITTEN, headers={"Origin": "https://elsewhere.test"})
    assert answer.status_code == 403
    assert not CallRequest.objects.exists()


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        ({"email": "ada@"}, "complete email address"),
        ({"email": ""}, "so that I can answer you"),
        ({"phone": ""}, "enter the number I may call"),
        ({"phone": "call my sister"}, "does not look like a phone number"),
        ({"contact_way": "pigeon"}, "choose one of these two"),
        ({"topic": "a" * 2001}, "Please shorten it"),
    ],
)
def test_a_refused_form_says_what_to_do_and_keeps_what_was_typed(
    visitor: Any, answers: dict[str, str], said: str
) -> None:
    page = ask(visitor, **answers)
    html = page.content.decode()
    assert page.status_code == 422
    assert said in html
    assert "Weekday mornings, Lisbon" in html
    assert "no-store" in page.headers["Cache-Control"]
    assert not CallRequest.objects.exists()


def test_an_address_is_all_it_takes(visitor: Any) -> None:
    data = {"email": "ada@mail.test"}
    assert visitor.client.post(TALK, data, headers=ORIGIN).status_code == 302
    assert CallRequest.objects.get().contact_way == ContactWay.EMAIL


def test_odd_characters_are_cleaned_at_the_door(visitor: Any) -> None:
    ask(visitor, name="A\x07da\u202e", topic="one\x0btwo\r\n\r\n\r\n\r\nthree", phone="+1 555 0100")
    request = CallRequest.objects.get()
    assert (request.name, request.topic) == ("Ada", "onetwo\n\nthree")


def test_the_answer_is_the_same_for_every_address(visitor: Any) -> None:
    visitor.become_confirmed("confirmed@mail.test")
    gone = visitor.become_confirmed("unsubscribed@mail.test")
    leave(lead_id=gone.pk, now=visitor.clock())
    visitor.opt_in("pending@mail.test")
    erased = visitor.become_confirmed("erased@mail.test")
    request_erasure(lead_id=erased.pk, now=visitor.clock())
    visitor.work()
    answers, statements = set(), set()
    for number, kind in enumerate(("new", "pending", "confirmed", "unsubscribed", "erased")):
        with CaptureQueriesContext(connection) as queries:
            answer = ask(visitor, network=number, email=f"{kind}@mail.test")
        answers.add((answer.status_code, answer.content, str(sorted(answer.headers.items()))))
        statements.add(tuple(query["sql"].split(" ", 1)[0] for query in queries))
    assert len(answers) == 1
    assert len(statements) == 1


def test_a_robot_gets_the_usual_answer_and_nothing_is_written(visitor: Any) -> None:
    answer = ask(visitor, homepage="https://spam.test")
    assert (answer.status_code, answer["Location"]) == (302, f"{TALK}check-your-mail/")
    assert not CallRequest.objects.exists()


def test_one_network_cannot_send_without_end(visitor: Any) -> None:
    answers = [ask(visitor, network=1, email=f"reader{n}@mail.test") for n in range(40)]
    last = answers[-1]
    assert last.status_code == 429
    assert "from your network" in last.content.decode()
    assert CallRequest.objects.count() < 40


def test_nobody_hears_of_it_before_the_button_is_pressed(visitor: Any, coach_mail: str) -> None:
    ask(visitor)
    visitor.work()
    [message] = mail.outbox
    assert message.to == ["ada@mail.test"]
    [link] = {link for link in links_of(message) if "/talk/" in link}
    for _ in range(2):
        page = visitor.client.get(link)
        assert page.status_code == 200
        for secret in ("Adaline", "silence", "Lisbon", "0100", "ada@mail.test"):
            assert secret not in page.content.decode()
    visitor.work()
    assert len(mail.outbox) == 1
    assert CallRequest.objects.get().confirmed_at is None

    answer = confirm(visitor)
    assert (answer.status_code, answer["Location"]) == (303, f"{TALK}on-its-way/")
    visitor.work()
    assert CallRequest.objects.get().confirmed_at == visitor.clock()
    assert mail.outbox[-1].to == [coach_mail]


def test_the_coachs_mail_is_a_link_and_says_nothing_of_the_person(
    visitor: Any, coach_mail: str
) -> None:
    ask(visitor, shares_story="on")
    visitor.work()
    confirm(visitor)
    visitor.work()
    message = mail.outbox[-1]
    request = CallRequest.objects.get()
    whole = message.subject + message.body + str(message.alternatives[0].content)
    for secret in ("Adaline", "ada@mail.test", "silence", "Lisbon", "0100"):
        assert secret not in whole
    assert reverse("funnel_call_requests:see", args=[request.pk]) in message.body
    assert "/leave/" not in whole


def test_without_an_address_the_coach_only_has_the_list(visitor: Any) -> None:
    ask(visitor)
    visitor.work()
    confirm(visitor)
    visitor.work()
    entry = OutboxEntry.objects.get(kind=OutboxKind.CALL_REQUEST_MAIL)
    assert entry.state == OutboxState.NOT_NEEDED
    assert "no address" in entry.advice
    assert len(mail.outbox) == 1


def test_a_second_press_changes_nothing(visitor: Any, coach_mail: str) -> None:
    ask(visitor)
    visitor.work()
    first = mail.outbox[-1]
    confirm(visitor)
    visitor.work()
    confirmed_at = CallRequest.objects.get().confirmed_at
    visitor.move(hours=2)
    again = visitor.client.post(links_of(first)[0], headers=ORIGIN)
    assert again.status_code == 303
    assert "already" in visitor.client.get(links_of(first)[0]).content.decode()
    visitor.work()
    assert CallRequest.objects.get().confirmed_at == confirmed_at
    assert [message.to[0] for message in mail.outbox] == ["ada@mail.test", coach_mail]


def test_a_mail_confirms_what_was_sent_before_it_and_nothing_later(visitor: Any) -> None:
    ask(visitor)
    visitor.work()
    first = mail.outbox[-1]
    visitor.move(minutes=5)
    ask(visitor, network=2, topic="A stranger’s words")
    visitor.client.post(links_of(first)[0], headers=ORIGIN)
    mine, strangers = CallRequest.objects.order_by("pk")
    assert mine.confirmed_at is not None
    assert strangers.confirmed_at is None


def test_a_link_for_something_else_or_too_old_opens_nothing(visitor: Any) -> None:
    visitor.become_confirmed()
    ask(visitor)
    visitor.work()
    message = mail.outbox[-1]
    token = links_of(message)[0].rstrip("/").rpartition("/")[2]
    for path in (f"/free-videos/confirm/{token}/", f"/free-videos/leave/{token}/"):
        assert visitor.client.get(path).status_code == 410
    videos_token = links_of(mail.outbox[-2])[0].rstrip("/").rpartition("/")[2]
    page = visitor.client.post(f"{TALK}confirm/{videos_token}/", headers=ORIGIN)
    assert page.status_code == 410
    assert f'href="{TALK}"' in page.content.decode()
    visitor.move(days=7)
    assert visitor.client.post(links_of(message)[0], headers=ORIGIN).status_code == 410
    assert CallRequest.objects.get().confirmed_at is None


def test_a_press_from_another_website_confirms_nothing(visitor: Any) -> None:
    ask(visitor)
    visitor.work()
    link = links_of(mail.outbox[-1])[0]
    answer = visitor.client.post(link, headers={"Origin": "https://elsewhere.test"})
    assert answer.status_code == 403
    assert CallRequest.objects.get().confirmed_at is None


def test_nothing_of_a_request_stands_in_addresses_or_attempts(visitor: Any) -> None:
    ask(visitor)
    visitor.work()
    told = str(list(OutboxEntry.objects.values())) + str(list(SyncAttempt.objects.values()))
    for secret in ("Adaline", "silence", "Lisbon", "mail.test"):
        assert secret not in told
    assert "ada" not in links_of(mail.outbox[-1])[0].replace("free-videos", "").lower()[:20]


def test_the_booking_page_opens_only_by_a_press_that_says_so(visitor: Any) -> None:
    assert "booking page" not in visitor.client.get(TALK).content.decode()
    settings = FunnelSettings.load()
    settings.booking_url = "https://calendar.test/coach"
    settings.save()
    html = visitor.client.get(TALK).content.decode()
    [link] = re.findall(r'<a [^>]*href="https://calendar\.test/coach"[^>]*>[^<]*</a>', html)
    assert "Open the booking page at calendar.test" in link
    assert "noreferrer" in link
    assert html.count("calendar.test/coach") == 1
    assert html.index("not your pattern to break") < html.index("calendar.test/coach")


def test_two_requests_of_one_moment_are_both_kept(visitor: Any, now: Any) -> None:
    from funnel.addresses import parse_address

    for topic in ("one", "two"):
        record_call_request(
            address=parse_address("ada@mail.test"), wishes=CallWishes(topic=topic), now=now
        )
    assert CallRequest.objects.count() == 2
    assert OutboxEntry.objects.filter(kind=OutboxKind.CALL_CONFIRM_MAIL).count() == 1


def test_only_a_confirmed_request_stops_the_mails_that_follow(visitor: Any) -> None:
    lead = visitor.become_confirmed()
    visitor.move(hours=2)
    before = stop_reason(lead=lead, now=visitor.clock())
    ask(visitor)
    visitor.work()
    assert stop_reason(lead=lead, now=visitor.clock()) == before
    confirm(visitor)
    assert "asked for a conversation" in stop_reason(lead=lead, now=visitor.clock())
