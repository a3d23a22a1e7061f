"""The retention clock: who goes, who stays, and what is left of them."""

from datetime import datetime, timedelta

import pytest

from funnel.addresses import address_hash
from funnel.choices import ConsentStep, LeadStage, OutboxKind, SuppressionReason
from funnel.models import Consent, FunnelSettings, Lead, OptIn, OutboxEntry, Suppression
from funnel.queries.retention import due_before, removed_at, retention_terms
from funnel.services.retention import remove_expired
from tests.factories.leads import ConsentFactory, LeadFactory, MemberRecordFactory, OptInFactory

pytestmark = pytest.mark.django_db
MONTHS = 24


@pytest.fixture
def long_ago(now: datetime) -> datetime:
    """Longer ago than anything is kept."""
    return now - timedelta(days=31 * (MONTHS + 1))


def _pending(at: datetime) -> Lead:
    lead: Lead = LeadFactory(pending=True, created_at=at)
    opt_in = OptInFactory(lead=lead, submitted_at=at)
    ConsentFactory(lead=lead, opt_in=opt_in, step=ConsentStep.REQUESTED, at=at)
    return lead


def _confirmed(at: datetime, *, letters: bool = False) -> Lead:
    lead = _pending(at)
    Lead.objects.filter(pk=lead.pk).update(
        stage=LeadStage.CONFIRMED, confirmed_at=at, receives_letters=letters
    )
    lead.refresh_from_db()
    return lead


def test_who_never_confirmed_goes_after_thirty_days_and_not_before(now: datetime) -> None:
    early, late = _pending(now - timedelta(days=31)), _pending(now - timedelta(days=29))
    assert remove_expired(now=now) == 1
    assert list(Lead.objects.all()) == [late]
    assert not OptIn.objects.filter(lead_id=early.pk).exists()
    assert not Consent.objects.filter(lead_id=early.pk).exists()


def test_asking_again_starts_the_thirty_days_anew(now: datetime) -> None:
    lead = _pending(now - timedelta(days=90))
    OptInFactory(lead=lead, submitted_at=now - timedelta(days=2))
    assert remove_expired(now=now) == 0


def test_a_long_silence_ends_what_is_kept(now: datetime, long_ago: datetime) -> None:
    silent, heard = _confirmed(long_ago), _confirmed(long_ago)
    OptInFactory(lead=heard, submitted_at=now - timedelta(days=5))
    assert remove_expired(now=now) == 1
    assert list(Lead.objects.all()) == [heard]
    assert not OptIn.objects.filter(lead_id=silent.pk).exists()


def test_whoever_gets_letters_stays(now: datetime, long_ago: datetime) -> None:
    _confirmed(long_ago, letters=True)
    assert remove_expired(now=now) == 0


def test_an_unsubscription_outlives_its_lead(now: datetime, long_ago: datetime) -> None:
    lead = _confirmed(long_ago)
    Lead.objects.filter(pk=lead.pk).update(stage=LeadStage.UNSUBSCRIBED)
    Suppression.objects.create(
        address_hash=address_hash(lead.address_key),
        reason=SuppressionReason.UNSUBSCRIBED,
        source="a mail’s link",
        at=long_ago,
    )
    assert remove_expired(now=now) == 1
    assert Suppression.objects.get().reason == SuppressionReason.UNSUBSCRIBED


def test_whom_the_mail_service_knows_is_erased_there_first(
    now: datetime, long_ago: datetime
) -> None:
    lead = _confirmed(long_ago)
    MemberRecordFactory(lead=lead)
    assert remove_expired(now=now) == 1
    assert OutboxEntry.objects.get(lead=lead).kind == OutboxKind.ERASURE
    assert remove_expired(now=now) == 0


def test_the_list_says_beforehand_who_goes_and_when(now: datetime) -> None:
    soon = _pending(now - timedelta(days=20))
    _pending(now)
    terms = retention_terms()
    due = list(due_before(now + timedelta(days=15), terms=terms))
    assert due == [soon]
    assert removed_at(due[0], terms=terms) == now + timedelta(days=10)
    assert remove_expired(now=now) == 0


def test_the_terms_are_the_coachs(now: datetime) -> None:
    settings = FunnelSettings.load()
    settings.unconfirmed_days = 7
    settings.save()
    _pending(now - timedelta(days=8))
    assert remove_expired(now=now) == 1


def test_no_more_go_at_once_than_asked_for(now: datetime) -> None:
    for days in (40, 50, 60):
        _pending(now - timedelta(days=days))
    assert remove_expired(now=now, limit=2) == 2
    assert Lead.objects.get().created_at == now - timedelta(days=40)
