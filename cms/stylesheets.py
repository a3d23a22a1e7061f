"""One stylesheet a page for everything the site looks like, put together without a build step.

The CSS is written one file a concern in `static/css/`; a phone on a slow line should wait for one
file, not for twenty. So a finder of static files offers `css/site-<palette>.css`: the frame, the
palette, and every file of `components/` by name. `collectstatic` collects, hashes and compresses
it like any other file, and a desk with DEBUG on gets a fresh one with every change.

The layers that `tokens.css` declares decide what wins; within `components` no file may count on
standing before or after another.
"""

import os
import re
import tempfile
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path, PurePosixPath
from posixpath import normpath, relpath
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder
from django.core.files.storage import FileSystemStorage

from cms.palettes import known_palette, palettes

FOLDER = PurePosixPath("css")
FIRST = ("tokens.css",)
FRAME = ("fonts.css", "base.css", "layout.css")
COMPONENTS = "components"
LAST = ("print.css",)

_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_ADDRESS = re.compile(r"""url\(\s*(["']?)(?!data:|https?:|/|#)([^"')]+)\1\s*\)""")


def stylesheet_path(palette: str) -> str:
    """Return the stylesheet for a palette, or the default's where there is none of that name."""
    return str(FOLDER / f"site-{known_palette(palette)}.css")


def parts(palette: str) -> list[PurePosixPath]:
    """Return the files a stylesheet is made of, in their order."""
    components = {
        path.name
        for root in settings.STATICFILES_DIRS
        for path in (Path(root) / FOLDER / COMPONENTS).glob("*.css")
    }
    names = [
        *FIRST,
        f"palettes/{palette}.css",
        *FRAME,
        *(f"{COMPONENTS}/{name}" for name in sorted(components)),
        *LAST,
    ]
    return [FOLDER / name for name in names]


def _source(path: PurePosixPath) -> Path:
    for root in settings.STATICFILES_DIRS:
        if (found := Path(root) / path).is_file():
            return found
    raise FileNotFoundError(f"static/{path} is missing")


def _seen_from_the_whole(css: str, *, part: PurePosixPath) -> str:
    """Let addresses that a part wrote relative to itself lead to the same file from `css/`."""

    def moved(match: re.Match[str]) -> str:
        address = relpath(normpath(part.parent / match[2]), FOLDER)
        return f'url("{address}")'

    return _ADDRESS.sub(moved, css)


def _lean(css: str) -> str:
    """Drop comments, indentation and empty lines; compression sees to the rest."""
    lines = (line.strip() for line in _COMMENT.sub("", css).splitlines())
    return "\n".join(line for line in lines if line)


@lru_cache(maxsize=256)
def _part(path: str, file: Path, _changed: int) -> str:
    css = file.read_text(encoding="utf-8")
    return _lean(_seen_from_the_whole(css, part=PurePosixPath(path)))


def stylesheet(palette: str) -> str:
    """Put the stylesheet for one palette together."""
    found = ((path, _source(path)) for path in parts(palette))
    return "\n".join(_part(str(path), file, file.stat().st_mtime_ns) for path, file in found) + "\n"


def write_if_changed(path: Path, content: str) -> None:
    """Replace the file where it says something else; another process may be reading it."""
    if path.is_file() and path.read_text(encoding="utf-8") == content:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".css")
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(content)
    Path(name).replace(path)


class StylesheetFinder(BaseFinder):
    """Offers the stylesheets among the static files, each made when it is asked for."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.storage = FileSystemStorage(location=settings.MADE_STATIC_ROOT)
        super().__init__(*args, **kwargs)

    def _made(self, palette: str) -> str:
        path = stylesheet_path(palette)
        write_if_changed(Path(self.storage.path(path)), stylesheet(palette))
        return path

    def find(self, path: str, find_all: bool = False, **kwargs: Any) -> Any:
        """Return where the stylesheet lies, if the path is one's."""
        made = next((name for name in palettes() if stylesheet_path(name) == path), None)
        if made is None:
            return []
        found = self.storage.path(self._made(made))
        return [found] if find_all else found

    def list(self, ignore_patterns: Any) -> Iterator[tuple[str, FileSystemStorage]]:
        """Return every palette's stylesheet."""
        for palette in palettes():
            yield self._made(palette), self.storage
