"""The receipt of consent, and the list of who is about to be removed."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from funnel.choices import ConsentMode, ConsentStep
from funnel.models import FunnelSettings, Lead
from tests.factories.leads import (
    ConsentFactory,
    ConsentWordingFactory,
    LeadFactory,
    OptInFactory,
    SuppressionFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def lead() -> Lead:
    """Somebody who agreed with the box left unticked, confirmed, and left."""
    wording = ConsentWordingFactory(
        mode=ConsentMode.SEPARATE_LETTERS,
        promise="You agree to get three videos.",
        letters_label="I would like letters, too.",
    )
    lead: Lead = LeadFactory()
    opt_in = OptInFactory(lead=lead, page_title="Where were you", page_path="/articles/where/")
    for step in (ConsentStep.REQUESTED, ConsentStep.CONFIRMED):
        ConsentFactory(lead=lead, opt_in=opt_in, wording=wording, step=step, covers_letters=False)
    return lead


def _receipt(client: Client, lead: Lead, name: str) -> str:
    response = client.get(reverse(f"wagtailsnippets_funnel_lead:{name}", args=[lead.pk]))
    assert response.status_code == 200
    assert "no-store" in response.headers["Cache-Control"]
    return response.content.decode()


@pytest.mark.parametrize("name", ["receipt", "receipt_text"])
def test_a_receipt_holds_the_exact_words_the_page_and_both_steps(
    marketing: Client, lead: Lead, name: str
) -> None:
    told = _receipt(marketing, lead, name)
    for words in (
        lead.address,
        "You agree to get three videos.",
        "I would like letters, too. (The box was left unticked.)",
        "Where were you /articles/where/",
        "Pressed the button of the form",
        "Opened the link in the mail",
    ):
        assert words in told


def test_a_receipt_tells_of_leaving(marketing: Client, lead: Lead) -> None:
    SuppressionFactory(address_key=lead.address_key)
    assert "Unsubscribed: by" in _receipt(marketing, lead, "receipt_text")


def test_a_coach_reads_a_receipt_and_takes_none_away(coach: Client, lead: Lead) -> None:
    assert "take it along" not in _receipt(coach, lead, "receipt")
    response = coach.get(reverse("wagtailsnippets_funnel_lead:receipt_text", args=[lead.pk]))
    assert response.status_code in (302, 403)


def test_the_list_names_who_goes_why_and_when(marketing: Client) -> None:
    LeadFactory(
        pending=True,
        address="leaving@people.test",
        created_at=timezone.now() - timedelta(days=25),
    )
    page = marketing.get(reverse("funnel_retention:index")).content.decode()
    assert "leaving@people.test" in page
    assert "Never pressed the button of the mail" in page


def test_an_empty_list_says_what_fills_it(marketing: Client) -> None:
    page = marketing.get(reverse("funnel_retention:index")).content.decode()
    assert "Nobody is removed within the next 30 days" in page


def test_who_may_not_read_leads_sees_no_list(coach: Client) -> None:
    settings = FunnelSettings.load()
    settings.coaches_read_leads = False
    settings.save()
    assert coach.get(reverse("funnel_retention:index")).status_code in (302, 403)
    assert "Retention" not in coach.get(reverse("wagtailadmin_home")).content.decode()
