"""Files as word processors write them, and the sentences for those that are no text."""

from pathlib import Path

import pytest

from cms.importing.sources import MAX_BYTES, SourceProblem, read_source

TEXT = "Won’t come — “again”?\r\n\r\nÉlan, naïve."


@pytest.mark.parametrize(
    "data",
    [
        TEXT.encode(),
        TEXT.encode("utf-8-sig"),
        TEXT.encode("utf-16"),
        b"\xfe\xff" + TEXT.encode("utf-16-be"),
        TEXT.encode("cp1252"),
    ],
    ids=["utf-8", "utf-8 with mark", "utf-16", "utf-16, big end first", "windows"],
)
def test_reads_every_usual_encoding(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "article.txt"
    path.write_bytes(data)
    assert read_source(path) == TEXT


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "is empty"),
        (b"\xef\xbb\xbf \r\n\t", "is empty"),
        (b"* * *\n---", "is empty"),
        (b"PK\x03\x04\x14\x00 a docx", "not plain text"),
        (b"\x89PNG\r\n\x1a\n\x00", "not plain text"),
        (b"%PDF-1.7 words", "not plain text"),
        (b"{\\rtf1 words}", "not plain text"),
        (b"\xff\xfe\x00", "not plain text"),
        (b"\x81\x8d\x8f words", "not plain text"),
        (b"x" * (MAX_BYTES + 1), "too large"),
    ],
)
def test_says_what_is_wrong_with_a_file(tmp_path: Path, data: bytes, words: str) -> None:
    path = tmp_path / "article.txt"
    path.write_bytes(data)
    with pytest.raises(SourceProblem, match=words):
        read_source(path)


def test_says_that_there_is_no_such_file(tmp_path: Path) -> None:
    with pytest.raises(SourceProblem, match="There is no file"):
        read_source(tmp_path / "article.txt")
    with pytest.raises(SourceProblem, match="is a folder"):
        read_source(tmp_path)
