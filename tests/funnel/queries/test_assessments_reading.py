"""What answers come to: a pure function, and a reader of text that trusts nothing."""

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from funnel.models import AssessmentVersion
from funnel.queries.assessments import (
    Answered,
    Verdict,
    most_possible,
    read_answers,
    read_sheet,
    verdict,
)
from tests.factories.assessments import published

CODES = ("reactive", "criticism", "desperation", "resentment")
SCORES = st.dictionaries(st.sampled_from(CODES), st.integers(0, 300), max_size=4)
NOW = datetime(2026, 5, 4, 21, 30, tzinfo=UTC)


def standing(found: Verdict, code: str) -> int:
    """2 where a code leads, 1 where it is there as well, else 0."""
    return 2 * (code in found.leading) + (code in found.some)


class TestVerdict:
    @pytest.mark.parametrize(
        ("scores", "leading", "some"),
        [
            ({}, (), ()),
            ({"reactive": 0, "criticism": 0}, (), ()),
            ({"reactive": 9, "criticism": 1}, ("reactive",), ()),
            ({"criticism": 10, "resentment": 6, "reactive": 4}, ("criticism",), ("resentment",)),
            ({"reactive": 10, "criticism": 9}, ("reactive", "criticism"), ()),
            ({"reactive": 10, "criticism": 8}, ("reactive",), ("criticism",)),
            ({"reactive": 1, "criticism": 1, "resentment": 0}, ("reactive", "criticism"), ()),
            (dict.fromkeys(CODES, 7), CODES, ()),
        ],
    )
    def test_it_is_honest_about_a_tie(
        self, scores: dict[str, int], leading: tuple[str, ...], some: tuple[str, ...]
    ) -> None:
        assert verdict(scores) == Verdict(leading=leading, some=some)

    def test_only_one_that_leads_alone_is_named(self) -> None:
        assert verdict({"reactive": 10, "criticism": 4}).sole == "reactive"
        assert verdict({"reactive": 10, "criticism": 10}).sole is None
        assert verdict({}).sole is None

    @given(SCORES, st.permutations(CODES))
    def test_a_name_makes_no_difference(self, scores: dict[str, int], other: list[str]) -> None:
        renamed = dict(zip(CODES, other, strict=True))
        found, again = verdict(scores), verdict({renamed[code]: n for code, n in scores.items()})
        assert [renamed[code] for code in found.leading] == list(again.leading)
        assert [renamed[code] for code in found.some] == list(again.some)

    @given(SCORES, st.randoms())
    def test_the_order_of_the_sums_makes_no_difference(
        self, scores: dict[str, int], rng: Any
    ) -> None:
        shuffled = list(scores.items())
        rng.shuffle(shuffled)
        found, again = verdict(scores), verdict(dict(shuffled))
        assert (set(found.leading), set(found.some)) == (set(again.leading), set(again.some))

    @given(SCORES, st.sampled_from(CODES), st.integers(1, 300))
    def test_more_for_a_pattern_never_makes_it_less_nor_another_more(
        self, scores: dict[str, int], code: str, more: int
    ) -> None:
        before = verdict(scores)
        after = verdict({**scores, code: scores.get(code, 0) + more})
        assert standing(after, code) >= standing(before, code)
        for other in set(CODES) - {code}:
            assert standing(after, other) <= standing(before, other)

    @given(SCORES, st.integers(1, 50))
    def test_equal_scaling_changes_nothing(self, scores: dict[str, int], factor: int) -> None:
        assert verdict({code: n * factor for code, n in scores.items()}) == verdict(scores)

    @given(SCORES)
    def test_whoever_leads_has_points_and_nobody_stands_twice(self, scores: dict[str, int]) -> None:
        found = verdict(scores)
        named = [*found.leading, *found.some]
        assert len(named) == len(set(named))
        assert all(scores[code] > 0 for code in named)
        assert bool(found.leading) == any(scores.values())


@pytest.mark.django_db
class TestReadAnswers:
    def test_what_a_sheet_writes_is_read_and_worked_out_anew(self) -> None:
        version = published(NOW)
        sheet = read_sheet(version, {0: "1", 1: "1", 2: None}.get)
        assert sheet.text == f"{version.pk}:1,1,-"
        answered = read_answers(sheet.text)
        assert answered is not None
        assert answered.answers == (1, 1, None)
        assert answered.scores == {
            "reactive": 0,
            "criticism": 5,
            "desperation": 0,
            "resentment": 1,
        }
        assert answered.verdict_among(CODES).sole == "criticism"

    def test_a_cycle_that_is_gone_counts_no_more(self) -> None:
        answered = Answered(published(NOW), (1, 1, None))
        assert answered.verdict_among(["resentment"]).sole == "resentment"

    @pytest.mark.parametrize(
        "odd",
        [
            "",
            "{pk}",
            "{pk}:",
            "{pk}:-,-,-",
            "{pk}:0,0",
            "{pk}:0,0,0,0",
            "{pk}:0,0,3",
            "{pk}:0,0,-1",
            "{pk}:00,0,0",
            "0{pk}:0,0,0",
            "{pk}:0,0,0\n",
            " {pk}:0,0,0",
            "{pk}:٠,0,0",
            "{pk}:0,0,0\x00",
            "999999:0,0,0",
            "999999999999999999999:0,0,0",
            "-{pk}:0,0,0",
        ],
    )
    def test_anything_odd_is_nothing(self, odd: str) -> None:
        version = published(NOW)
        assert read_answers(f"{version.pk}:0,0,0") is not None
        assert read_answers(odd.replace("{pk}", str(version.pk))) is None

    def test_an_earlier_version_still_reads_as_it_was_answered(self) -> None:
        first = published(NOW)
        AssessmentVersion.objects.create(
            assessment=first.assessment, number=2, content={"questions": []}, published_at=NOW
        )
        answered = read_answers(f"{first.pk}:0,-,-")
        assert answered is not None
        assert answered.version == first

    @settings(
        max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
    )
    @given(st.one_of(st.text(max_size=450), st.from_regex(r"[0-9]{0,20}:[-0-9,]{0,420}")))
    def test_no_text_is_too_odd(self, db: None, text: str) -> None:
        version = AssessmentVersion.objects.first() or published(NOW)
        answered = read_answers(text.replace("0:", f"{version.pk}:", 1))
        assert answered is None or answered.text == text.replace("0:", f"{version.pk}:", 1)


@pytest.mark.django_db
def test_what_is_no_answer_counts_as_left() -> None:
    sheet = read_sheet(published(NOW), {0: "4", 1: "x", 2: "0"}.get)
    assert sheet.answers == (None, None, 0)
    assert sheet.number_answered == 1
    assert sheet.is_thin


@pytest.mark.django_db
def test_the_most_that_each_cycle_can_reach() -> None:
    assert most_possible(published(NOW).content) == {
        "reactive": 7,
        "criticism": 6,
        "desperation": 6,
        "resentment": 6,
    }
