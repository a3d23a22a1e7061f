"""What a measure says where this machine can't take it."""

import shutil


class Missing(Exception):
    """Something a measure needs is not on this machine; the text is one sentence that says what."""


def program(name: str, *, package: str) -> str:
    """Return the path of a program, or raise `Missing` with the package that brings it."""
    found = shutil.which(name)
    if found is None:
        raise Missing(f"there is no {name} here (Debian: apt install {package}).")
    return found
