"""The files themselves: what is in them, who gets them, and what the site remembers of it."""

import csv
import io
import json
from collections.abc import Callable
from typing import Any

import openpyxl
import pytest
from django.http import HttpResponseBase
from django.test import Client
from django.urls import reverse
from wagtail.models import ModelLogEntry

from funnel.models import FunnelSettings, StuckCycle
from tests.factories.leads import LeadFactory, lead_with_story

pytestmark = pytest.mark.django_db

LIST = reverse("wagtailsnippets_funnel_lead:list")
FILES = (
    LIST,
    reverse("wagtailsnippets_funnel_lead:list_results"),
    reverse("funnel_segment_modeladmin_index"),
    reverse("funnel_consent_modeladmin_index"),
    reverse("funnel_syncattempt_modeladmin_index"),
)
NASTY = {
    "first_name": "=cmd|' /C calc'!A0\x0b",
    "opt_in__page_title": '＝HYPERLINK("http://x.test")',
    "opt_in__utm_source": "@SUM(1;=2)",
}


def body(response: HttpResponseBase) -> bytes:
    return b"".join(response) if response.streaming else response.content  # type: ignore[attr-defined, call-overload]


def csv_rows(response: HttpResponseBase) -> list[dict[str, str]]:
    text = body(response).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def xlsx_rows(response: HttpResponseBase) -> list[dict[str, Any]]:
    sheet = openpyxl.load_workbook(io.BytesIO(body(response))).active
    assert sheet is not None
    assert not any(cell.data_type == "f" for row in sheet.iter_rows() for cell in row)
    headings, *rows = sheet.iter_rows(values_only=True)
    return [dict(zip(map(str, headings), row, strict=True)) for row in rows]


def test_both_files_hold_the_same_safe_facts(marketing: Client) -> None:
    lead_with_story(
        **NASTY, current_cycle=StuckCycle.objects.get(code="resentment"), shares_cycle=False
    )
    (row,) = csv_rows(marketing.get(LIST, {"export": "csv"}))
    (same,) = xlsx_rows(marketing.get(LIST, {"export": "xlsx"}))
    assert row["First name"] == "'=cmd|' /C calc'!A0"
    assert row["Source page"] == '\'＝HYPERLINK("http://x.test")'
    assert row["UTM source"] == "'@SUM(1;'=2)"
    assert row["Cycle"] == "Resentment cycle"
    assert row["Agreed to share the cycle with Mailchimp"] == "no"
    assert row["Withdrawn"] == ""
    assert row["Words agreed to"].startswith("You get three videos")
    assert len(row["Version of the words"]) == 8
    assert row["Mailchimp"].startswith("In Mailchimp as subscribed")
    moment = same["Confirmed by the mail’s link"]
    assert f"{moment:%Y-%m-%d %H:%M}" == row["Confirmed by the mail’s link"]
    for heading, cell in row.items():
        assert not cell.startswith(("=", "+", "-", "@", "\t", "\r")), heading


@pytest.mark.parametrize("url", FILES)
@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_marketing_gets_every_file_and_each_is_logged_without_data(
    marketing: Client, url: str, kind: str
) -> None:
    lead = lead_with_story(**NASTY)
    response = marketing.get(url, {"export": kind})
    assert response.status_code == 200
    assert f".{kind}" in response["Content-Disposition"]
    rows = csv_rows(response) if kind == "csv" else xlsx_rows(response)
    entry = ModelLogEntry.objects.get(action="funnel.export")
    assert entry.user is not None
    assert entry.user.username == "marketing"
    assert entry.data["count"] == len(rows) > 0
    assert entry.data["format"] == kind
    assert "Downloaded" in entry.message
    told = json.dumps(entry.data) + entry.label + entry.message + response["Content-Disposition"]
    assert lead.address not in told
    assert lead.first_name not in told


@pytest.mark.parametrize("url", FILES)
@pytest.mark.parametrize("kind", ["csv", "xlsx"])
@pytest.mark.parametrize("role", ["Coach", "editor"])
def test_nobody_else_gets_a_file(
    login: Callable[[str], Client], role: str, url: str, kind: str
) -> None:
    lead_with_story()
    client = login(role)
    assert "export=" not in client.get(url).content.decode()
    refused = client.get(url, {"export": kind})
    assert refused.status_code == 302
    assert refused["Location"] == "/admin/"
    assert not ModelLogEntry.objects.filter(action="funnel.export").exists()


def test_reading_without_the_export_permission_gives_no_file(marketing: Client) -> None:
    from django.contrib.auth.models import Group, Permission

    Group.objects.get(name="Marketing").permissions.remove(
        Permission.objects.get(codename="export_lead")
    )
    assert marketing.get(LIST).status_code == 200
    for url in FILES:
        assert marketing.get(url, {"export": "csv"}).status_code == 302


def test_a_filtered_list_gives_a_filtered_file(marketing: Client) -> None:
    LeadFactory(pending=True)
    kept = LeadFactory(unsubscribed=True)
    (row,) = csv_rows(marketing.get(LIST, {"export": "csv", "stage": "unsubscribed"}))
    assert row["Email address"] == kept.address


def test_the_settings_of_reading_decide_for_coaches(login: Callable[[str], Client]) -> None:
    lead = lead_with_story()
    page = reverse("wagtailsnippets_funnel_lead:inspect", args=(lead.pk,))
    coach = login("Coach")
    assert lead.address in coach.get(LIST).content.decode()
    assert lead.address in coach.get(page).content.decode()
    settings = FunnelSettings.load()
    settings.coaches_read_leads = False
    settings.save()
    for url in (LIST, page, *FILES):
        refused = coach.get(url)
        assert refused.status_code == 302
        assert refused["Location"] == "/admin/"
    assert lead.address in login("Marketing").get(LIST).content.decode()


UNKNOWN_FILTERS = [
    {"segment": "99999"},
    {"segment": "abc"},
    {"stage": "zzz"},
    {"stage": ["pending", "zzz"]},
    {"sync": "zzz"},
    {"current_cycle": "99999"},
    {"call_to_action": "abc"},
    {"page": "99999"},
    {"created_at_from": "yesterday"},
]


@pytest.mark.parametrize("query", UNKNOWN_FILTERS)
@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_an_unknown_filter_gives_no_file_and_not_everybody(
    marketing: Client, query: dict[str, Any], kind: str
) -> None:
    lead_with_story()
    for url in FILES[:2]:
        response = marketing.get(url, {"export": kind, **query})
        assert response.status_code == 400
        assert "filter" in response.content.decode()
    assert not ModelLogEntry.objects.filter(action="funnel.export").exists()


@pytest.mark.parametrize("query", UNKNOWN_FILTERS)
def test_an_unknown_filter_lists_nobody_and_says_why(
    marketing: Client, query: dict[str, Any]
) -> None:
    lead = lead_with_story()
    for url in FILES[:2]:
        page = marketing.get(url, query).content.decode()
        assert lead.address not in page
        assert "One of these filters is not known" in page


def test_an_unknown_filter_tells_nothing_to_those_who_may_not_read(
    login: Callable[[str], Client],
) -> None:
    assert login("editor").get(LIST, {"export": "csv", "segment": "abc"}).status_code == 302
