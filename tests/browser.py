"""Where a real browser is, for the journeys; without one they are skipped with the reason."""

import os
import shutil

NAMES = ("chromium", "chromium-browser", "google-chrome")
NO_CHROMIUM = (
    "There is no Chromium here: install Debian's package chromium, "
    "or name the program in the variable CHROMIUM."
)


def find_chromium() -> str | None:
    """Return the path of Chromium, or None; the variable CHROMIUM goes before PATH."""
    named = os.environ.get("CHROMIUM", "")
    return shutil.which(named) if named else next(filter(None, map(shutil.which, NAMES)), None)
