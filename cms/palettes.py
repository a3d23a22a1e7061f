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
_FIRST_LINE = re.compile(r"/\*\s*(.+?)\s*\*/")


@lru_cache(maxsize=1)
def palettes() -> dict[str, str]:
    """Return the palettes there are: the file's name without ending, and its words."""
    found = {}
    for root in settings.STATICFILES_DIRS:
        for path in sorted((Path(root) / FOLDER).glob("*.css")):
            first_line = path.read_text(encoding="utf-8").partition("\n")[0]
            match = _FIRST_LINE.match(first_line)
            found[path.stem] = match.group(1) if match else path.stem.capitalize()
    return found


def palette_choices() -> list[tuple[str, str]]:
    """The palettes for a form, the default first."""
    return sorted(palettes().items(), key=lambda palette: (palette[0] != DEFAULT, palette[1]))


def known_palette(name: str) -> str:
    """Return the palette’s name, or the default’s where its file has gone."""
    return name if name in palettes() else DEFAULT
