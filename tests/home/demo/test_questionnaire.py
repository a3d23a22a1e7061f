"""The demo's questionnaire: complete, fair to every cycle, given once, and led to."""

import json
from datetime import datetime, timedelta
from functools import partial

import pytest
from django.test import Client

from funnel.models import Assessment, AssessmentVersion, CallToAction, StuckCycle
from funnel.queries.assessments import most_possible
from home.demo.loader import CONTENT, prepare_demo_site
from home.demo.questionnaire import follow_site_url, give_questionnaire
from home.services.starter_content import Starter
from tests.factories.pages import SITE_URL

WRITTEN = json.loads((CONTENT / "questionnaire.json").read_text(encoding="utf-8"))


def test_eight_questions_with_a_straight_answer_for_every_cycle() -> None:
    assert len(WRITTEN["questions"]) == 8
    for question in WRITTEN["questions"]:
        assert 4 <= len(question["answers"]) <= 5
        leading = [
            max(each["points"], key=each["points"].get)
            for each in question["answers"]
            if each["points"]
        ]
        assert sorted(leading) == ["criticism", "desperation", "reactive", "resentment"]
        assert "'" not in question["text"] + "".join(each["text"] for each in question["answers"])


@pytest.mark.django_db
def test_it_is_published_once_and_every_cycle_can_reach_as_much(now: datetime) -> None:
    give = partial(give_questionnaire, content=CONTENT, offers=[])
    give(now=now)
    version = AssessmentVersion.objects.get()
    assert version.published_at == now
    assert most_possible(version.content) == dict.fromkeys(
        StuckCycle.objects.values_list("code", flat=True), 24
    )
    give(now=now + timedelta(days=1))
    assert (Assessment.objects.count(), AssessmentVersion.objects.count()) == (1, 1)


@pytest.mark.django_db
def test_the_front_page_leads_to_it_on_whatever_port(client: Client, now: datetime) -> None:
    prepare_demo_site(starter=Starter(now=now), site_url=SITE_URL)
    assert f"{SITE_URL}/free-videos/which-cycle/" in client.get("/").content.decode()
    follow_site_url("http://localhost:9999")
    link = CallToAction.objects.get(name="Eight questions").link_url
    moved = SITE_URL.startswith("http://localhost")
    assert link == f"{'http://localhost:9999' if moved else SITE_URL}/free-videos/which-cycle/"
