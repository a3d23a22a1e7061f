"""The trials of `make soak`: which there are, and what their verdicts rest on."""

import random
import sys
from pathlib import Path
from typing import Any

import pytest

# pytest's own path ends where a process of its own begins.
sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "scripts"))

from soak import kills
from soak.shared.engines import chosen_seed
from starter.measures import modules

ROOT = Path(__file__).resolve().parents[2]
MAIL = "https://x.test/free-videos/{}/token"


def test_every_trial_says_what_it_tries() -> None:
    found = modules(ROOT / "scripts" / "soak")
    assert {"fuzz", "kills", "payloads"} <= set(found)
    assert all(found.values())


def test_a_seed_can_be_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOAK_SEED", "42")
    assert chosen_seed() == 42
    monkeypatch.delenv("SOAK_SEED")
    assert 0 <= chosen_seed() < 10**6


class Told(kills.Trial):
    """A trial whose site is made up."""

    facts: dict[str, Any]
    sent: dict[str, list[str]]
    subscribed = True

    @property
    def mails(self) -> dict[str, list[str]]:
        return self.sent

    def ledger(self) -> dict[str, Any]:
        return {"people": self.facts, "waiting": 0, "parked": 0}

    def is_subscribed(self, person: kills.Person) -> bool:
        return self.subscribed


def _trial(**facts: int) -> Told:
    trial = Told({}, random.Random(1))
    person = kills.Person(1, is_sent=True, is_acknowledged=True, is_confirmed=True)
    trial.people = [person]
    whole = {"opt_ins": 1, "requested": 1, "confirmed": 1, "entries": 1}
    trial.facts = {person.address: {**whole, **facts}}
    trial.sent = {person.address: [MAIL.format("confirm"), MAIL.format("open")]}
    return trial


def test_a_site_that_lost_nothing_is_well() -> None:
    assert _trial().verdict() == []


def test_what_was_acknowledged_and_is_gone_is_told() -> None:
    trial = _trial()
    trial.facts = {}
    assert len(trial.verdict()) == 2
    trial = _trial(confirmed=0)
    assert "confirmation" in trial.verdict()[0]
    trial = _trial()
    trial.subscribed = False
    assert "confirmation" in trial.verdict()[0]
    trial = _trial()
    trial.sent = {}
    assert len(trial.verdict()) == 2


def test_half_an_opt_in_is_told() -> None:
    assert "Half" in _trial(entries=0).verdict()[0]


def test_one_mail_more_for_each_killed_worker_and_no_more() -> None:
    trial = _trial()
    trial.sent["reader@p1.test"].append(MAIL.format("confirm"))
    assert "too many" in trial.verdict()[0]
    trial.kills["worker"] = 1
    assert trial.verdict() == []
