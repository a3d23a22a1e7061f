"""Invariant 10: what marketing exports opens safely, whatever a stranger typed."""

import csv
import io
import unicodedata
from datetime import UTC, date, datetime

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from funnel.exports import csv_cell, safe_cell, safe_text, xlsx_cell

ANYTHING = st.text(alphabet=st.characters(codec=None), max_size=60) | st.text(
    alphabet=st.sampled_from(
        list("=+-@|\t\r\n\x00\x0b ;,'\"a１＝＋－＠﹦﹣−\u200b\ufeff\ud800\ufffe")
    ),
    max_size=12,
)
FORMULA_STARTS = "=+-@|\t\r\n−"


def opens_as_text(cell: str) -> bool:
    """Say whether no program would take `cell` for a formula, however it trims or folds it."""
    bare = "".join(c for c in cell if unicodedata.category(c) not in {"Cf", "Cc"}).strip()
    start = unicodedata.normalize("NFKC", bare[:1]).strip()[:1]
    return not start or start not in FORMULA_STARTS


@given(ANYTHING)
def test_no_text_is_a_formula_or_holds_a_control_character(text: str) -> None:
    cell = safe_text(text)
    assert opens_as_text(cell)
    assert not any(unicodedata.category(character) in {"Cc", "Cs"} for character in cell)


@given(st.lists(ANYTHING, min_size=1, max_size=6))
def test_every_csv_row_comes_back_as_written(texts: list[str]) -> None:
    cells = [csv_cell(text) for text in texts]
    file = io.BytesIO()
    text_file = io.TextIOWrapper(file, encoding="utf-8", newline="")
    csv.writer(text_file).writerow(cells)
    text_file.flush()
    (row,) = csv.reader(io.StringIO(file.getvalue().decode(), newline=""))
    assert row == cells
    for separator in ";,\t":
        assert all(opens_as_text(part) for cell in cells for part in cell.split(separator))


@given(st.lists(ANYTHING, min_size=1, max_size=6))
def test_every_xlsx_opens_and_holds_no_formula(texts: list[str]) -> None:
    workbook = Workbook(write_only=True, iso_dates=True)
    sheet = workbook.create_sheet()
    sheet.append([xlsx_cell(sheet, text) for text in texts])
    file = io.BytesIO()
    workbook.save(file)
    opened = openpyxl.load_workbook(io.BytesIO(file.getvalue()))
    for text, cell in zip(texts, next(iter(opened.active.iter_rows(min_row=1)), ()), strict=False):
        assert cell.data_type != "f"
        assert (cell.value or "") == safe_text(text)


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        (None, ""),
        (False, "no"),
        (True, "yes"),
        (0, "0"),
        (-3, "'-3"),
        ("", ""),
        ("-", "'-"),
        ("=cmd|' /C calc'!A0", "'=cmd|' /C calc'!A0"),
        ("＝1+1", "'＝1+1"),
        ("\t=1+1", "'=1+1"),
        ("\u200b@SUM(A1)", "'@SUM(A1)"),
        ("Ann;=1+1", "Ann;'=1+1"),
        ("two\r\nlines", "two  lines"),
        ("Zoë\x0b", "Zoë"),
        (["a", "b"], "a, b"),
        (date(2026, 5, 3), "2026-05-03"),
        (datetime(2026, 5, 3, 1, 30, 45, tzinfo=UTC), "2026-05-02 21:30"),
        (float("nan"), ""),
    ],
)
def test_cells_read_as_a_person_would_write_them(value: object, cell: str) -> None:
    assert csv_cell(value) == cell


def test_a_moment_stays_a_date_in_xlsx() -> None:
    moment = safe_cell(datetime(2026, 5, 3, 1, 30, 45, tzinfo=UTC))
    assert moment == datetime(2026, 5, 2, 21, 30)  # noqa: DTZ001  (spreadsheets know no zones)
