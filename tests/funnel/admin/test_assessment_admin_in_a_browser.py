"""The coach builds a questionnaire in Wagtail's own form: question, answers, a row of points."""

from collections.abc import Iterator

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import Browser, Page, expect

from funnel.models import Assessment, AssessmentVersion, StuckCycle
from tests.funnel.routed import ORIGIN, RoutedSite

pytestmark = pytest.mark.django_db


@pytest.fixture
def page(chromium: Browser, db: None) -> Iterator[Page]:
    """The empty form, before somebody who may fill it in."""
    context = chromium.new_context(base_url=ORIGIN, viewport={"width": 1280, "height": 900})
    context.set_default_timeout(15_000)
    site = RoutedSite(context)
    site.client.force_login(User.objects.create_superuser("writer"))
    page = context.new_page()
    page.goto("/admin/snippets/funnel/assessment/add/")
    yield page
    context.close()


def test_a_question_with_answers_and_points_is_added_and_published(page: Page) -> None:
    reactive, resentment = (
        StuckCycle.objects.get(code=code) for code in ("reactive", "resentment")
    )
    page.fill("#id_title", "Which cycle?")
    page.click("#id_questions-ADD")
    page.fill("#id_questions-0-text", "What happens at six?")
    for number, (words, cycle) in enumerate((("We shout", reactive), ("I see to it", resentment))):
        page.click("#id_questions-0-answers-ADD")
        answer = f"#id_questions-0-answers-{number}"
        page.fill(f"{answer}-text", words)
        field = page.locator(f"{answer}-points_{cycle.pk}")
        expect(field).to_be_visible()
        field.fill("3")
    assert page.get_by_label(reactive.name).count() == 2
    page.get_by_role("button", name="More actions").click()
    page.get_by_role("button", name="Publish this questionnaire").click()
    expect(page.get_by_text("readers now get version 1")).to_be_visible()
    questions = AssessmentVersion.objects.get().content["questions"]
    assert [(each["text"], each["weights"]) for each in questions[0]["answers"]] == [
        ("We shout", {"reactive": 3}),
        ("I see to it", {"resentment": 3}),
    ]
    saved = Assessment.objects.get()
    page.goto(f"/admin/snippets/funnel/assessment/edit/{saved.pk}/")
    expect(page.locator(f"#id_questions-0-answers-1-points_{resentment.pk}")).to_have_value("3")
