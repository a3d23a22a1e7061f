"""What a coach writes for the funnel, and what stops a deletion."""

import pytest
from django.test import Client
from django.urls import reverse

from funnel.models import CallToAction, FunnelSettings, StuckCycle, VideoSeries
from tests.factories.leads import (
    CallToActionFactory,
    LeadFactory,
    OptInFactory,
    SegmentFactory,
    VideoFactory,
)

pytestmark = pytest.mark.django_db


def admin_url(model: str, view: str, *args: int) -> str:
    return reverse(f"wagtailsnippets_funnel_{model}:{view}", args=args)


def test_a_coach_makes_and_changes_a_call_to_action(coach: Client) -> None:
    form = {
        "name": "Three videos",
        "heading": "Stuck?",
        "button_label": "Send them",
        "goal": "opt_in",
        "variants-TOTAL_FORMS": "0",
        "variants-INITIAL_FORMS": "0",
    }
    assert coach.post(admin_url("calltoaction", "add"), form).status_code == 302
    made = CallToAction.objects.get(name="Three videos")
    coach.post(admin_url("calltoaction", "edit", made.pk), {**form, "heading": "Changed"})
    made.refresh_from_db()
    assert made.heading == "Changed"


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_call_to_action_that_brought_people_stays_with_a_friendly_word(
    coach: Client, method: str
) -> None:
    action = CallToActionFactory()
    OptInFactory.create_batch(2, call_to_action=action)
    SegmentFactory(call_to_action=action)
    url = admin_url("calltoaction", "delete", action.pk)
    response = getattr(coach, method)(url, follow=True)
    page = response.content.decode()
    assert "stays, because" in page
    assert "2 opt-ins" in page
    assert "1 segment" in page
    assert CallToAction.objects.filter(pk=action.pk).exists()
    bulk = reverse("wagtail_bulk_action", args=("funnel", "calltoaction", "delete"))
    assert "stays, because" in coach.post(f"{bulk}?id={action.pk}", follow=True).content.decode()
    assert CallToAction.objects.filter(pk=action.pk).exists()


def test_an_unused_call_to_action_goes(coach: Client) -> None:
    action = CallToActionFactory()
    coach.post(admin_url("calltoaction", "delete", action.pk))
    assert not CallToAction.objects.filter(pk=action.pk).exists()


def test_a_coach_rewords_a_cycle_and_nothing_more(coach: Client) -> None:
    cycle = StuckCycle.objects.get(code="reactive")
    form = {
        "name": "Reactive",
        "experience": "We explode",
        "description": "",
        "sort_order": "9",
        "code": "changed",
        "mailchimp_tag": "changed",
    }
    assert coach.post(admin_url("stuckcycle", "edit", cycle.pk), form).status_code == 302
    cycle.refresh_from_db()
    assert (cycle.experience, cycle.sort_order) == ("We explode", 9)
    assert (cycle.code, cycle.mailchimp_tag) == ("reactive", "cycle-reactive")
    for view, args in (("add", ()), ("delete", (cycle.pk,))):
        assert coach.post(admin_url("stuckcycle", view, *args))["Location"] == "/admin/"


def test_a_used_cycle_stays_even_for_an_admin(admin_client: Client) -> None:
    cycle = StuckCycle.objects.get(code="reactive")
    LeadFactory(current_cycle=cycle)
    page = admin_client.post(admin_url("stuckcycle", "delete", cycle.pk), follow=True)
    assert "stays, because" in page.content.decode()
    assert StuckCycle.objects.filter(pk=cycle.pk).exists()


def test_a_series_with_private_files_opens_and_saves(coach: Client) -> None:
    video = VideoFactory()
    url = admin_url("videoseries", "edit", video.series.pk)
    page = coach.get(url).content.decode()
    assert "There is a MP4 file already" in page
    assert video.file.name not in page
    form = {
        "name": "Renamed",
        "title": "T",
        "mailchimp_tag": video.series.mailchimp_tag,
        "release": "a_day_apart",
        "videos-TOTAL_FORMS": "1",
        "videos-INITIAL_FORMS": "1",
        "videos-MIN_NUM_FORMS": "0",
        "videos-MAX_NUM_FORMS": "1000",
        "videos-0-id": str(video.pk),
        "videos-0-title": "New title",
        "videos-0-duration_seconds": "300",
        "videos-0-ORDER": "1",
    }
    assert coach.post(url, form).status_code == 302
    name = video.file.name
    video.refresh_from_db()
    assert (video.title, video.file.name) == ("New title", name)
    series = VideoSeries.objects.get(pk=video.series.pk)
    assert (series.name, series.release) == ("Renamed", "a_day_apart")
    assert "One a day" in coach.get(admin_url("videoseries", "list")).content.decode()


@pytest.mark.parametrize("role", ["Coach", "Marketing"])
def test_only_an_admin_decides_who_reads_leads(login, admin_client: Client, role: str) -> None:  # type: ignore[no-untyped-def]
    settings = FunnelSettings.load()
    url = reverse("wagtailsettings:edit", args=("funnel", "funnelsettings", settings.pk))
    form = {
        "sender_name": "Changed",
        "sequence_owner": settings.sequence_owner,
        "unconfirmed_days": settings.unconfirmed_days,
        "retention_months": settings.retention_months,
        "consent_mode": settings.consent_mode,
        "one_promise": settings.one_promise,
        "videos_promise": settings.videos_promise,
        "letters_label": settings.letters_label,
    }
    client = login(role)
    assert "coaches_read_leads" not in client.get(url).content.decode()
    client.post(url, form)
    settings.refresh_from_db()
    assert (settings.sender_name, settings.coaches_read_leads) == ("Changed", True)
    admin_client.post(url, form)
    settings.refresh_from_db()
    assert settings.coaches_read_leads is False
