"""The list of leads: facts, filters, and the same number of queries for any number of rows."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from funnel.choices import LeadStage, OutboxState
from funnel.models import Lead, Segment, StuckCycle
from funnel.queries.lead_facts import facts_of
from tests.factories.leads import (
    CallToActionFactory,
    ConsentFactory,
    LeadFactory,
    MemberRecordFactory,
    OptInFactory,
    OutboxEntryFactory,
    SegmentFactory,
    lead_with_story,
)

pytestmark = pytest.mark.django_db

LIST = reverse("wagtailsnippets_funnel_lead:list")


def addresses(client: Client, query: dict[str, Any]) -> set[str]:
    response = client.get(LIST, query)
    assert response.status_code == 200
    return {lead.address for lead in response.context["object_list"]}


def test_the_list_says_what_marketing_asks_first(marketing: Client) -> None:
    lead = lead_with_story(
        first_name="Ada",
        current_cycle=StuckCycle.objects.get(code="reactive"),
        opt_in__call_to_action=CallToActionFactory(name="Three videos"),
        opt_in__page_title="The same fight again",
    )
    page = marketing.get(LIST).content.decode()
    for fact in (
        lead.address,
        "Ada",
        "Confirmed",
        "Reactive cycle",
        "The same fight again",
        "Three videos",
        "In Mailchimp as subscribed",
        "tags: cycle-reactive, offer-free-videos",
        "You get three videos by email",
    ):
        assert fact in page, fact


def test_source_is_that_of_the_confirmed_opt_in_and_not_of_a_later_stranger(
    marketing: Client,
) -> None:
    lead = lead_with_story(opt_in__page_title="Confirmed here")
    OptInFactory(
        lead=lead,
        page_title="Typed here by somebody",
        submitted_at=datetime(2027, 1, 1, tzinfo=UTC),
    )
    (row,) = marketing.get(LIST).context["object_list"]
    assert facts_of(row).opt_in.page_title == "Confirmed here"  # type: ignore[union-attr]


def test_every_filter_keeps_whom_it_names(marketing: Client) -> None:
    reactive = StuckCycle.objects.get(code="reactive")
    action = CallToActionFactory()
    match = LeadFactory(
        current_cycle=reactive,
        unsubscribed=True,
        created_at=datetime(2026, 5, 3, 15, tzinfo=UTC),
    )
    OptInFactory(lead=match, call_to_action=action, page_id=41, page_title="Page 41")
    OutboxEntryFactory(lead=match, state=OutboxState.NEEDS_ATTENTION)
    other = lead_with_story(created_at=datetime(2026, 1, 1, tzinfo=UTC), opt_in__page_id=42)
    segment = SegmentFactory(cycle=reactive, stage=LeadStage.UNSUBSCRIBED, call_to_action=action)
    for query in (
        {"segment": segment.pk},
        {"stage": "unsubscribed"},
        {"current_cycle": reactive.pk},
        {"call_to_action": action.pk},
        {"page": "41"},
        {"created_at_from": "2026-05-03", "created_at_to": "2026-05-03"},
        {"sync": "needs_attention"},
    ):
        assert addresses(marketing, query) == {match.address}, query
    assert addresses(marketing, {}) == {match.address, other.address}
    assert addresses(marketing, {"sync": "in_step"}) == {other.address}
    assert addresses(marketing, {"current_cycle": "null"}) == {other.address}


def test_words_in_the_address_bar_find_nobody(marketing: Client) -> None:
    LeadFactory.create_batch(2)
    assert len(addresses(marketing, {"q": Lead.objects.first().address})) == 2  # type: ignore[union-attr]
    assert "search" not in str(marketing.get(LIST).context.get("search_form"))


def test_thirty_leads_take_as_many_queries_as_three(marketing: Client) -> None:
    def queries_of(url: str, query: dict[str, str]) -> int:
        with CaptureQueriesContext(
            connection,
        ) as captured:
            response = marketing.get(url, query)
            list(response.streaming_content) if response.streaming else response.content
        assert response.status_code == 200
        return len(captured)

    urls = [
        (LIST, {}),
        (LIST, {"export": "csv"}),
        (LIST, {"export": "xlsx"}),
        (reverse("funnel_consent_modeladmin_index"), {}),
        (reverse("funnel_consent_modeladmin_index"), {"export": "csv"}),
        (reverse("funnel_syncattempt_modeladmin_index"), {}),
        (reverse("funnel_syncattempt_modeladmin_index"), {"export": "csv"}),
    ]
    cycles = list(StuckCycle.objects.all())
    for number in range(3):
        lead_with_story(current_cycle=cycles[number % 4])
    for url, query in urls:
        queries_of(url, query)
    few = {(url, str(query)): queries_of(url, query) for url, query in urls}
    for number in range(27):
        lead_with_story(current_cycle=cycles[number % 4])
    many = {(url, str(query)): queries_of(url, query) for url, query in urls}
    assert many == few


def test_segments_count_in_one_query(marketing: Client) -> None:
    url = reverse("funnel_segment_modeladmin_index")
    marketing.get(url)
    with CaptureQueriesContext(connection) as few:
        marketing.get(url)
    SegmentFactory.create_batch(20, call_to_action=CallToActionFactory())
    with CaptureQueriesContext(connection) as many:
        marketing.get(url)
    assert len(many) == len(few)


@pytest.mark.parametrize(
    ("state", "facts", "sentence"),
    [
        (OutboxState.PENDING, {}, "Waiting to be sent to Mailchimp."),
        (
            OutboxState.PENDING,
            {"attempts": 2, "due_at": datetime(2026, 5, 3, 16, 5, tzinfo=UTC)},
            "Waiting: tried 2 times, next try 3 May, 12:05.",
        ),
        (
            OutboxState.IN_FLIGHT,
            {"token": "t", "lease_until": datetime(2026, 5, 3, tzinfo=UTC)},
            "Being sent to Mailchimp just now.",
        ),
        (OutboxState.NEEDS_ATTENTION, {"advice": "Ask her."}, "Needs attention: Ask her."),
        (
            OutboxState.NOT_NEEDED,
            {},
            "Not in Mailchimp: this person has not agreed to letters.",
        ),
    ],
)
def test_sync_state_is_a_sentence(
    marketing: Client, state: str, facts: dict[str, Any], sentence: str
) -> None:
    OutboxEntryFactory(state=state, **facts)
    assert sentence in marketing.get(LIST).content.decode()


def test_a_member_with_a_change_on_its_way_says_both(marketing: Client) -> None:
    lead = LeadFactory()
    OutboxEntryFactory(lead=lead)
    MemberRecordFactory(lead=lead, synced_at=datetime(2026, 5, 3, 16, tzinfo=UTC), tags=[])
    assert (
        "Waiting to be sent to Mailchimp. In Mailchimp as subscribed, as of 3 May 2026, "
        "no tags." in marketing.get(LIST).content.decode()
    )


def test_empty_lists_say_what_fills_them(marketing: Client) -> None:
    assert "Nobody has asked for the videos yet" in marketing.get(LIST).content.decode()
    assert (
        "Nobody matches these filters" in marketing.get(LIST, {"stage": "pending"}).content.decode()
    )
    for model, words in (
        ("consent", "Nobody has agreed to anything yet"),
        ("syncattempt", "Nothing has been sent yet"),
    ):
        page = marketing.get(reverse(f"funnel_{model}_modeladmin_index")).content.decode()
        assert words in page
    Segment.objects.all().delete()
    assert (
        "Make the first one"
        in marketing.get(reverse("funnel_segment_modeladmin_index")).content.decode()
    )


def test_opening_a_segment_shows_its_leads(marketing: Client) -> None:
    reactive = StuckCycle.objects.get(code="reactive")
    inside = LeadFactory(current_cycle=reactive)
    LeadFactory()
    segment = Segment.objects.get(cycle=reactive)
    listing = marketing.get(reverse("funnel_segment_modeladmin_index"))
    opened = f"{LIST}?segment={segment.pk}"
    assert f'href="{opened}"' in listing.content.decode()
    (row,) = [row for row in listing.context["object_list"] if row.pk == segment.pk]
    assert row.lead_count == 1
    assert addresses(marketing, {"segment": segment.pk}) == {inside.address}
    inspect = marketing.get(reverse("funnel_segment_modeladmin_inspect", args=(segment.pk,)))
    assert inspect["Location"] == opened


def test_marketing_makes_changes_and_deletes_a_segment(marketing: Client) -> None:
    create = reverse("funnel_segment_modeladmin_create")
    form = {"name": "May", "seen_from": "2026-05-01", "seen_until": "2026-05-31"}
    assert marketing.get(create).status_code == 200
    assert marketing.post(create, form).status_code == 302
    segment = Segment.objects.get(name="May")
    edit = reverse("funnel_segment_modeladmin_edit", args=(segment.pk,))
    wrong = marketing.post(edit, {**form, "seen_until": "2026-04-01"})
    assert "The first day lies after the last one." in wrong.content.decode()
    marketing.post(edit, {**form, "stage": "confirmed"})
    segment.refresh_from_db()
    assert segment.stage == "confirmed"
    marketing.post(reverse("funnel_segment_modeladmin_delete", args=(segment.pk,)))
    assert not Segment.objects.filter(name="May").exists()


def test_a_strange_lookup_is_ignored_and_a_broken_filter_forgiven(marketing: Client) -> None:
    consent = ConsentFactory()
    url = reverse("funnel_consent_modeladmin_index")
    nobody = marketing.get(url, {"lead__address__startswith": "nobody"})
    assert [row.pk for row in nobody.context["object_list"]] == [consent.pk]
    assert marketing.get(url, {"step__exact": "requested"}).context["result_count"] == 0
    assert marketing.get(url, {"covers_letters__exact": "\x00boo"}).status_code in (200, 302)
