"""The one boundary at which text from outside becomes text we store."""

import unicodedata

_LINE_BREAKS = str.maketrans({"\r": " ", "\n": " ", "\t": " ", "\u2028": " ", "\u2029": " "})


def clean_line(value: str, *, max_length: int) -> str:
    """Return `value` as one storable line of at most `max_length` characters.

    SQLite stores a NUL and PostgreSQL refuses it; a lone surrogate breaks both; a newline breaks a
    mail header; invisible characters of category C hide what a person reads. None of them is
    information in a name or in a UTM word, so they go.
    """
    spaced = unicodedata.normalize("NFC", value.translate(_LINE_BREAKS))
    visible = "".join(
        character for character in spaced if not unicodedata.category(character).startswith("C")
    )
    return " ".join(visible.split())[:max_length].rstrip()


def clean_text(value: str, *, max_length: int) -> str:
    """The same for text of several lines: each is cleaned, at most one empty one between two."""
    lines: list[str] = []
    for line in value.replace("\r\n", "\n").replace("\r", "\n").split("\n"):
        cleaned = clean_line(line, max_length=max_length)
        if cleaned or (lines and lines[-1]):
            lines.append(cleaned)
    return "\n".join(lines)[:max_length].strip()
