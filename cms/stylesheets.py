"""One stylesheet a page for everything the site looks like, put together without a build step.

The CSS is written one file a concern in `static/css/`; a phone on a slow line should wait for one
file, not for twenty. So a finder of static files offers `css/site-<palette>.css`: the frame, the
palette, and every file of `components/` by name. `collectstatic` collects, hashes and compresses
it like any other file, and a desk with DEBUG on gets a fresh one with every change.

The layers that `tokens.css` declares decide what wins; within `components` no file may count on
standing before or after another.
"""

import re
from collections.abc import Callable
from functools import lru_cache, partial
from pathlib import Path, PurePosixPath
from posixpath import normpath, relpath

from django.conf import settings

from cms.made_files import MadeFileFinder
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


class StylesheetFinder(MadeFileFinder):
    """Offers every palette's stylesheet."""

    def makers(self) -> dict[str, Callable[[], str]]:
        """Return what puts each stylesheet together, by its path."""
        return {stylesheet_path(name): partial(stylesheet, name) for name in palettes()}
