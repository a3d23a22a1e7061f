"""My data: a fresh link, asked for, half an hour, once; and what a person does behind it."""

import json
import re
from datetime import UTC, datetime
from typing import Any

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from funnel.choices import CallRequestState, CycleSource, LinkPurpose, OutboxKind, SenderChoice
from funnel.models import (
    CallRequest,
    Consent,
    CycleStatement,
    FunnelSettings,
    Lead,
    OutboxEntry,
    PrivateLink,
    StuckCycle,
    Suppression,
    VideoProgress,
)
from funnel.services.erasure import request_erasure
from funnel.services.leaving import leave
from funnel.services.links import create_link
from tests.factories.leads import CallToActionFactory, VideoFactory, lead_with_story
from tests.factories.people import (
    AssessmentResultFactory,
    CallRequestFactory,
    CycleStatementFactory,
)
from tests.funnel.conftest import ORIGIN

ASK = "/free-videos/my-data/"
SEE = f"{ASK}see/"


def ask(visitor: Any, address: str = "ada@mail.test", network: int = 1) -> Any:
    """Ask for the fresh link on the public page."""
    return visitor.client.post(
        ASK, {"email": address}, headers=ORIGIN, REMOTE_ADDR=f"10.8.{network}.1"
    )


def fresh_link(visitor: Any, lead: Lead) -> str:
    """The path of a fresh link for a lead."""
    _, token = create_link(purpose=LinkPurpose.MY_DATA, lead=lead, opt_in=None, now=visitor.clock())
    return f"{ASK}open/{token}/"


def open_page(visitor: Any, lead: Lead) -> Client:
    """A browser in which a lead's page is open."""
    client = Client()
    answer = client.post(fresh_link(visitor, lead), headers=ORIGIN)
    assert (answer.status_code, answer["Location"]) == (303, SEE)
    return client


def press(client: Client, act: str, **data: str) -> Any:
    """Press one of the page's buttons."""
    return client.post(SEE, {"act": act, **data}, headers=ORIGIN)


@pytest.fixture
def told(visitor: Any) -> Lead:
    """A lead about whom everything is kept that can be."""
    cycle = StuckCycle.objects.get(code="desperation")
    lead = lead_with_story(
        address="ada@mail.test",
        first_name="Ada",
        current_cycle=cycle,
        opt_in__call_to_action=CallToActionFactory(heading="Begin alone"),
        opt_in__utm_source="spring-letter",
        created_at=datetime(2026, 5, 1, 9, tzinfo=UTC),
    )
    CycleStatementFactory(lead=lead, cycle=cycle)
    AssessmentResultFactory(lead=lead, opt_in=lead.opt_ins.get(), cycle=cycle)
    CallRequestFactory(
        lead=lead, topic="The silence after supper", phone="+1 555 0100", note="Sounds tired."
    )
    VideoProgress.objects.create(
        lead=lead, video=VideoFactory(title="Asking"), quarter=3, began_at=lead.created_at
    )
    return lead


class TestAskingForTheLink:
    def test_the_page_sets_no_cookie_and_can_be_kept(self, visitor: Any) -> None:
        page = visitor.client.get(ASK)
        assert page.status_code == 200
        assert not page.cookies
        assert "no-store" not in page.headers.get("Cache-Control", "")
        assert "Whoever reads your mailbox can ask for it too" in page.content.decode()

    def test_the_answer_is_the_same_for_every_address(self, visitor: Any) -> None:
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
                answer = ask(visitor, f"{kind}@mail.test", network=number)
            answers.add((answer.status_code, answer.content, str(sorted(answer.headers.items()))))
            statements.add(tuple(query["sql"].split(" ", 1)[0] for query in queries))
        assert len(answers) == 1
        assert len(statements) == 1

    def test_a_known_address_gets_a_mail_whatever_became_of_it(self, visitor: Any) -> None:
        gone = visitor.become_confirmed("ada@mail.test")
        leave(lead_id=gone.pk, now=visitor.clock())
        mail.outbox.clear()
        ask(visitor)
        visitor.work()
        [message] = mail.outbox
        assert message.to == ["ada@mail.test"]
        assert "/my-data/open/" in message.body
        assert "my data" not in message.subject.lower()

    def test_an_unknown_address_gets_none_and_is_kept_nowhere(self, visitor: Any) -> None:
        ask(visitor, "nobody@mail.test")
        visitor.work()
        assert mail.outbox == []
        assert not Lead.objects.exists()
        assert not OutboxEntry.objects.exists()

    def test_a_bad_address_is_said_to_be_one(self, visitor: Any) -> None:
        page = ask(visitor, "ada@")
        assert page.status_code == 422
        assert "complete email address" in page.content.decode()

    def test_a_mailbox_is_not_flooded(self, visitor: Any) -> None:
        visitor.become_confirmed()
        mail.outbox.clear()
        for number in range(8):
            ask(visitor, network=number)
            visitor.work()
            visitor.move(minutes=5)
        assert len(mail.outbox) == 1


class TestTheFreshLink:
    def test_a_scanner_does_not_use_it_up(self, visitor: Any, told: Lead) -> None:
        link = fresh_link(visitor, told)
        for _ in range(3):
            page = visitor.client.get(link)
            assert page.status_code == 200
            assert not page.cookies
            for secret in ("ada@mail.test", "Ada", "supper"):
                assert secret not in page.content.decode()
        assert visitor.client.post(link, headers=ORIGIN).status_code == 303

    def test_it_opens_once(self, visitor: Any, told: Lead) -> None:
        link = fresh_link(visitor, told)
        assert visitor.client.post(link, headers=ORIGIN).status_code == 303
        again = Client().post(link, headers=ORIGIN)
        assert again.status_code == 410
        assert f'href="{ASK}"' in again.content.decode()
        assert Client().get(link).status_code == 410

    def test_it_opens_for_half_an_hour(self, visitor: Any, told: Lead) -> None:
        link = fresh_link(visitor, told)
        visitor.move(minutes=30)
        assert visitor.client.post(link, headers=ORIGIN).status_code == 410

    def test_the_page_stays_open_for_half_an_hour(self, visitor: Any, told: Lead) -> None:
        client = open_page(visitor, told)
        visitor.move(minutes=29)
        assert client.get(SEE).status_code == 200
        visitor.move(minutes=1)
        assert client.get(SEE).status_code == 410

    def test_a_later_link_ends_the_page_that_an_earlier_one_opened(
        self, visitor: Any, told: Lead
    ) -> None:
        first, unopened = open_page(visitor, told), fresh_link(visitor, told)
        second = open_page(visitor, told)
        assert second.get(SEE).status_code == 200
        assert first.get(SEE).status_code == 410
        assert Client().post(unopened, headers=ORIGIN).status_code == 410

    def test_the_cookie_is_bound_to_the_page_and_says_nothing(
        self, visitor: Any, told: Lead
    ) -> None:
        [cookie] = visitor.client.post(fresh_link(visitor, told), headers=ORIGIN).cookies.values()
        assert (cookie["path"], cookie["httponly"], cookie["samesite"]) == (SEE, True, "Lax")
        assert (cookie["max-age"], cookie["expires"]) == ("", "")
        assert "ada" not in cookie.value.lower()

    def test_a_press_from_another_website_opens_nothing(self, visitor: Any, told: Lead) -> None:
        link = fresh_link(visitor, told)
        answer = visitor.client.post(link, headers={"Origin": "https://elsewhere.test"})
        assert answer.status_code == 403
        assert visitor.client.post(link, headers=ORIGIN).status_code == 303

    def test_the_quick_exit_closes_it(self, visitor: Any, told: Lead) -> None:
        client = open_page(visitor, told)
        client.post("/free-videos/close/", headers=ORIGIN)
        assert client.get(SEE).status_code == 410

    def test_a_cookie_made_up_or_for_the_videos_opens_nothing(self, visitor: Any) -> None:
        visitor.become_confirmed()
        videos = visitor.client.cookies["videos"].value
        for value in (videos, "1", ""):
            client = Client()
            client.cookies["my_data"] = value
            assert client.get(SEE).status_code == 410

    def test_a_link_for_something_else_opens_nothing(self, visitor: Any) -> None:
        visitor.become_confirmed()
        for link in visitor.links():
            token = link.rstrip("/").rpartition("/")[2]
            assert Client().post(f"{ASK}open/{token}/", headers=ORIGIN).status_code == 410


class TestWhatIsKept:
    def test_it_is_all_there_in_words(self, visitor: Any, told: Lead) -> None:
        html = open_page(visitor, told).get(SEE).content.decode()
        cycle = told.current_cycle
        assert cycle is not None
        for words in (
            "ada@mail.test",
            cycle.experience,
            "Why we keep having the same fight",
            "Begin alone",
            "spring-letter",
            "You get three videos by email, and a letter about twice a month.",
            "Confirmed by the link in the mail",
            "It is always me",
            "Asking",
            "3 of 4 quarters",
            "The silence after supper",
            "+1 555 0100",
            "Sounds tired.",
            "status, FNAME, CONSENTED",
            "cycle-reactive",
        ):
            assert words in html, words

    def test_nothing_of_somebody_else_is_there(self, visitor: Any, told: Lead) -> None:
        lead_with_story(address="grace@mail.test", first_name="Grace")
        assert "race" not in open_page(visitor, told).get(SEE).content.decode().replace("trace", "")

    def test_neither_page_nor_files_are_kept_by_anybody(self, visitor: Any, told: Lead) -> None:
        client = open_page(visitor, told)
        for path in (SEE, f"{SEE}records.json", f"{SEE}records.txt"):
            answer = client.get(path)
            assert answer.headers["Cache-Control"] == "no-store"
            assert answer.headers["Referrer-Policy"] == "same-origin"
            assert Client().get(path).status_code == 410

    def test_the_files_hold_everything_under_a_name_that_says_nothing(
        self, visitor: Any, told: Lead
    ) -> None:
        client = open_page(visitor, told)
        page = client.get(SEE).content.decode()
        as_json, as_text = client.get(f"{SEE}records.json"), client.get(f"{SEE}records.txt")
        assert as_json.headers["Content-Disposition"] == 'attachment; filename="records.json"'
        assert as_text.headers["Content-Disposition"] == 'attachment; filename="records.txt"'
        data = json.loads(as_json.content)
        assert data["about"]["Address"] == "ada@mail.test"
        assert data["calls"][0]["Topic"] == "The silence after supper"
        assert data["forms"][0]["utm source"] == "spring-letter"
        assert datetime.fromisoformat(data["consents"][0]["at"]).tzinfo is not None
        words = as_text.content.decode()
        for name, entries in data.items():
            for entry in [entries] if name == "about" else entries:
                for value in set(entry.values()) - {entry.get("at")}:
                    assert value in words, value
                    assert value.split("\n")[0].replace("’", "’") in page or "'" in value

    def test_text_from_outside_stays_text(self, visitor: Any, told: Lead) -> None:
        CallRequest.objects.update(topic="<script>alert(1)</script>")
        html = open_page(visitor, told).get(SEE).content.decode()
        assert "<script>alert" not in html
        assert "&lt;script&gt;alert" in html

    def test_looking_changes_nothing(self, visitor: Any, told: Lead) -> None:
        client = open_page(visitor, told)
        with CaptureQueriesContext(connection) as queries:
            for path in (SEE, f"{SEE}records.json", f"{SEE}records.txt"):
                client.get(path)
        assert {query["sql"].split(" ", 1)[0] for query in queries} == {"SELECT"}


class TestChanging:
    def test_name_cycle_and_frequency(self, visitor: Any, told: Lead) -> None:
        client = open_page(visitor, told)
        answer = press(
            client, "change", first_name="Adaline", cycle="resentment", frequency="one_mail"
        )
        assert answer.status_code == 303
        told.refresh_from_db()
        assert (told.first_name, told.wants_one_mail) == ("Adaline", True)
        assert told.current_cycle == StuckCycle.objects.get(code="resentment")
        newest = CycleStatement.objects.filter(lead=told).first()
        assert newest is not None
        assert (newest.source, newest.at) == (CycleSource.CHANGED, visitor.clock())
        assert CycleStatement.objects.filter(lead=told).count() == 2
        assert OutboxEntry.objects.filter(lead=told, kind=OutboxKind.MEMBER, state="pending")
        assert "Your changes are saved" in client.get(answer["Location"]).content.decode()

    def test_what_is_not_changed_adds_no_statement(self, visitor: Any, told: Lead) -> None:
        press(open_page(visitor, told), "change", first_name="Ada", cycle="desperation")
        assert CycleStatement.objects.filter(lead=told).count() == 1

    def test_the_sender_where_there_is_a_choice(self, visitor: Any, told: Lead) -> None:
        assert 'name="sender_choice"' not in open_page(visitor, told).get(SEE).content.decode()
        settings = FunnelSettings.load()
        settings.neutral_sender_name = "M. H."
        settings.save()
        press(open_page(visitor, told), "change", sender_choice="neutral", cycle="desperation")
        told.refresh_from_db()
        assert told.sender_choice == SenderChoice.NEUTRAL

    def test_a_refused_change_comes_back(self, visitor: Any, told: Lead) -> None:
        page = press(open_page(visitor, told), "change", cycle="no such cycle")
        assert page.status_code == 422
        assert "choose one of these sentences" in page.content.decode()

    def test_the_letters_end_and_the_videos_stay(self, visitor: Any, mail_service: Any) -> None:
        lead = visitor.become_confirmed()
        press(open_page(visitor, lead), "stop_letters")
        visitor.work()
        lead.refresh_from_db()
        assert (lead.stage, lead.receives_letters) == ("confirmed", False)
        assert mail_service.members["ada@mail.test"].status == "unsubscribed"
        newest = Consent.objects.filter(lead=lead).first()
        assert newest is not None
        assert (newest.step, newest.covers_letters, newest.covers_videos) == (
            "withdrawn",
            True,
            False,
        )

    def test_a_pause_begins_and_ends(self, visitor: Any, told: Lead) -> None:
        client = open_page(visitor, told)
        press(client, "pause_month")
        told.refresh_from_db()
        assert told.paused_until is not None
        assert (told.paused_until - visitor.clock()).days == 30
        assert "End the pause" in client.get(SEE).content.decode()
        press(client, "end_pause")
        told.refresh_from_db()
        assert told.paused_until is None

    def test_the_coach_no_longer_sees_the_story(self, visitor: Any, told: Lead) -> None:
        CallRequest.objects.update(shares_story=True)
        press(open_page(visitor, told), "stop_showing_story")
        assert not CallRequest.objects.get().shares_story

    def test_a_request_for_a_call_is_taken_back_but_only_ones_own(
        self, visitor: Any, told: Lead
    ) -> None:
        other = CallRequestFactory(state=CallRequestState.NEW)
        own = told.call_requests.get()
        client = open_page(visitor, told)
        for number in (other.pk, own.pk, "x", "9" * 30):
            assert press(client, "take_back_call", call=str(number)).status_code == 303
        assert list(CallRequest.objects.all()) == [other]

    def test_an_unknown_act_or_another_websites_does_nothing(
        self, visitor: Any, told: Lead
    ) -> None:
        client = open_page(visitor, told)
        assert press(client, "").status_code == 303
        assert press(client, "anything").status_code == 303
        away = {"Origin": "https://elsewhere.test"}
        assert client.post(SEE, {"act": "erase", "sure": "1"}, headers=away).status_code == 403
        told.refresh_from_db()
        assert told.stage == "confirmed"
        assert not OutboxEntry.objects.filter(kind=OutboxKind.ERASURE).exists()

    def test_the_page_can_be_closed(self, visitor: Any, told: Lead) -> None:
        client = open_page(visitor, told)
        kept_cookie = client.cookies["my_data"].value
        assert press(client, "close")["Location"] == ASK
        assert client.get(SEE).status_code == 410
        client.cookies["my_data"] = kept_cookie
        assert client.get(SEE).status_code == 410


class TestErasing:
    def test_one_press_is_not_enough_without_the_box(self, visitor: Any, told: Lead) -> None:
        assert press(open_page(visitor, told), "erase")["Location"] == f"{SEE}#erase"
        assert Lead.objects.filter(pk=told.pk).exists()

    def test_everything_goes_here_and_at_the_mail_service(
        self, visitor: Any, mail_service: Any
    ) -> None:
        lead = visitor.become_confirmed()
        CallRequestFactory(lead=lead)
        client = open_page(visitor, lead)
        links = visitor.links()
        answer = press(client, "erase", sure="1")
        assert (answer.status_code, answer["Location"]) == (303, f"{ASK}erased/")
        assert client.get(SEE).status_code == 410
        assert [Client().get(link).status_code for link in links] == [410] * len(links)
        visitor.work()
        assert not Lead.objects.exists()
        assert not CallRequest.objects.exists()
        assert not PrivateLink.objects.exists()
        assert "ada@mail.test" not in mail_service.members
        assert Suppression.objects.get().reason == "erased"

    def test_the_page_after_it_knows_nobody(self, visitor: Any) -> None:
        page = visitor.client.get(f"{ASK}erased/")
        assert page.status_code == 200
        assert not page.cookies
        assert re.search(r"proof, write to us", page.content.decode())

    def test_a_mail_that_was_already_claimed_no_longer_goes(
        self, visitor: Any, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """The worker holds the entry when the erasure is asked for, and has not begun."""
        from funnel.services import delivery

        lead = visitor.become_confirmed()
        ask(visitor)
        mail.outbox.clear()
        renew = delivery._renew

        def erased_meanwhile(claim: Any, *, now: datetime) -> bool:
            if claim.entry.kind == OutboxKind.MY_DATA_MAIL:
                request_erasure(lead_id=lead.pk, now=now)
            return renew(claim, now=now)

        monkeypatch.setattr(delivery, "_renew", erased_meanwhile)
        visitor.work()
        assert mail.outbox == []
        monkeypatch.undo()
        visitor.move(minutes=5)
        visitor.work()
        assert not Lead.objects.exists()
