"""`manage.py import_article FILE`: a text file of the coach's becomes a draft article."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.urls import reverse

from cms.importing.build import (
    AlreadyThere,
    ImportedArticle,
    ImportProblem,
    build_article,
    list_of_articles,
)
from cms.importing.parse import BulletList, Credit, Heading, ParsedArticle, parse_article
from cms.importing.sources import SourceProblem, read_source


class Command(BaseCommand):
    """Read, parse, build, and say what came of it."""

    help = (
        "Make a draft article of a plain-text file: its title, headings, lists, paragraphs and "
        "picture credits, and the offer at its end as a call to action. No word of it is lost."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the file, where it goes, and what to do where it was imported before."""
        parser.add_argument("file", type=Path, help="the text file")
        parser.add_argument("--publish", action="store_true", help="publish it at once")
        parser.add_argument(
            "--parent", type=int, help="number of the list of articles it goes into"
        )
        parser.add_argument(
            "--again",
            action="store_true",
            help="import it as a second page where an article with its title is there already",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it; every problem is one sentence."""
        path: Path = options["file"]
        try:
            parsed = parse_article(read_source(path))
            imported = build_article(
                parsed=parsed,
                parent=list_of_articles(pk=options["parent"]),
                fallback_title=path.stem.replace("-", " ").replace("_", " ").strip().capitalize(),
                publish=options["publish"],
                again=options["again"],
            )
        except AlreadyThere as problem:
            raise CommandError(
                f"{problem} Edit it at {edit_address(problem.page.pk)}, or add --again to make a "
                "second page."
            ) from problem
        except (SourceProblem, ImportProblem) as problem:
            raise CommandError(str(problem)) from problem
        self._report(parsed, imported)

    def _report(self, parsed: ParsedArticle, imported: ImportedArticle) -> None:
        page = imported.page
        state = "Published" if page.live else "Made a draft of"
        self.stdout.write(f"{state} “{page.title}”: {summary(parsed)}.")
        if imported.call_to_action is not None:
            name = imported.call_to_action.name
            made = "became the new" if imported.call_to_action_is_new else "is the"
            self.stdout.write(f"The offer at its end {made} call to action “{name}”.")
        waiting = page.credits_awaiting_picture()
        if waiting:
            self.stdout.write(
                f"Waiting for their pictures: {'; '.join(waiting)}. Until then the page lists "
                "them at its end."
            )
        if page.live:
            self.stdout.write(f"Read it at {page.full_url}")
        self.stdout.write(f"Edit it at {edit_address(page.pk)}")


def edit_address(pk: int) -> str:
    """Return where a page is edited in the admin."""
    path = reverse("wagtailadmin_pages:edit", args=[pk])
    return f"{settings.WAGTAILADMIN_BASE_URL}{path}"


def summary(parsed: ParsedArticle) -> str:
    """Return how much of what was found, for a person to compare with the file."""
    lists = [part for part in parsed.parts if isinstance(part, BulletList)]
    headings = sum(isinstance(part, Heading) for part in parsed.parts)
    credit_count = sum(isinstance(part, Credit) for part in parsed.parts)
    paragraphs = len(parsed.parts) - len(lists) - headings - credit_count
    items = " and ".join(str(len(part.items)) for part in lists)
    return ", ".join(
        [
            _counted(headings, "heading"),
            _counted(paragraphs, "paragraph"),
            _counted(len(lists), "list") + (f" (of {items} items)" if lists else ""),
            _counted(credit_count, "picture credit"),
        ]
    )


def _counted(number: int, thing: str) -> str:
    return f"{number} {thing}" if number == 1 else f"{number} {thing}s"
