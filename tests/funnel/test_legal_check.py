"""Before production sends anything, `check --deploy` says what a mail could not say yet."""

from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import SystemCheckError
from django.db import DatabaseError

from funnel.checks import check_who_answers_for_mails
from funnel.models import FunnelSettings

TOLD = {"legal_name": "Holt LLC", "postal_address": "1 Street", "privacy_page": "/privacy/"}


@pytest.fixture
def public(settings: Any) -> None:
    settings.FUNNEL = {**settings.FUNNEL, "SITE_URL": "https://www.holt.test"}


@pytest.mark.django_db
@pytest.mark.parametrize("missing", TOLD)
def test_each_of_the_three_is_asked_for(public: None, missing: str) -> None:
    FunnelSettings.load()
    FunnelSettings.objects.update(**{**TOLD, missing: " "})
    [complaint] = check_who_answers_for_mails()
    assert complaint.id == "funnel.E009"
    label = str(getattr(FunnelSettings._meta.get_field(missing), "verbose_name", ""))
    assert label in complaint.msg


@pytest.mark.django_db
def test_who_has_said_it_all_hears_nothing(public: None) -> None:
    FunnelSettings.load()
    FunnelSettings.objects.update(**TOLD)
    assert list(check_who_answers_for_mails()) == []


@pytest.mark.django_db
def test_a_site_that_nobody_has_set_up_hears_of_all_three_in_deploy_only(public: None) -> None:
    FunnelSettings.objects.all().delete()
    call_command("check", "--tag", "security")
    with pytest.raises(SystemCheckError, match=r"legal name, postal address, .*privacy page"):
        call_command("check", "--deploy", "--tag", "security")


@pytest.mark.django_db
def test_a_site_on_this_machine_hears_nothing() -> None:
    FunnelSettings.objects.all().delete()
    assert list(check_who_answers_for_mails()) == []


def test_a_database_that_is_away_is_left_to_others(
    public: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away() -> None:
        raise DatabaseError

    monkeypatch.setattr(FunnelSettings.objects, "first", away)
    assert list(check_who_answers_for_mails()) == []
