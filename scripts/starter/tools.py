"""What `make test`, `make check` and `make format` have in common."""

import os
import sys
from collections.abc import Callable
from pathlib import Path

from starter import say
from starter.processes import Stopped, stop_on_signals
from starter.requirements import ensure_packages
from starter.say import Problem

ROOT = Path(__file__).resolve().parent.parent.parent
# Neither make's own variables nor another project's modules belong into what is run here.
NOT_PASSED_ON = ("MAKEFLAGS", "MFLAGS", "MAKELEVEL", "PYTHONPATH", "PYTHONHOME")
OUR_TEMPLATES = ("templates", "funnel/templates", "cms/templates", "home/templates")


def clean_environment() -> dict[str, str]:
    """Return this process's environment without what would lead tools astray."""
    return {name: value for name, value in os.environ.items() if name not in NOT_PASSED_ON}


def tool(name: str) -> str:
    """Return the path of a program that `.venv` brings."""
    return str(ROOT / ".venv" / "bin" / name)


def templates() -> list[str]:
    """Return every template of ours."""
    return [
        str(path.relative_to(ROOT))
        for folder in OUR_TEMPLATES
        for path in sorted((ROOT / folder).rglob("*.html"))
    ]


def run_with_tools(work: Callable[[Path], int]) -> int:
    """Make `.venv` with everything in it, hand its Python to `work`, and return its exit code."""
    stop_on_signals()
    try:
        return work(ensure_packages(ROOT, for_tests=True, environment=clean_environment()))
    except Stopped:
        say.line("\nStopped.")
        return 130
    except Problem as problem:
        sys.stderr.write(f"{problem}\n")
        return 1
