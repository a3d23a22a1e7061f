"""One ES module a page for what every page does, put together without a build step.

The modules are written one concern a file; a phone that fetches three files of a kilobyte waits for
three answers on the few lines a browser opens, and its first paint with them. So a finder of static
files offers `js/site.js`: each module's own text in a block of its own, so that no name of one is
seen by another. What is put together imports and exports nothing.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.finders import BaseFinder
from django.core.exceptions import ImproperlyConfigured
from django.core.files.storage import FileSystemStorage

from cms.stylesheets import write_if_changed

PATH = "js/site.js"
PARTS = ("js/quick_exit.js", "funnel/cycle.js", "funnel/opt_in.js")

_IMPORTS = re.compile(r"^\s*(?:import|export)\b", re.MULTILINE)
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)


def _text(path: str) -> str:
    found = finders.find(path)
    if not isinstance(found, str):
        raise FileNotFoundError(f"static/{path} is missing")
    text = Path(found).read_text(encoding="utf-8")
    if _IMPORTS.search(text):
        raise ImproperlyConfigured(
            f"{path} imports or exports something. Link it by itself, or take it out of PARTS."
        )
    lines = (line.strip() for line in _COMMENT.sub("", text).splitlines())
    return "\n".join(line for line in lines if line)


def site_module() -> str:
    """Put the module together, the way out first."""
    return "".join(f"{{\n{_text(path)}\n}}\n" for path in PARTS)


class SiteModuleFinder(BaseFinder):
    """Offers the module among the static files, made when it is asked for."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.storage = FileSystemStorage(location=settings.MADE_STATIC_ROOT)
        super().__init__(*args, **kwargs)

    def _made(self) -> str:
        write_if_changed(Path(self.storage.path(PATH)), site_module())
        return PATH

    def find(self, path: str, find_all: bool = False, **kwargs: Any) -> Any:
        """Return where the module lies, if the path is its own."""
        if path != PATH:
            return []
        found = self.storage.path(self._made())
        return [found] if find_all else found

    def list(self, ignore_patterns: Any) -> Iterator[tuple[str, FileSystemStorage]]:
        """Return the module."""
        yield self._made(), self.storage
