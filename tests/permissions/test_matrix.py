"""Role × address × method of the whole admin, against a table that people read and sign.

A new address fails here until it stands in `matrix.tsv`. Write the table anew with

    WRITE_MATRIX=1 .venv/bin/pytest tests/permissions -p no:xdist

then read every changed line. `test_rules.py` says what no table may say.
"""

import csv
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.permissions.conftest import ROLES
from tests.permissions.samples import Samples, addresses

TABLE = Path(__file__).with_name("matrix.tsv")
METHODS = ("GET", "POST")
WRITE = bool(os.environ.get("WRITE_MATRIX"))
Column = dict[tuple[str, str], str]

_written: dict[str, Column] = {}


def read_table() -> dict[str, Column]:
    """Return the checked-in table: role → (address, method) → word."""
    with TABLE.open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    return {role: {(row["address"], row["method"]): row[role] for row in rows} for role in ROLES}


def write_table(columns: dict[str, Column]) -> None:
    """Write the table, one line per address and method."""
    with TABLE.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, delimiter="\t", lineterminator="\n")
        writer.writerow(["address", "method", *ROLES])
        for address, method in columns[ROLES[0]]:
            writer.writerow([address, method, *(columns[role][address, method] for role in ROLES)])


@pytest.mark.parametrize("role", ROLES)
def test_every_answer_is_the_one_in_the_table(
    role: str, samples: Samples, caller: Callable[[str], Callable[[str, str], str]]
) -> None:
    call = caller(role)
    answers: Column = {
        (address.name, method): call(method.lower(), address.path)
        for address in addresses(samples)
        for method in METHODS
    }
    if WRITE:
        _written[role] = answers
        if len(_written) == len(ROLES):
            write_table(_written)
        return
    table = read_table()[role]
    unlisted = sorted({address for address, _ in answers.keys() - table.keys()})
    assert not unlisted, f"not in matrix.tsv: {unlisted}"
    gone = sorted({address for address, _ in table.keys() - answers.keys()})
    assert not gone, f"in matrix.tsv, but no longer an address: {gone}"
    changed = {
        f"{method} {address}": f"{table[address, method]} → {word}"
        for (address, method), word in answers.items()
        if table[address, method] != word
    }
    assert not changed
