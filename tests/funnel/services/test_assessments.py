"""A questionnaire is published in versions that stay, and a result with the opt-in it came with."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from funnel.choices import CycleSource
from funnel.models import (
    Assessment,
    AssessmentQuestion,
    AssessmentResult,
    AssessmentVersion,
    CycleStatement,
    Lead,
)
from funnel.queries.assessments import current_version, versions_with_results
from funnel.services.assessments import NotReadyError, publish_assessment
from funnel.services.erasure import request_erasure
from tests.factories.assessments import THREE_QUESTIONS, make_assessment, published

pytestmark = pytest.mark.django_db


def publish(assessment: Assessment, now: datetime) -> AssessmentVersion | None:
    return publish_assessment(assessment_id=assessment.pk, now=now)


class TestPublishing:
    def test_readers_get_what_was_published_and_not_what_is_being_written(
        self, now: datetime
    ) -> None:
        assessment = make_assessment()
        assert current_version() is None
        version = publish(assessment, now)
        assert version is not None
        assert (version.number, version.published_at) == (1, now)
        Assessment.objects.update(title="Being reworded")
        shown = current_version()
        assert shown is not None
        assert shown.content["title"] == "Which cycle keeps me stuck?"
        assert shown.content["questions"][1] == {
            "text": "And after that?",
            "answers": [
                {"text": "A door", "weights": {"reactive": 2, "resentment": 1}},
                {"text": "A sigh", "weights": {"criticism": 2, "resentment": 1}},
                {"text": "A letter of six pages", "weights": {"desperation": 3}},
            ],
        }

    def test_the_same_again_makes_no_version(self, now: datetime) -> None:
        assessment = make_assessment()
        publish(assessment, now)
        assert publish(assessment, now + timedelta(days=1)) is None
        assert AssessmentVersion.objects.count() == 1

    def test_a_change_makes_the_next_and_keeps_the_one_before(self, now: datetime) -> None:
        assessment = make_assessment()
        first = publish(assessment, now)
        AssessmentQuestion.objects.filter(sort_order=0).update(sort_order=7)
        second = publish(assessment, now + timedelta(days=1))
        assert first is not None
        assert second is not None
        assert second.number == 2
        assert [each["text"] for each in second.content["questions"]][-1].startswith("What happens")
        assert AssessmentVersion.objects.get(number=1).content == first.content
        assert current_version() == second

    def test_of_two_questionnaires_readers_get_the_one_published_last(self, now: datetime) -> None:
        one, other = make_assessment(), make_assessment(title="Another")
        publish(one, now)
        publish(other, now + timedelta(days=1))
        back = publish(one, now + timedelta(days=2))
        assert back is not None
        assert (back.number, current_version()) == (2, back)

    @pytest.mark.parametrize(
        ("questions", "words"),
        [
            ({}, "no question yet"),
            ({"One?": {"Yes": {"reactive": 1}}}, "at least two answers"),
            ({"One?": {"Yes": {}, "No": {"reactive": 0}}}, "speaks for a cycle"),
        ],
    )
    def test_what_nobody_could_answer_stays_unpublished_with_a_reason(
        self, now: datetime, questions: Any, words: str
    ) -> None:
        with pytest.raises(NotReadyError, match=words):
            publish(make_assessment(questions), now)
        assert not AssessmentVersion.objects.exists()

    def test_a_version_that_stands_is_neither_changed_nor_deleted(self, now: datetime) -> None:
        version = published(now)
        version.number = 9
        with pytest.raises(TypeError, match="append-only"):
            version.save()
        with pytest.raises(TypeError, match="append-only"):
            version.delete()
        assert AssessmentVersion.objects.get().number == 1


class TestResults:
    def sheet(self, now: datetime, answers: str = "1,1,-") -> str:
        return f"{published(now).pk}:{answers}"

    def test_it_is_kept_with_the_opt_in_and_changes_no_lead_yet(
        self, visitor: Any, now: datetime
    ) -> None:
        visitor.opt_in(answers=self.sheet(now))
        result = AssessmentResult.objects.get()
        assert result.opt_in == result.lead.opt_ins.get()
        assert result.answers == [1, 1, None]
        assert result.scores["criticism"] == 5
        assert (result.cycle.code, result.at) == ("criticism", visitor.clock())
        assert (result.lead.current_cycle, CycleStatement.objects.count()) == (None, 0)

    def test_confirming_says_which_cycle_was_assessed(self, visitor: Any, now: datetime) -> None:
        lead = visitor.become_confirmed(answers=self.sheet(now))
        row = CycleStatement.objects.get(lead=lead)
        assert (row.cycle.code, row.source) == ("criticism", CycleSource.ASSESSED)
        assert lead.current_cycle == row.cycle

    def test_what_is_stated_and_what_is_assessed_stay_apart(
        self, visitor: Any, now: datetime
    ) -> None:
        lead = visitor.become_confirmed(answers=self.sheet(now), cycle="resentment")
        rows = CycleStatement.objects.filter(lead=lead).values_list("source", "cycle__code")
        assert set(rows) == {("stated", "resentment"), ("assessed", "criticism")}
        assert lead.current_cycle.code == "resentment"
        assert lead.opt_ins.get().stated_cycle.code == "resentment"

    def test_what_was_only_assessed_stays_here_until_it_is_chosen(
        self, visitor: Any, now: datetime, mail_service: Any
    ) -> None:
        def tags() -> set[str]:
            return {tag for tag in mail_service.members["ada@mail.test"].tags if "cycle" in tag}

        visitor.become_confirmed(answers=self.sheet(now))
        assert tags() == set()
        visitor.opt_in(cycle="criticism")
        visitor.work()
        visitor.confirm()
        visitor.work()
        assert tags() == {"cycle-criticism"}

    def test_a_tie_names_no_cycle(self, visitor: Any, now: datetime) -> None:
        lead = visitor.become_confirmed(answers=self.sheet(now, "0,2,-"))
        result = AssessmentResult.objects.get()
        assert (result.cycle, result.scores["reactive"]) == (None, 3)
        assert not CycleStatement.objects.filter(lead=lead).exists()

    @pytest.mark.parametrize("odd", ["", "nonsense", "1:9,9,9", "\x00", "🙂" * 500])
    def test_odd_answers_never_refuse_an_opt_in(self, visitor: Any, odd: str) -> None:
        assert visitor.opt_in(answers=odd).status_code == 302
        assert not AssessmentResult.objects.exists()

    def test_a_stranger_can_not_answer_for_somebody(self, visitor: Any, now: datetime) -> None:
        lead = visitor.become_confirmed(cycle="resentment")
        visitor.opt_in(answers=self.sheet(now))
        lead.refresh_from_db()
        assert lead.current_cycle.code == "resentment"
        assert not CycleStatement.objects.filter(source=CycleSource.ASSESSED).exists()

    def test_a_confirmed_person_who_answers_anew_confirms_it(
        self, visitor: Any, now: datetime
    ) -> None:
        lead = visitor.become_confirmed()
        visitor.opt_in(answers=self.sheet(now))
        visitor.work()
        visitor.confirm()
        lead.refresh_from_db()
        assert lead.current_cycle.code == "criticism"

    def test_versions_are_counted_with_their_results(self, visitor: Any, now: datetime) -> None:
        sheet = self.sheet(now)
        visitor.opt_in("ada@mail.test", answers=sheet)
        visitor.opt_in("grace@mail.test", answers=sheet)
        version = AssessmentVersion.objects.get()
        assert [
            each.number_of_results for each in versions_with_results(version.assessment_id)
        ] == [2]

    def test_an_erasure_removes_results_and_statements(self, visitor: Any, now: datetime) -> None:
        sheet = self.sheet(now)
        lead = visitor.become_confirmed(answers=sheet, cycle="resentment")
        other = visitor.become_confirmed("grace@mail.test", answers=sheet)
        request_erasure(lead_id=lead.pk, now=visitor.clock())
        visitor.work()
        assert not Lead.objects.filter(pk=lead.pk).exists()
        for model in (AssessmentResult, CycleStatement):
            assert {row.lead_id for row in model.objects.all()} == {other.pk}


def test_the_sample_has_three_questions() -> None:
    assert make_assessment().questions.count() == len(THREE_QUESTIONS) == 3
