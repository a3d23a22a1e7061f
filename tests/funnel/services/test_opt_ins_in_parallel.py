"""Many processes at once, each with a connection of its own, on both engines."""

import json
import mailbox
import os
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tests.own_site import ROOT, copy_test_database, own_environment
from tests.processes import run_python, wait_until

AT_ONCE = Path(__file__).resolve().parent / "inside" / "at_once.py"
POSTGRESQL = os.environ.get("TEST_POSTGRESQL", "postgres://postgres@127.0.0.1:5432")
SPELLINGS = {
    "ada@mail.test": ("ada@mail.test", "Ada@mail.test", "ADA@MAIL.TEST", "  ada@Mail.Test "),
    "grace@xn--bcher-kva.test": ("grace@bücher.test", "GRACE@xn--bcher-kva.test"),
    "mary+letters@mail.test": ("mary+letters@mail.test", "Mary+Letters@Mail.test"),
}
PROCESSES = 8
OWN_PEOPLE = 5


@dataclass
class OwnSite:
    """A migrated database and a folder that no other test touches."""

    environment: dict[str, str]
    query: Callable[[str], list[tuple[Any, ...]]]

    def at_once(self, act: str, shares: list[Any]) -> list[Any]:
        """Let one process for each share act at the same moment; return what each saw."""
        done = run_python(
            AT_ONCE, act, json.dumps(shares), folder=ROOT, environment=self.environment
        )
        assert done.returncode == 0, done.stderr
        assert "Traceback" not in done.stderr, done.stderr
        answer: list[Any] = json.loads(done.stdout.splitlines()[-1])
        return answer

    def mails_by_recipient(self) -> Counter[str]:
        """How many mails went to each address."""
        folder = Path(self.environment["VAR_DIR"]) / "demo-mail"
        return Counter(str(mail["To"]) for mail in mailbox.Maildir(folder))


def _query_sqlite(file: Path) -> Callable[[str], list[tuple[Any, ...]]]:
    def query(sql: str) -> list[tuple[Any, ...]]:
        with sqlite3.connect(file) as reading:
            return reading.execute(sql).fetchall()

    return query


def _query_postgresql(url: str) -> Callable[[str], list[tuple[Any, ...]]]:
    def query(sql: str) -> list[tuple[Any, ...]]:
        with psycopg.connect(url) as reading:
            return reading.execute(sql.encode()).fetchall()

    return query


def _migrate(environment: dict[str, str]) -> None:
    """Make the funnel's tables and what they rest on; nothing else is needed here."""
    steps = "; ".join(
        f"call_command('migrate', {app!r}, verbosity=0)" for app in ("auth", "funnel")
    )
    migrated = run_python(
        "-c",
        f"import django; django.setup(); from django.core.management import call_command; {steps}",
        folder=ROOT,
        environment=environment,
    )
    assert migrated.returncode == 0, migrated.stderr


def _on_sqlite(folder: Path) -> OwnSite:
    environment = own_environment(folder)
    file = folder / "site.sqlite3"
    if not copy_test_database(target=file):
        _migrate(environment)
    return OwnSite(environment, _query_sqlite(file))


def _on_postgresql(folder: Path) -> Iterator[OwnSite]:
    try:
        keeper = psycopg.connect(f"{POSTGRESQL}/postgres", autocommit=True, connect_timeout=3)
    except psycopg.OperationalError:
        pytest.skip("No PostgreSQL answers on 127.0.0.1:5432 (TEST_POSTGRESQL names another).")
    name = f"unstuck_at_once_{os.getpid()}"
    with keeper:
        try:
            keeper.execute(f"CREATE DATABASE {name}".encode())
        except psycopg.errors.InsufficientPrivilege:
            pytest.skip("This PostgreSQL does not let the tests make a database.")
        try:
            environment = own_environment(folder, DATABASE_URL=f"{POSTGRESQL}/{name}")
            _migrate(environment)
            yield OwnSite(environment, _query_postgresql(f"{POSTGRESQL}/{name}"))
        finally:
            keeper.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def own_site(
    request: pytest.FixtureRequest, django_db_setup: None, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[OwnSite]:
    """A site of one's own on either engine; PostgreSQL where one answers."""
    folder = tmp_path_factory.mktemp(f"at-once-{request.param}")
    if request.param == "sqlite":
        yield _on_sqlite(folder)
    else:
        yield from _on_postgresql(folder)


def _work_off(own_site: OwnSite, *, workers: int) -> None:
    """Let workers deliver together; on a slow machine one may put a mail off and try again."""

    def nothing_waits() -> bool:
        assert own_site.at_once("work", [None] * workers) == [[]] * workers
        waiting = "SELECT COUNT(*) FROM funnel_outboxentry WHERE state = 'pending'"
        return own_site.query(waiting) == [(0,)]

    wait_until(nothing_waits, seconds=60, what="every mail delivered")


@pytest.mark.django_db
def test_the_same_people_at_once_are_one_lead_each_and_get_one_mail_each(
    own_site: OwnSite,
) -> None:
    everybodys = [spelling for spellings in SPELLINGS.values() for spelling in spellings]
    own = [[f"person{n}-{count}@mail.test" for count in range(OWN_PEOPLE)] for n in range(8)]
    shares = [everybodys[n:] + everybodys[:n] + own[n] for n in range(PROCESSES)]

    seen = own_site.at_once("opt_in", shares)

    errors = [error for error in seen if isinstance(error, str)]
    assert errors == [], "\n".join(errors)
    assert sorted(map(len, seen)) == [len(share) for share in shares]
    assert {status for statuses in seen for status in statuses} == {302}
    people = {*SPELLINGS, *(address for addresses in own for address in addresses)}
    assert sorted(own_site.query("SELECT address_key FROM funnel_lead")) == [
        (key,) for key in sorted(people)
    ]
    opt_ins = PROCESSES * (len(everybodys) + OWN_PEOPLE)
    assert own_site.query("SELECT COUNT(*) FROM funnel_optin") == [(opt_ins,)]
    assert own_site.query("SELECT COUNT(*) FROM funnel_consent") == [(opt_ins,)]
    waiting = dict(
        own_site.query(
            "SELECT address_key, SUM(revision) - 1 FROM funnel_outboxentry "
            "JOIN funnel_lead ON lead_id = funnel_lead.id "
            "WHERE state = 'pending' AND kind = 'opt_in_mail' GROUP BY address_key"
        )
    )
    assert waiting == {
        **{key: PROCESSES * len(spellings) for key, spellings in SPELLINGS.items()},
        **{address: 1 for addresses in own for address in addresses},
    }
    assert own_site.query("SELECT COUNT(*) FROM funnel_outboxentry") == [(len(people),)]

    _work_off(own_site, workers=2)

    assert own_site.query("SELECT DISTINCT state FROM funnel_outboxentry") == [("delivered",)]
    mails = own_site.mails_by_recipient()
    assert set(mails.values()) == {1}
    assert len(mails) == len(people)


def _in_capitals(name: str, *, which: int) -> str:
    """Return an address with those letters as capitals that the bits of a number name."""
    letters = (
        letter.upper() if which >> place & 1 else letter for place, letter in enumerate(name)
    )
    return f"{''.join(letters)}@{('mail.test', 'MAIL.test', 'Mail.Test')[which % 3]}"


@pytest.mark.django_db
def test_fifty_forms_for_one_address_in_every_spelling_are_one_lead_and_one_mail(
    own_site: OwnSite,
) -> None:
    name, domain = "eve.lovelace", "mail.test"
    spellings = [
        "".join(
            letter.upper() if number >> place & 1 else letter for place, letter in enumerate(name)
        )
        + "@"
        + (domain, domain.upper(), domain.title())[number % 3]
        for number in range(50)
    ]
    assert len(set(spellings)) == 50
    before = own_site.mails_by_recipient().total()

    seen = own_site.at_once("opt_in", [spellings[n::10] for n in range(10)])
    errors = [error for error in seen if isinstance(error, str)]
    assert errors == [], "\n".join(errors)
    assert {status for statuses in seen for status in statuses} == {302}
    known = own_site.query(
        "SELECT address_key, COUNT(*) FROM funnel_lead JOIN funnel_optin ON lead_id = "
        "funnel_lead.id WHERE address_key LIKE 'eve%' GROUP BY address_key"
    )
    assert known == [("eve.lovelace@mail.test", 50)]

    _work_off(own_site, workers=4)
    assert own_site.mails_by_recipient().total() == before + 1


@pytest.mark.django_db
def test_a_limit_is_exact_however_many_ask_at_once(own_site: OwnSite) -> None:
    seen = own_site.at_once("take_places", [5] * 8)
    errors = [error for error in seen if isinstance(error, str)]
    assert errors == [], "\n".join(errors)
    assert sum(map(sum, seen)) == 20
