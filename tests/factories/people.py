"""What a person asks for besides the videos, for tests."""

from datetime import timedelta

import factory
from factory.django import DjangoModelFactory

from funnel.choices import CycleSource
from funnel.models import (
    Assessment,
    AssessmentResult,
    AssessmentVersion,
    CallRequest,
    CycleStatement,
    StuckCycle,
)

from .leads import FIRST_DAY, LeadFactory, OptInFactory


class CallRequestFactory(DjangoModelFactory[CallRequest]):
    """A request that its sender has confirmed; the trait names one that nobody has."""

    class Meta:
        model = CallRequest

    class Params:
        unconfirmed = factory.Trait(confirmed_at=None)

    lead = factory.SubFactory(LeadFactory)
    name = factory.Sequence(lambda n: f"Caller {n}")
    topic = "How to begin."
    times_that_suit = "Weekday mornings"
    requested_at = factory.LazyAttribute(lambda row: row.lead.created_at)
    confirmed_at = factory.LazyAttribute(lambda row: row.requested_at + timedelta(minutes=3))


class CycleStatementFactory(DjangoModelFactory[CycleStatement]):
    """A cycle that somebody chose on a form."""

    class Meta:
        model = CycleStatement

    lead = factory.SubFactory(LeadFactory)
    cycle = factory.LazyFunction(lambda: StuckCycle.objects.first())
    source = CycleSource.STATED
    at = factory.LazyAttribute(lambda row: row.lead.created_at)


class AssessmentVersionFactory(DjangoModelFactory[AssessmentVersion]):
    """One question with two answers."""

    class Meta:
        model = AssessmentVersion

    assessment = factory.LazyFunction(lambda: Assessment.objects.create(title="Which one?"))
    number = 1
    published_at = FIRST_DAY
    content = factory.LazyFunction(
        lambda: {
            "title": "Which one?",
            "introduction": "",
            "questions": [
                {
                    "text": "After a quarrel, who speaks first?",
                    "answers": [
                        {"text": "Nobody does", "weights": {"resentment": 2}},
                        {"text": "It is always me", "weights": {"desperation": 2}},
                    ],
                }
            ],
        }
    )


class AssessmentResultFactory(DjangoModelFactory[AssessmentResult]):
    """Somebody always speaks first."""

    class Meta:
        model = AssessmentResult

    lead = factory.SubFactory(LeadFactory)
    opt_in = factory.SubFactory(OptInFactory, lead=factory.SelfAttribute("..lead"))
    version = factory.SubFactory(AssessmentVersionFactory)
    answers = factory.LazyFunction(lambda: [1])
    scores = factory.LazyFunction(lambda: {"desperation": 2})
    at = factory.LazyAttribute(lambda row: row.lead.created_at)
