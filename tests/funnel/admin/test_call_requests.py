"""The coach works through requests for a call; nobody else finds a way to them."""

import re
from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client

from funnel.choices import CallRequestState, ContactWay, OutboxKind
from funnel.models import CallRequest, FunnelSettings, StuckCycle, VideoProgress
from funnel.services.erasure import request_erasure
from tests.factories.leads import (
    LeadFactory,
    OutboxEntryFactory,
    SyncAttemptFactory,
    VideoFactory,
    lead_with_story,
)
from tests.factories.people import CallRequestFactory, CycleStatementFactory

pytestmark = pytest.mark.django_db

LIST = "/admin/funnel_call_requests/"


def shown(client: Client, path: str = LIST) -> str:
    """What somebody reads on a page of the admin."""
    answer = client.get(path)
    assert answer.status_code == 200
    html: str = answer.content.decode()
    return html[html.index("<main") :]


def page_of(request: CallRequest) -> str:
    """The address of a request's page."""
    return f"{LIST}{request.pk}/"


def test_an_empty_list_says_what_fills_it(coach: Client) -> None:
    html = shown(coach)
    assert "Nobody has asked for a call yet" in html
    assert "/free-videos/talk/" in html
    assert "where requests for a call go" in html


def test_new_ones_come_first_and_each_state_has_its_number(coach: Client) -> None:
    new = CallRequestFactory(name="Newcomer")
    CallRequestFactory(name="Old acquaintance", state=CallRequestState.MET)
    html = shown(coach)
    assert "Newcomer" in html
    assert "Old acquaintance" not in html
    assert "New (1)" in html
    assert "Met (1)" in html
    assert "Old acquaintance" in shown(coach, f"{LIST}?state=met")
    assert page_of(new) in html
    assert "No request stands under" in shown(coach, f"{LIST}?state=closed")
    assert "Newcomer" in shown(coach, f"{LIST}?state=no-such-state&p=99")


def test_who_has_waited_longest_stands_first(coach: Client) -> None:
    for name, day in (("Second", 2), ("First", 1)):
        CallRequestFactory(name=name, confirmed_at=datetime(2026, 5, day, tzinfo=UTC))
    html = shown(coach)
    assert html.index("First") < html.index("Second")


def test_an_unconfirmed_request_is_nobodys_to_see(coach: Client) -> None:
    request = CallRequestFactory(unconfirmed=True, name="Unproven")
    assert "Unproven" not in shown(coach)
    assert coach.get(page_of(request)).status_code == 404
    assert coach.post(page_of(request), {"state": "met"}).status_code == 404


def test_one_about_to_be_erased_is_gone(coach: Client, now: datetime) -> None:
    request = CallRequestFactory(name="Leaving")
    request_erasure(lead_id=request.lead_id, now=now)
    assert "Leaving" not in shown(coach)
    assert coach.get(page_of(request)).status_code == 404


def test_how_to_get_in_touch_stands_first(coach: Client) -> None:
    request = CallRequestFactory(
        contact_way=ContactWay.PHONE, phone="+1 555 0100", topic="How to\nbegin"
    )
    html = shown(coach, page_of(request))
    assert "By phone" in html
    assert "No. Leave none, and hang up if somebody else answers." in html
    order = ("How to get in touch", "+1 555 0100", "Weekday mornings", "How to<br>begin", "Note")
    assert [html.index(words) for words in order] == sorted(html.index(words) for words in order)
    CallRequest.objects.update(may_leave_voicemail=True)
    assert "Yes: a first name and a number, nothing else." in shown(coach, page_of(request))


class TestCycleAndVideos:
    @pytest.fixture
    def cycle(self) -> StuckCycle:
        cycle = StuckCycle.objects.get(code="desperation")
        cycle.name = "Asking and asking"
        cycle.save()
        return cycle

    def watched(self, lead: Any) -> None:
        VideoProgress.objects.create(
            lead=lead, video=VideoFactory(title="Why asking"), quarter=2, began_at=lead.created_at
        )

    def test_are_shown_where_the_person_wished_it(self, coach: Client, cycle: StuckCycle) -> None:
        lead = LeadFactory(current_cycle=cycle)
        CycleStatementFactory(lead=lead, cycle=cycle, at=datetime(2026, 4, 3, 12, tzinfo=UTC))
        self.watched(lead)
        html = shown(coach, page_of(CallRequestFactory(lead=lead, shares_story=True)))
        assert "Asking and asking" in html
        assert "since 3 April 2026" in html
        assert "Why asking: 2 of 4 quarters" in html

    def test_and_nowhere_else(self, coach: Client, cycle: StuckCycle) -> None:
        lead = LeadFactory(current_cycle=cycle)
        self.watched(lead)
        html = shown(coach, page_of(CallRequestFactory(lead=lead)))
        assert "Asking and asking" not in html
        assert "Why asking" not in html
        assert "did not ask for you to see these" in html

    def test_what_a_stranger_may_have_typed_is_left_out(
        self, coach: Client, cycle: StuckCycle
    ) -> None:
        lead = LeadFactory(pending=True, current_cycle=cycle)
        html = shown(coach, page_of(CallRequestFactory(lead=lead, shares_story=True)))
        assert "Asking and asking" not in html


def test_one_press_moves_it_on(coach: Client, now: datetime, time_machine: Any) -> None:
    time_machine.move_to(now, tick=False)
    request = CallRequestFactory()
    for state in ("answered", "met", "closed", "new"):
        html = shown(coach, page_of(request))
        assert f'value="{state}"' in html
        assert f'value="{request.state}"' not in html
        answer = coach.post(page_of(request), {"state": state}, follow=True)
        assert "The request now stands under" in answer.content.decode()
        request.refresh_from_db()
        assert (request.state, request.state_changed_at) == (state, now)


def test_looking_moves_nothing(coach: Client) -> None:
    request = CallRequestFactory()
    before = CallRequest.objects.values().get()
    coach.get(page_of(request), {"state": "met", "note": "x"})
    assert CallRequest.objects.values().get() == before


def test_a_note_is_kept(coach: Client) -> None:
    request = CallRequestFactory()
    coach.post(page_of(request), {"note": "Sounds tired.\nCall on Friday.\x07"})
    request.refresh_from_db()
    assert request.note == "Sounds tired.\nCall on Friday."
    assert "Sounds tired." in shown(coach, page_of(request))
    refused = coach.post(page_of(request), {"note": "a" * 5001})
    assert refused.status_code == 200
    request.refresh_from_db()
    assert request.note == "Sounds tired.\nCall on Friday."


def test_what_somebody_wrote_stays_text(coach: Client) -> None:
    attack = "<script>alert(1)</script>"
    request = CallRequestFactory(name=attack, topic=attack, times_that_suit=attack, note=attack)
    for path in (LIST, page_of(request)):
        assert "<script>alert" not in shown(coach, path)
    assert "&lt;script&gt;alert" in shown(coach, page_of(request))


def test_it_costs_the_same_for_many_as_for_one(
    coach: Client, django_assert_max_num_queries: Any
) -> None:
    CallRequestFactory.create_batch(30)
    coach.get(LIST)
    with django_assert_max_num_queries(25):
        coach.get(LIST)


class TestHiddenFromMarketing:
    @pytest.mark.parametrize("role", ["Marketing", "editor"])
    def test_no_list_no_page_no_line_in_the_menu(self, login: Any, role: str) -> None:
        request = CallRequestFactory(name="Private matter")
        client = login(role)
        for answer in (
            client.get(LIST),
            client.get(page_of(request)),
            client.get(f"{LIST}999/"),
            client.post(page_of(request), {"state": "met"}),
        ):
            assert answer.status_code == 302
            assert answer["Location"] == "/admin/"
        assert "funnel_call_requests" not in client.get("/admin/").content.decode()
        request.refresh_from_db()
        assert request.state == CallRequestState.NEW

    def test_the_coach_and_an_admin_have_it_in_the_menu(self, login: Any) -> None:
        for role in ("Coach", "admin"):
            assert LIST in login(role).get("/admin/").content.decode()

    def test_the_coach_has_it_also_where_coaches_read_no_leads(self, coach: Client) -> None:
        settings = FunnelSettings.load()
        settings.coaches_read_leads = False
        settings.save()
        assert "Nobody has asked" in shown(coach)

    def test_neither_a_leads_page_nor_the_attempts_tell_of_one(self, marketing: Client) -> None:
        lead = lead_with_story()
        CallRequestFactory(lead=lead)
        for kind in (OutboxKind.CALL_CONFIRM_MAIL, OutboxKind.CALL_REQUEST_MAIL):
            OutboxEntryFactory(lead=lead, kind=kind, delivered=True)
            SyncAttemptFactory(lead=lead, kind=kind)
        attempt = lead.sync_attempts.filter(kind=OutboxKind.CALL_REQUEST_MAIL).get()
        pages = [f"/admin/snippets/funnel/lead/inspect/{lead.pk}/", "/admin/funnel/syncattempt/"]
        for path in pages:
            rows = re.findall(r"<td[^>]*>.*?</td>", shown(marketing, path), re.DOTALL)
            assert any("mail service" in row for row in rows)
            assert not [row for row in rows if "request for a call" in row]
        inspect = marketing.get(f"/admin/funnel/syncattempt/inspect/{attempt.pk}/")
        assert inspect.status_code in {302, 403, 404}
        export = marketing.get("/admin/funnel/syncattempt/?export=csv")
        assert "request for a call" not in b"".join(export.streaming_content).decode()

    def test_who_only_asked_for_a_call_is_no_lead_of_theirs(self, marketing: Client) -> None:
        only_talks = CallRequestFactory(lead=LeadFactory(pending=True)).lead
        asked_for_videos = lead_with_story()
        CallRequestFactory(lead=asked_for_videos)
        html = shown(marketing, "/admin/snippets/funnel/lead/")
        assert asked_for_videos.address in html
        assert only_talks.address not in html
        page = marketing.get(f"/admin/snippets/funnel/lead/inspect/{only_talks.pk}/")
        assert page.status_code == 404
        export = marketing.get("/admin/snippets/funnel/lead/?export=csv")
        assert only_talks.address not in b"".join(export.streaming_content).decode()
        found = marketing.post("/admin/snippets/funnel/lead/find/", {"words": only_talks.address})
        assert found.status_code == 200
        assert "Nobody matches" in found.content.decode()
        retention = marketing.get("/admin/funnel_retention/")
        assert only_talks.address not in retention.content.decode()
