"""What a person reads in the terminal while things are being made ready."""

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager


class Problem(Exception):
    """Something a person can put right; its text is the one sentence they get to read."""


def write(text: str) -> None:
    """Print at once; a terminal that has gone away is no reason to fail."""
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def line(text: str = "") -> None:
    """Print one line at once."""
    write(f"{text}\n")


@contextmanager
def step(text: str) -> Iterator[None]:
    """Announce a step, run it, and say in seconds how long it took."""
    began = time.monotonic()
    write(f"  {text} … ")
    try:
        yield
    except BaseException:
        line()
        raise
    line(f"{time.monotonic() - began:.1f} s")
