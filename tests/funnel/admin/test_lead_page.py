"""One lead's page, the search for a person, and names that try to be script."""

from collections.abc import Callable
from datetime import datetime

import pytest
from django.test import Client
from django.urls import NoReverseMatch, reverse

from funnel.choices import SuppressionReason
from funnel.models import Consent, Lead, Segment, StuckCycle
from tests.factories.leads import (
    CallToActionFactory,
    LeadFactory,
    OptInFactory,
    OutboxEntryFactory,
    SuppressionFactory,
    SyncAttemptFactory,
    lead_with_story,
)
from tests.factories.watching import opted_in, progress_of, run_of, series_of

pytestmark = pytest.mark.django_db

FIND = reverse("wagtailsnippets_funnel_lead:find")
SCRIPT = "<script>alert(1)</script>"


def page_of(lead: Lead) -> str:
    return reverse("wagtailsnippets_funnel_lead:inspect", args=(lead.pk,))


def test_a_leads_page_tells_its_whole_story(marketing: Client) -> None:
    first, second = StuckCycle.objects.all()[:2]
    lead = lead_with_story(current_cycle=second, opt_in__utm_campaign="spring")
    OptInFactory(lead=lead, stated_cycle=first, page_title="An older article")
    SuppressionFactory(address_key=lead.address_key, reason=SuppressionReason.BOUNCED)
    SuppressionFactory(address_key="somebody.else@mail.test", source="not this lead’s")
    OutboxEntryFactory.create(
        lead=LeadFactory(), needs_attention=True, advice="About somebody else."
    )
    SyncAttemptFactory(lead=lead, status=429, title="Too many requests")
    page = marketing.get(page_of(lead)).content.decode()
    consent = Consent.objects.filter(lead=lead).first()
    assert consent is not None
    assert consent.wording is not None
    for fact in (
        lead.address,
        first.name,
        second.name,
        "An older article",
        "spring",
        consent.wording.promise,
        "Agreed on the form",
        "Confirmed by the link in the mail",
        "Mail bounced",
        "429",
        "Too many requests",
        "In Mailchimp as subscribed",
    ):
        assert fact in page, fact
    assert "not this lead’s" not in page
    assert "About somebody else." not in page


def test_a_leads_page_says_in_words_what_was_watched(marketing: Client, now: datetime) -> None:
    series = series_of(2)
    first, second = series.videos.all()
    opt_in = opted_in(series)
    page = page_of(opt_in.lead)
    assert "<p>None.</p>" in marketing.get(page).content.decode().partition("Videos watched")[2]
    run_of(opt_in, started_at=now)
    assert "None was begun" in marketing.get(page).content.decode()
    progress_of(opt_in.lead, first, quarter=4, began_at=now)
    progress_of(opt_in.lead, second, quarter=2, began_at=now)
    progress_of(LeadFactory(), second, quarter=3, began_at=now)
    told = " ".join(marketing.get(page).content.decode().split())
    assert f"{series.name}: open since 4 May 2026" in told
    assert "“Part 1”: watched (begun on 4 May 2026" in told
    assert "“Part 2”: half of it watched (begun on 4 May 2026" in told
    assert "three quarters" not in told


def test_a_name_that_is_script_is_only_a_name(marketing: Client) -> None:
    lead = lead_with_story(
        first_name=SCRIPT,
        opt_in__page_title=SCRIPT,
        opt_in__page_path=f"/{SCRIPT}",
        opt_in__utm_source=SCRIPT,
        opt_in__call_to_action=CallToActionFactory(name=SCRIPT),
    )
    OutboxEntryFactory(lead=LeadFactory(), needs_attention=True, advice=SCRIPT)
    SyncAttemptFactory(lead=lead, title=SCRIPT, fields=SCRIPT)
    Segment.objects.create(name=SCRIPT, description=SCRIPT)
    consent = Consent.objects.filter(lead=lead).first()
    attempt = lead.sync_attempts.first()
    assert consent is not None
    assert attempt is not None
    for url in (
        reverse("wagtailsnippets_funnel_lead:list"),
        page_of(lead),
        reverse("funnel_segment_modeladmin_index"),
        reverse("funnel_consent_modeladmin_index"),
        reverse("funnel_consent_modeladmin_inspect", args=(consent.pk,)),
        reverse("funnel_syncattempt_modeladmin_index"),
        reverse("funnel_syncattempt_modeladmin_inspect", args=(attempt.pk,)),
    ):
        page = marketing.get(url).content.decode()
        assert SCRIPT not in page, url
    found = marketing.post(FIND, {"words": "script"}, follow=True).content.decode()
    assert SCRIPT not in found
    assert "&lt;script&gt;" in found


def test_what_uses_a_cycle_or_a_call_to_action_names_no_lead(admin_client: Client) -> None:
    lead = lead_with_story(
        current_cycle=StuckCycle.objects.first(), opt_in__call_to_action=CallToActionFactory()
    )
    opt_in = lead.opt_ins.get()
    for model, record in (
        ("stuckcycle", lead.current_cycle),
        ("calltoaction", opt_in.call_to_action),
    ):
        assert record is not None
        url = reverse(f"wagtailsnippets_funnel_{model}:usage", args=(record.pk,))
        page = admin_client.get(url)
        assert page.status_code == 200
        assert lead.address not in page.content.decode()
        assert list(page.context["object_list"]) == []


def test_one_match_opens_the_lead_by_its_number(marketing: Client) -> None:
    lead = LeadFactory(address="Élodie.Test@mail.test", first_name="Élodie")
    LeadFactory()
    for words in ("elodie.TEST".replace("e", "É", 1), "@mail.test", "élodie"):
        response = marketing.post(FIND, {"words": words})
        if words == "@mail.test":
            assert response.status_code == 200
            assert "2 people match" in response.content.decode()
        else:
            assert response["Location"] == page_of(lead)
        assert words not in response.get("Location", "")


def test_no_match_and_too_short_a_word_say_what_to_do(marketing: Client) -> None:
    LeadFactory()
    assert "Nobody matches" in marketing.post(FIND, {"words": "zzz"}).content.decode()
    assert "at least 2" in marketing.post(FIND, {"words": "a"}).content.decode()
    assert marketing.get(FIND, {"words": "reader"}).context["found"] is None


def test_the_list_stops_at_fifty(marketing: Client) -> None:
    LeadFactory.create_batch(52)
    response = marketing.post(FIND, {"words": "mail.test"})
    assert len(response.context["found"]) == 50
    assert "More than 50" in response.content.decode()


def test_who_may_not_read_learns_nothing(login: Callable[[str], Client]) -> None:
    lead = LeadFactory()
    editor = login("editor")
    unknown = editor.get(reverse("wagtailsnippets_funnel_lead:inspect", args=(999_999,)))
    known = editor.get(page_of(lead))
    assert (known.status_code, known["Location"]) == (unknown.status_code, unknown["Location"])
    assert editor.post(FIND, {"words": lead.address}).status_code == 302
    for model in ("consent", "syncattempt", "segment"):
        url = reverse(f"funnel_{model}_modeladmin_inspect", args=(999_999,))
        assert editor.get(url)["Location"] == "/admin/"
    assert "Funnel" not in editor.get("/admin/").content.decode()


@pytest.mark.parametrize(
    "name",
    [
        "wagtailsnippetchoosers_funnel_lead:choose",
        "wagtailsnippetchoosers_funnel_lead:choose_results",
        "wagtailsnippetchoosers_funnel_lead:chosen_multiple",
        "wagtailsnippets_funnel_lead:add",
        "wagtailsnippets_funnel_lead:edit",
        "wagtailsnippets_funnel_lead:delete",
        "wagtailsnippets_funnel_lead:copy",
        "wagtailsnippets_funnel_lead:history",
        "wagtailsnippets_funnel_lead:usage",
        "funnel_consent_modeladmin_create",
        "funnel_consent_modeladmin_edit",
        "funnel_consent_modeladmin_delete",
        "funnel_syncattempt_modeladmin_edit",
        "funnel_segment_modeladmin_history",
    ],
)
def test_what_must_not_be_has_no_address(name: str) -> None:
    for args in ((), (1,), ("1",)):
        with pytest.raises(NoReverseMatch):
            reverse(name, args=args)


@pytest.mark.parametrize("role", ["admin", "Marketing", "Coach", "editor"])
def test_no_bulk_act_on_leads_even_for_an_admin(login: Callable[[str], Client], role: str) -> None:
    from wagtail.admin.views.bulk_action.registry import bulk_action_registry

    lead = LeadFactory()
    actions = list(bulk_action_registry.get_bulk_actions_for_model("funnel", "lead"))
    assert [action.__name__ for action in actions] == ["NoBulkActionOnLeads"]
    client = login(role)
    url = reverse("wagtail_bulk_action", args=("funnel", "lead", "delete"))
    for response in (
        client.get(f"{url}?id={lead.pk}"),
        client.get(f"{url}?id=all"),
        client.post(f"{url}?id={lead.pk}"),
    ):
        assert response.status_code == 302
        assert lead.address not in response.content.decode()
    assert Lead.objects.filter(pk=lead.pk).exists()


@pytest.mark.parametrize(
    "page",
    ["consent/inspect", "syncattempt/inspect", "segment/inspect", "segment/edit", "segment/delete"],
)
@pytest.mark.parametrize("number", ["abc", "1_0", "٣", "9" * 30, "9" * 5000])
def test_what_is_no_number_is_no_page(
    login: Callable[[str], Client], page: str, number: str
) -> None:
    marketing, editor = login("Marketing"), login("editor")
    assert marketing.get(f"/admin/funnel/{page}/{number}/").status_code == 404
    refused = editor.get(f"/admin/funnel/{page}/{number}/")
    assert refused.status_code == 302
    assert refused["Location"] == "/admin/"
