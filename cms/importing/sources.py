"""Reads a text file as a coach's word processor may have written it."""

from pathlib import Path

MAX_BYTES = 2_000_000
# Bytes that no text holds; a word processor's own format begins with some.
_NEVER_IN_TEXT = frozenset(range(0x00, 0x20)) - frozenset(b"\t\n\x0b\x0c\r\x1a\x1c\x1d\x1e\x1f")
_UTF_16_MARKS = (b"\xff\xfe", b"\xfe\xff")


class SourceProblem(Exception):
    """Why a file can't be read as an article, as a sentence for the person who tries."""


def read_source(path: Path) -> str:
    """Return the text of a file, whatever its encoding; raises `SourceProblem`."""
    try:
        if path.stat().st_size > MAX_BYTES:
            raise SourceProblem(f"“{path}” is far too large for an article.")
        data = path.read_bytes()
    except FileNotFoundError as error:
        raise SourceProblem(f"There is no file “{path}”. Check its name and folder.") from error
    except IsADirectoryError as error:
        raise SourceProblem(f"“{path}” is a folder. Name a text file in it.") from error
    except OSError as error:
        reason = error.strerror or "unknown reason"
        raise SourceProblem(f"“{path}” can’t be read: {reason}.") from error
    text = decode(data)
    if text is None:
        raise SourceProblem(
            f"“{path}” is not plain text. In your word processor, save it as “Plain text (.txt)” "
            "and import that file."
        )
    if not any(character.isalnum() for character in text):
        raise SourceProblem(f"“{path}” is empty: there is no article in it.")
    return text


def decode(data: bytes) -> str | None:
    """Return bytes as text (UTF-8, marked UTF-16, else Windows-1252), or None for no text."""
    if data.startswith(_UTF_16_MARKS):
        try:
            return data.decode("utf-16")
        except UnicodeDecodeError:
            return None
    if data.startswith((b"{\\rtf", b"%PDF")) or not _NEVER_IN_TEXT.isdisjoint(data):
        return None
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    return None
