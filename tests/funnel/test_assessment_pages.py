"""The questionnaire's page and a result: for anybody, kept nowhere, without a script."""

import re
from datetime import datetime
from html import unescape
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from funnel.models import AssessmentResult, AssessmentVersion, Lead, OptIn, StuckCycle
from funnel.services.assessments import publish_assessment
from tests.factories.assessments import THREE_QUESTIONS, make_assessment, published
from tests.factories.leads import CallToActionFactory

pytestmark = pytest.mark.django_db
PLACE = "/free-videos/which-cycle/"


def send(client: Client, version: AssessmentVersion, *answers: int | None) -> Any:
    """Send a sheet as a browser does: what was left is not there."""
    chosen = {f"q{number}": each for number, each in enumerate(answers) if each is not None}
    return client.post(PLACE, {"version": version.pk, **chosen})


def text_of(answer: Any) -> str:
    return unescape(answer.content.decode())


def main_of(answer: Any) -> str:
    return text_of(answer).partition("<main")[2].partition("</main>")[0]


class TestTheQuestions:
    def test_the_newest_version_is_one_page_of_fieldsets(self, client: Client, now: Any) -> None:
        published(now)
        answer = client.get(reverse("funnel:assessment"))
        page = main_of(answer)
        assert page.count("<fieldset") == page.count("<legend>") == 3
        assert page.count('type="radio"') == 10
        for question, answers in THREE_QUESTIONS.items():
            assert question in page
            assert all(each in page for each in answers)
        assert "checked" not in page
        assert "required" not in page

    def test_nothing_is_kept_comes_first_and_help_before_the_questions(
        self, client: Client, now: Any
    ) -> None:
        published(now)
        page = main_of(client.get(PLACE))
        order = [page.index(each) for each in ("Nothing is kept", 'class="support', "<fieldset")]
        assert order == sorted(order)

    def test_the_page_is_the_same_for_everybody_and_sets_no_cookie(
        self, client: Client, now: Any
    ) -> None:
        published(now)
        answer = client.get(PLACE)
        assert answer.status_code == 200
        assert not answer.cookies
        assert "Cookie" not in answer.get("Vary", "")
        assert "csrfmiddlewaretoken" not in text_of(answer)
        assert "no-store" not in answer.get("Cache-Control", "")
        assert client.get(PLACE).content == answer.content

    def test_points_stay_with_the_coach(self, client: Client, now: Any) -> None:
        published(now)
        page = main_of(client.get(PLACE))
        assert not any(code in page for code in ("reactive", "resentment", "desperation"))

    def test_without_a_questionnaire_the_page_says_where_to_go(self, client: Client) -> None:
        answer = client.get(PLACE)
        assert answer.status_code == 200
        assert "no questions here at the moment" in text_of(answer)
        assert reverse("funnel:opt_in") in main_of(answer)
        assert client.post(PLACE, {"q0": "1"}).status_code == 200

    def test_an_answer_sent_to_an_earlier_version_is_read_by_it(
        self, client: Client, now: datetime
    ) -> None:
        first = published(now)
        other = make_assessment({"New?": {"Yes": {"resentment": 9}, "No": {"resentment": 9}}})
        publish_assessment(assessment_id=other.pk, now=now.replace(day=5))
        assert "We explode" not in main_of(client.get(PLACE))
        answer = send(client, first, 1, 1)
        assert f'value="{first.pk}:1,1,-"' in main_of(answer)


class TestAnEmptySheet:
    def test_it_comes_back_with_a_kind_sentence_that_has_the_focus(
        self, client: Client, now: Any
    ) -> None:
        answer = send(client, published(now))
        assert answer.status_code == 422
        assert answer["Cache-Control"] == "no-store"
        page = main_of(answer)
        assert "No answer was chosen" in page
        summary = re.search(r'<div class="error-summary"[^>]*>', page)
        assert summary is not None
        assert 'tabindex="-1" autofocus' in summary[0]
        assert 'href="#q0-0"' in page
        assert 'id="q0-0"' in page

    @pytest.mark.parametrize("odd", ["99", "-1", "x", "", "0" * 5000, "\x00"])
    def test_what_is_no_answer_is_none(self, client: Client, now: Any, odd: str) -> None:
        version = published(now)
        assert client.post(PLACE, {"version": version.pk, "q0": odd}).status_code == 422

    @pytest.mark.parametrize("odd", ["", "0", "-1", "9" * 400, "\x00", "x"])
    def test_an_unknown_version_is_read_as_the_newest(
        self, client: Client, now: Any, odd: str
    ) -> None:
        published(now)
        assert client.post(PLACE, {"version": odd, "q0": "1"}).status_code == 200


class TestTheResult:
    def experience(self, code: str) -> str:
        return StuckCycle.objects.get(code=code).experience

    def test_it_comes_before_any_address_and_is_kept_nowhere(
        self, client: Client, now: Any
    ) -> None:
        answer = send(client, published(now), 1, 1, None)
        assert (answer.status_code, answer["Cache-Control"]) == (200, "no-store")
        assert not answer.cookies
        page = main_of(answer)
        assert page.index(f"“{self.experience('criticism')}”") < page.index('name="email"')
        for model in (Lead, OptIn, AssessmentResult):
            assert not model.objects.exists()

    @pytest.mark.parametrize(
        ("answers", "heading", "shares"),
        [
            ((1, 1, None), "One pattern, fairly clearly", ["Mostly"]),
            ((0, 2, 2), "Two patterns, about equally", ["About equally", "About equally"]),
            ((0, 0, 1), "Mostly one pattern, and some of another", ["Mostly", "Some of this"]),
            ((None, None, 2), "None of these patterns, by your answers", []),
        ],
    )
    def test_it_is_honest_about_how_clear_it_is(
        self, client: Client, now: Any, answers: Any, heading: str, shares: list[str]
    ) -> None:
        page = main_of(send(client, published(now), *answers))
        assert f"<h1>{heading}</h1>" in page
        assert re.findall(r'assessment__share">([^<]+)<', page) == shares

    def test_nobody_has_to_read_a_name_for_herself(self, client: Client, now: Any) -> None:
        page = main_of(send(client, published(now), 2, 2, None))
        cycle = StuckCycle.objects.get(code="desperation")
        assert cycle.experience in page
        assert cycle.name not in page.partition('name="email"')[0]

    def test_few_answers_are_called_a_hint(self, client: Client, now: Any) -> None:
        version = published(now)
        assert "hint at most" in main_of(send(client, version, 1, None, None))
        assert "hint at most" not in main_of(send(client, version, 1, 1, None))

    def test_the_form_suggests_and_chooses_nothing(self, client: Client, now: Any) -> None:
        version = published(now)
        page = main_of(send(client, version, 1, 1, None))
        assert f"Your answers suggest “{self.experience('criticism')}”" in page
        assert "checked" not in page
        assert f'name="answers" value="{version.pk}:1,1,-"' in page
        assert "kept with your address" in page
        tie = main_of(send(client, version, 0, 2, None))
        assert "Your answers suggest" not in tie

    def test_the_invitation_under_it_is_the_coachs(self, client: Client, now: Any) -> None:
        invitation = CallToActionFactory(heading="For whoever answered")
        page = main_of(send(client, published(now, call_to_action=invitation), 1))
        assert "For whoever answered" in page
        assert f'name="call_to_action" value="{invitation.pk}"' in page
        assert 'name="answers"' in page

    def test_it_says_where_help_is(self, client: Client, now: Any) -> None:
        page = main_of(send(client, published(now), 1))
        assert page.index("not your pattern to break") < page.index("assessment__share")
        assert 'id="where-help-is"' in page

    def test_nothing_shares_it(self, client: Client, now: Any) -> None:
        page = main_of(send(client, published(now), 1)).lower()
        assert "share" not in page.replace("assessment__share", "")
        assert "mailto:?" not in page

    def test_a_mistyped_address_keeps_the_answers_in_the_form(self, visitor: Any, now: Any) -> None:
        sheet = f"{published(now).pk}:1,1,-"
        answer = visitor.opt_in("not an address", answers=sheet)
        assert answer.status_code == 422
        assert f'name="answers" value="{sheet}"' in answer.content.decode()

    @settings(
        max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
    )
    @given(
        st.dictionaries(
            st.sampled_from(["version", "q0", "q1", "q2", "q3", "q"]),
            st.one_of(st.text(max_size=20), st.integers(-2, 12).map(str)),
        )
    )
    def test_no_sheet_breaks_it(self, client: Client, data: dict[str, str]) -> None:
        if not AssessmentVersion.objects.exists():
            published(datetime.fromisoformat("2026-05-04T21:30:00+00:00"))
        answer = client.post(PLACE, data)
        assert answer.status_code in (200, 422)
        assert "no-store" in answer["Cache-Control"]
