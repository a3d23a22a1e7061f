"""The page about privacy, in its first version, says what this software stores, and all of it."""

import re

import pytest
from django.apps import apps
from django.db import models
from django.test import Client
from django.urls import reverse

from cms.models import SiteSettings
from funnel import models as funnel
from home.demo import content_format as fmt
from home.models import HomePage
from home.services.starter_pages import CONTENT
from tests.home.demo.reading import all_texts

# Every table about a person, and the words with which the page owns up to it.
SAID_OF_TABLES: dict[type[models.Model], str] = {
    funnel.Lead: "your email address, and your first name",
    funnel.OptIn: "When you send the form, we write down",
    funnel.Consent: "the exact wording of what you agreed to",
    funnel.OutboxEntry: "which mails to you are still to be sent",
    funnel.SyncAttempt: "each try at sending one",
    funnel.MemberRecord: "what Mailchimp has been told and which tags of ours stand there",
    funnel.PrivateLink: "for each private link in a mail a fingerprint of it",
    funnel.Suppression: "a scrambled code of your address with a date",
    funnel.SeriesRun: "your way through the series is kept with your entry",
    funnel.VideoProgress: "which video you opened and how far you came",
    funnel.CycleStatement: "the pattern you named, each time with its date",
    funnel.AssessmentResult: "do your answers come along, with the result",
    funnel.CallRequest: "we keep what you wrote in that form",
}
# Opens a lead's rows to its erasure, and is gone when that is over.
PASSING = {funnel.ErasurePermit}

# The same for each fact that a submitted form leaves.
SAID_OF_OPT_INS = {
    "submitted_at": "when you sent the form",
    "first_name": "your first name if you gave one",
    "stated_cycle": "the pattern you chose",
    "call_to_action": "which invitation on it you answered",
    "call_to_action_variant": "in which words you saw it",
    "page_id": "the page you were on",
    "page_title": "the page you were on",
    "page_path": "the page you were on",
    "landing_path": "the page your visit began with",
    "sender_choice": "how our mails are to show up in your mailbox",
    "wants_one_mail": "whether you want a single one",
    "time_zone": "the time zone of your device",
    "is_disposable": "whether your address is one of those that people throw away",
    "referring_host": "the name of the site that brought you",
    **dict.fromkeys(
        [f"utm_{name}" for name in ("source", "medium", "campaign", "content", "term")],
        "UTM parameters",
    ),
}


@pytest.fixture(scope="module")
def words() -> str:
    """All the words of the page."""
    return " ".join(all_texts(fmt.read_document(CONTENT / "pages" / "privacy.md")))


def _is_about_a_person(model: type[models.Model]) -> bool:
    fields = model._meta.get_fields()
    return (
        model is funnel.Lead
        or any(
            getattr(field, "related_model", None) is funnel.Lead
            for field in fields
            if isinstance(field, models.ForeignKey | models.OneToOneField)
        )
        or any(
            "address" in field.name
            for field in fields
            if isinstance(field, models.CharField) and model is not funnel.FunnelSettings
        )
    )


def test_every_table_about_a_person_is_owned_up_to(words: str) -> None:
    about = {
        model for model in apps.get_app_config("funnel").get_models() if _is_about_a_person(model)
    }
    assert about - PASSING == set(SAID_OF_TABLES)
    for model, said in SAID_OF_TABLES.items():
        assert said in words, model


def test_every_fact_of_a_form_is_owned_up_to(words: str) -> None:
    facts = {
        field.name
        for field in funnel.OptIn._meta.concrete_fields
        if field.name not in ("id", "lead")
    }
    assert facts == set(SAID_OF_OPT_INS)
    for fact, said in SAID_OF_OPT_INS.items():
        assert said in words, fact


@pytest.mark.django_db
def test_the_terms_and_who_carries_what_come_from_the_settings(
    client: Client, home: HomePage
) -> None:
    settings = funnel.FunnelSettings.load()
    settings.unconfirmed_days, settings.retention_months = 21, 18
    settings.legal_name, settings.mail_host = "Sample Coaching LLC", "Postcarrier Inc."
    settings.save()
    page = client.get(SiteSettings.load().privacy_page.url).content.decode()
    for told in ("21 days", "18 months", "Sample Coaching LLC", "Postcarrier Inc.", "Mailchimp"):
        assert told in page


@pytest.mark.django_db
def test_a_reader_leaves_with_no_cookie_and_nothing_loaded_from_elsewhere(
    client: Client, home: HomePage
) -> None:
    facts = SiteSettings.load()
    for page in (home, facts.privacy_page, facts.safety_page, facts.videos_page):
        answer = client.get(page.url)
        assert not answer.cookies, page
        html = answer.content.decode()
        sources = re.findall(r'(?:src|srcset|poster)="(https?:[^"]+)"', html)
        sources += re.findall(
            r'<link[^>]+rel="(?:stylesheet|preload|icon)"[^>]+href="(https?:[^"]+)"', html
        )
        assert not sources, page
    assert (
        "Pages that anybody can open set no cookie"
        in client.get(facts.privacy_page.url).content.decode()
    )


@pytest.mark.django_db
def test_every_form_leads_to_it(client: Client, home: HomePage) -> None:
    address = SiteSettings.load().privacy_page.url
    for path in ("/videos/", reverse("funnel:opt_in")):
        form = client.get(path).content.decode().partition("<form")[2].partition("</form>")[0]
        assert f'href="{address}"' in form, path
