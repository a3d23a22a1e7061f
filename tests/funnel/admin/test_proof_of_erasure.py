"""Whoever knows an address is told when it was erased; nobody else learns anything."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from funnel.addresses import address_hash
from funnel.choices import SuppressionReason
from funnel.services.erasure import request_erasure
from tests.factories.leads import LeadFactory, SuppressionFactory

pytestmark = pytest.mark.django_db

FIND = "/admin/snippets/funnel/lead/find/"
ADDRESS = "ada@mail.test"


@pytest.fixture
def erased() -> str:
    """The code that is left of an erased address."""
    SuppressionFactory(
        address_key=ADDRESS,
        reason=SuppressionReason.ERASED,
        at=datetime(2026, 5, 3, 12, tzinfo=UTC),
    )
    return address_hash(ADDRESS)


def test_marketing_types_the_address_and_reads_the_day(marketing: Client, erased: str) -> None:
    page = marketing.post(FIND, {"words": " Ada@MAIL.test "}).content.decode()
    assert "erased on 3 May 2026" in page
    assert erased in page


@pytest.mark.parametrize("words", ["ada", "ada@mail", "grace@mail.test", "erased"])
def test_less_than_the_address_tells_nothing(marketing: Client, erased: str, words: str) -> None:
    page = marketing.post(FIND, {"words": words}).content.decode()
    assert "Proof of erasure" not in page
    assert erased not in page
    assert "type the whole address" in page


def test_an_erasure_that_waits_is_said_to(marketing: Client, now: datetime) -> None:
    lead = LeadFactory(address=ADDRESS)
    LeadFactory(address=f"other.{ADDRESS}")
    request_erasure(lead_id=lead.pk, now=now)
    page = marketing.post(FIND, {"words": ADDRESS}).content.decode()
    assert "was asked for on 4 May 2026" in page


def test_somebody_who_left_is_not_called_erased(marketing: Client) -> None:
    SuppressionFactory(address_key=ADDRESS)
    page = marketing.post(FIND, {"words": ADDRESS}).content.decode()
    assert "Proof of erasure" not in page


class TestTheCommand:
    @pytest.fixture(autouse=True)
    def typed(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("builtins.input", lambda _question: ADDRESS)

    def test_says_when_and_what_is_left(self, erased: str, capsys: Any) -> None:
        call_command("erasure_proof")
        said = capsys.readouterr().out
        assert "Erased on 2026-05-03T12:00:00+00:00" in said
        assert erased in said
        assert ADDRESS not in said

    def test_says_so_where_nothing_was_erased(self) -> None:
        with pytest.raises(CommandError, match="was ever erased"):
            call_command("erasure_proof")

    def test_says_that_one_waits(self, now: datetime, capsys: Any) -> None:
        request_erasure(lead_id=LeadFactory(address=ADDRESS).pk, now=now)
        call_command("erasure_proof")
        assert "asked for on 2026-05-04" in capsys.readouterr().out
