"""What a person reads in the terminal while things are being made ready."""

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager


class Problem(Exception):
    """Something a person can put right; its text is the one sentence they get to read."""


_step_awaits_its_time = False


def _write(text: str) -> None:
    """Print at once; a terminal that has gone away is no reason to fail."""
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def line(text: str = "") -> None:
    """Print one line at once, below a step that is still going on."""
    global _step_awaits_its_time
    _write(f"\n{text}\n" if _step_awaits_its_time else f"{text}\n")
    _step_awaits_its_time = False


@contextmanager
def step(text: str) -> Iterator[None]:
    """Announce a step, run it, and say in seconds how long it took."""
    global _step_awaits_its_time
    began = time.monotonic()
    _write(f"  {text} … ")
    _step_awaits_its_time = True
    try:
        yield
    except BaseException:
        if _step_awaits_its_time:
            line("  … cut short")
        raise
    taken = f"{time.monotonic() - began:.1f} s"
    _write(f"{taken}\n" if _step_awaits_its_time else f"  … {taken}\n")
    _step_awaits_its_time = False
