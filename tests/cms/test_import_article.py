"""`manage.py import_article`, as a person meets it."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from cms.models import ArticleIndexPage, ArticlePage

TEXT = """How to Begin Alone

Somebody has to.

Photo by Ada Sample

What Helps

- Say it once
- Say it early

Then wait.

Begin alone

TWO FREE LESSONS
"""


@pytest.fixture
def file(tmp_path: Path, articles: ArticleIndexPage) -> Path:
    """A text file, and a site to take it in."""
    path = tmp_path / "how-to-begin.txt"
    path.write_text(TEXT, encoding="utf-8")
    return path


def imported(file: Path, *arguments: str) -> str:
    """What the command says."""
    out = StringIO()
    call_command("import_article", str(file), *arguments, stdout=out)
    return out.getvalue()


def test_makes_a_draft_that_nobody_else_sees(client: Client, file: Path) -> None:
    said = imported(file)
    page = ArticlePage.objects.get()
    assert "Made a draft of “How to Begin Alone”" in said
    assert "1 heading, 2 paragraphs, 1 list (of 2 items), 1 picture credit" in said
    assert "new call to action “Begin alone”" in said
    assert f"http://localhost:8000/admin/pages/{page.pk}/edit/" in said
    assert client.get(page.url).status_code == 404


def test_published_it_is_a_page_with_its_credits_and_its_offer(client: Client, file: Path) -> None:
    assert "Published" in imported(file, "--publish")
    html = client.get(ArticlePage.objects.get().url).content.decode()
    for words in ("Somebody has to.", "Say it once", "Photo by Ada Sample", "TWO FREE LESSONS"):
        assert words in html, words
    assert html.count("Photo by Ada Sample") == 1
    assert "<form" in html


def test_says_that_it_was_imported_before(file: Path) -> None:
    imported(file)
    page = ArticlePage.objects.get()
    with pytest.raises(CommandError, match=rf"already is a draft.*/{page.pk}/edit/.*--again"):
        imported(file)
    assert ArticlePage.objects.count() == 1
    imported(file, "--again")
    assert ArticlePage.objects.count() == 2


def test_problems_are_sentences(tmp_path: Path, file: Path) -> None:
    with pytest.raises(CommandError, match="There is no file"):
        imported(tmp_path / "missing.txt")
    with pytest.raises(CommandError, match="There is no page 9999"):
        imported(file, "--parent", "9999")
    file.write_bytes(b"\x00\x01")
    with pytest.raises(CommandError, match="not plain text"):
        imported(file)


def test_a_file_without_a_title_is_called_as_the_file_is(file: Path) -> None:
    file.write_text(f"{'Words, ' * 40}and so on.\n\nThe end.", encoding="utf-8")
    imported(file)
    assert ArticlePage.objects.get().title == "How to begin"
