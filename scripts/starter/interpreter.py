"""Which Python may make `.venv`.

This file is read by whatever `python3` a stranger has, so it keeps to syntax of Python 3.6.
"""

import os
import sys

OLDEST = (3, 11)
NEWEST = (3, 13)
ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))


def require_suitable_python():
    # type: () -> None
    """Go on, or go on under the `.venv` that a suitable Python made, or say what is missing.

    Raises SystemExit with one sentence. A machine's `python3` may well be newer than the newest
    version that the pinned packages have been tried with.
    """
    version = sys.version_info[:2]
    if OLDEST <= version <= NEWEST:
        return
    finished = os.path.join(ROOT, ".venv", "unstuck.json")
    python = os.path.join(ROOT, ".venv", "bin", "python")
    if os.path.exists(finished) and os.path.exists(python):
        os.execv(python, [python, *sys.argv])  # noqa: S606
    sys.exit(
        "Unstuck needs Python 3.11, 3.12 or 3.13, and this is Python %d.%d: install one of them "
        "and name it, for example `make run PYTHON=python3.13`." % version
    )
