"""The coach writes a questionnaire, publishes it, and looks at what was published before."""

from datetime import datetime
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from funnel.models import Assessment, AssessmentVersion, StuckCycle
from tests.factories.assessments import make_assessment, published

pytestmark = pytest.mark.django_db


def url(view: str, *args: int) -> str:
    return reverse(f"wagtailsnippets_funnel_assessment:{view}", args=args)


def management(prefix: str, total: int, initial: int = 0) -> dict[str, str]:
    return {f"{prefix}-TOTAL_FORMS": str(total), f"{prefix}-INITIAL_FORMS": str(initial)}


def points(code: str) -> str:
    return f"points_{StuckCycle.objects.get(code=code).pk}"


def written() -> dict[str, str]:
    """One question with two answers, as the form sends it."""
    return {
        "title": "Which cycle?",
        "introduction": "",
        **management("questions", 1),
        "questions-0-text": "Six o’clock?",
        "questions-0-ORDER": "1",
        **management("questions-0-answers", 2),
        "questions-0-answers-0-text": "Loud",
        "questions-0-answers-0-ORDER": "1",
        f"questions-0-answers-0-{points('reactive')}": "3",
        "questions-0-answers-1-text": "Quiet",
        "questions-0-answers-1-ORDER": "2",
        f"questions-0-answers-1-{points('resentment')}": "2",
        f"questions-0-answers-1-{points('criticism')}": "0",
    }


def reopened(assessment: Assessment) -> dict[str, Any]:
    """What the form of a saved questionnaire would send if nothing were touched."""
    data: dict[str, Any] = {"title": assessment.title, "introduction": assessment.introduction}
    questions = sorted(assessment.questions.all(), key=lambda row: row.sort_order)
    data |= management("questions", len(questions), len(questions))
    for number, question in enumerate(questions):
        prefix = f"questions-{number}"
        answers = sorted(question.answers.all(), key=lambda row: row.sort_order)
        data |= {f"{prefix}-id": question.pk, f"{prefix}-text": question.text}
        data |= {f"{prefix}-ORDER": number + 1}
        data |= management(f"{prefix}-answers", len(answers), len(answers))
        for place, answer in enumerate(answers):
            inner = f"{prefix}-answers-{place}"
            data |= {f"{inner}-id": answer.pk, f"{inner}-text": answer.text}
            data |= {f"{inner}-ORDER": place + 1}
            data |= {f"{inner}-points_{row.cycle_id}": row.weight for row in answer.weights.all()}
    return data


def table(assessment: Assessment) -> dict[str, dict[str, dict[str, int]]]:
    return {
        question.text: {
            answer.text: {row.cycle.code: row.weight for row in answer.weights.all()}
            for answer in question.answers.order_by("sort_order")
        }
        for question in assessment.questions.order_by("sort_order")
    }


def test_the_first_visit_says_what_a_questionnaire_is(coach: Client) -> None:
    page = coach.get(url("list")).content.decode()
    assert "There is no questionnaire yet" in page
    assert url("add") in page


def test_questions_answers_and_points_are_saved_and_not_yet_published(coach: Client) -> None:
    answer = coach.post(url("add"), written(), follow=True)
    assert "Readers see it once you publish it" in answer.content.decode()
    assert "Not yet" in coach.get(url("list")).content.decode()
    saved = Assessment.objects.get()
    assert table(saved) == {"Six o’clock?": {"Loud": {"reactive": 3}, "Quiet": {"resentment": 2}}}
    assert not AssessmentVersion.objects.exists()


def test_points_are_changed_taken_away_and_added(coach: Client) -> None:
    coach.post(url("add"), written())
    saved = Assessment.objects.get()
    data = reopened(saved)
    data[f"questions-0-answers-0-{points('reactive')}"] = "5"
    data[f"questions-0-answers-1-{points('resentment')}"] = ""
    data[f"questions-0-answers-1-{points('desperation')}"] = "1"
    assert coach.post(url("edit", saved.pk), data).status_code == 302
    assert table(saved) == {"Six o’clock?": {"Loud": {"reactive": 5}, "Quiet": {"desperation": 1}}}


@pytest.mark.parametrize("odd", ["11", "-1", "much"])
def test_points_beyond_ten_come_back_with_a_sentence(coach: Client, odd: str) -> None:
    data = {**written(), f"questions-0-answers-0-{points('reactive')}": odd}
    page = coach.post(url("add"), data).content.decode()
    assert "0 to 10." in page
    assert 'class="error-message"' in page
    assert not Assessment.objects.exists()


def test_a_new_order_stays_when_it_is_opened_and_saved_again(coach: Client) -> None:
    saved = make_assessment()
    data = reopened(saved)
    data["questions-0-ORDER"], data["questions-2-ORDER"] = "3", "1"
    coach.post(url("edit", saved.pk), data)
    order = list(table(saved))
    assert order == ["What do you wish for?", "And after that?", "What happens at six o’clock?"]
    page = coach.get(url("edit", saved.pk)).content.decode()
    assert page.index('value="What do you wish for?"') < page.index('value="And after that?"')
    coach.post(url("edit", saved.pk), reopened(saved))
    assert list(table(saved)) == order


def test_one_press_saves_and_publishes(coach: Client) -> None:
    data = {**written(), "action-publish-questionnaire": "1"}
    page = coach.post(url("add"), data, follow=True).content.decode()
    assert "readers now get version 1" in page
    version = AssessmentVersion.objects.get()
    assert version.content["questions"][0]["answers"][0]["weights"] == {"reactive": 3}
    assert "Version 1" in coach.get(url("list")).content.decode()


def test_publishing_the_same_again_says_so(coach: Client) -> None:
    coach.post(url("add"), {**written(), "action-publish-questionnaire": "1"})
    saved = Assessment.objects.get()
    data = {**reopened(saved), "action-publish-questionnaire": "1"}
    page = coach.post(url("edit", saved.pk), data, follow=True).content.decode()
    assert "Readers get exactly this already" in page
    assert AssessmentVersion.objects.count() == 1


def test_an_unfinished_one_is_saved_and_says_what_is_missing(coach: Client) -> None:
    data = {**written(), **management("questions-0-answers", 1)}
    data["action-publish-questionnaire"] = "1"
    page = coach.post(url("add"), data, follow=True).content.decode()
    assert "needs at least two answers" in page
    assert Assessment.objects.count() == 1
    assert not AssessmentVersion.objects.exists()


def test_versions_are_listed_and_an_older_one_can_be_looked_at(coach: Client) -> None:
    saved = make_assessment()
    assert "Nothing is published yet" in coach.get(url("versions", saved.pk)).content.decode()
    for title in ("First words", "Other words"):
        data = {**reopened(saved), "title": title, "action-publish-questionnaire": "1"}
        coach.post(url("edit", saved.pk), data)
    page = coach.get(url("versions", saved.pk)).content.decode()
    assert page.count("Readers get this one") == 1
    assert page.index("Version 2") < page.index("Version 1")
    older = coach.get(url("version", saved.pk, 1)).content.decode()
    assert "First words" in older
    assert "Other words" not in older.partition("As readers got it")[2]
    assert "Criticism cycle 3" in older
    assert "Is it fair?" in older
    assert coach.get(url("version", saved.pk, 3)).status_code == 404


def test_a_published_one_is_not_deleted(coach: Client) -> None:
    coach.post(url("add"), {**written(), "action-publish-questionnaire": "1"})
    saved = Assessment.objects.get()
    page = coach.post(url("delete", saved.pk), follow=True).content.decode()
    assert "stays, because" in page
    assert Assessment.objects.exists()


def test_marketing_has_no_business_here(marketing: Client) -> None:
    saved = make_assessment()
    for view, args in (("list", ()), ("edit", (saved.pk,)), ("versions", (saved.pk,))):
        assert marketing.get(url(view, *args)).status_code == 302


def test_a_leads_page_tells_what_was_stated_from_what_was_assessed(
    marketing: Client, visitor: Any, now: datetime
) -> None:
    sheet = f"{published(now).pk}:1,1,-"
    lead = visitor.become_confirmed(answers=sheet, cycle="resentment")
    page = marketing.get(reverse("wagtailsnippets_funnel_lead:inspect", args=[lead.pk]))
    words = page.content.decode()
    assert "4 May 2026: Resentment cycle (Chosen on a form)" in words
    assert "4 May 2026: Criticism cycle (The questionnaire’s answer)" in words
    assert "4 May 2026: Criticism cycle (Which cycle keeps me stuck?, version 1)" in words
