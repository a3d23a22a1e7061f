"""One ES module a page for what every page does, put together without a build step.

The modules are written one concern a file; a phone that fetches three files of a kilobyte waits for
three answers on the few lines a browser opens, and its first paint with them. So a finder of static
files offers `js/site.js`: each module's own text in a block of its own, so that no name of one is
seen by another. What is put together imports and exports nothing.
"""

import re
from collections.abc import Callable
from pathlib import Path

from django.contrib.staticfiles import finders
from django.core.exceptions import ImproperlyConfigured

from cms.made_files import MadeFileFinder

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


class SiteModuleFinder(MadeFileFinder):
    """Offers the module."""

    def makers(self) -> dict[str, Callable[[], str]]:
        """Return what puts the module together."""
        return {PATH: site_module}
