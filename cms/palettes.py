"""The palettes a coach can choose from: each is one file of colours, light and dark.

A new one is a new file in `static/css/palettes/`; its first line is a comment with its name and,
after a colon, how it looks.
"""

import re
from functools import lru_cache
from pathlib import Path

from django.conf import settings

FOLDER = "css/palettes"
DEFAULT = "hearth"
_DARK = "@media (prefers-color-scheme: dark)"
_COLOR = re.compile(r"--([\w-]+): (#[0-9a-f]{6});")
_FIRST_LINE = re.compile(r"/\*\s*(.+?)\s*\*/")


@lru_cache(maxsize=1)
def palettes() -> dict[str, str]:
    """Return the palettes there are: the file's name without ending, and its words."""
    found = {}
    for name, path in _files().items():
        match = _FIRST_LINE.match(path.read_text(encoding="utf-8").partition("\n")[0])
        found[name] = match.group(1) if match else name.capitalize()
    return found


def _files() -> dict[str, Path]:
    return {
        path.stem: path
        for root in settings.STATICFILES_DIRS
        for path in sorted((Path(root) / FOLDER).glob("*.css"))
    }


def colors(name: str, scheme: str) -> dict[str, str]:
    """Return the palette's colors by the name of what they are for; `scheme` is light or dark."""
    light, _, dark = _files()[name].read_text(encoding="utf-8").partition(_DARK)
    return dict(_COLOR.findall(light)) | (dict(_COLOR.findall(dark)) if scheme == "dark" else {})


def palette_choices() -> list[tuple[str, str]]:
    """The palettes for a form, the default first."""
    return sorted(palettes().items(), key=lambda palette: (palette[0] != DEFAULT, palette[1]))


def known_palette(name: str) -> str:
    """Return the palette’s name, or the default’s where its file has gone."""
    return name if name in palettes() else DEFAULT
