"""Text from outside becomes one clean line, and stays harmless to both databases."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from funnel.text import clean_line

anything = st.text(st.characters(codec=None, exclude_categories=()), max_size=300)


@given(anything, st.integers(1, 120))
def test_a_line_is_storable_and_within_its_length(text: str, max_length: int) -> None:
    line = clean_line(text, max_length=max_length)
    assert len(line) <= max_length
    assert not any(unicodedata.category(character).startswith("C") for character in line)
    assert line == line.strip()
    line.encode()


@given(anything)
def test_cleaning_twice_is_cleaning_once(text: str) -> None:
    line = clean_line(text, max_length=200)
    assert clean_line(line, max_length=200) == line


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Ada\r\nBcc: all@mail.test", "Ada Bcc: all@mail.test"),
        ("A\x00da", "Ada"),
        ("  Zoë   Ann ", "Zoë Ann"),
        ("Zoe\u0308", "Zoë"),
        ("\ud800Ada", "Ada"),
        ("\u202eadA", "adA"),
    ],
)
def test_what_stays(typed: str, kept: str) -> None:
    assert clean_line(typed, max_length=80) == kept
