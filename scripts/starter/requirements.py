"""`.venv`: made once, with exactly the pinned packages, and made anew when it can't be trusted."""

import contextlib
import fcntl
import hashlib
import importlib.util
import json
import os
import shutil
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

from starter import say
from starter.processes import CommandFailed, run_to_end
from starter.say import Problem

MARKER = "unstuck.json"
MISSING_VENV = (
    "This Python cannot make virtual environments: install Debian's package python3-venv "
    "(apt install python3-venv), then run this again."
)


@contextlib.contextmanager
def setup_lock(root: Path) -> Iterator[None]:
    """Let one process at a time make things ready in this folder; a second one waits."""
    (root / "var").mkdir(exist_ok=True)
    with (root / "var" / "setup.lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say.line("  Waiting for another `make` that is preparing this folder …")
            fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _identity(venv: Path) -> dict[str, str]:
    """What must still be so for a finished `.venv` to work: its own place and its Python."""
    return {"place": str(venv), "python": os.path.realpath(venv / "bin" / "python")}


def _marked(venv: Path) -> dict[str, str]:
    """Return the marker of a finished `.venv` that still works, else {}."""
    try:
        marker = json.loads((venv / MARKER).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    is_whole = isinstance(marker, dict) and all(
        marker.get(name) == value for name, value in _identity(venv).items()
    )
    return marker if is_whole and (venv / "bin" / "python").exists() else {}


def ensure_packages(root: Path, *, for_tests: bool, environment: Mapping[str, str]) -> Path:
    """Return `.venv`'s Python, with all pinned packages in place.

    Where nothing changed since the last time, this reads two small files and is done. The marker
    is removed before anything is touched and written after everything has worked, so that an
    installation cut short is seen, and made anew.
    """
    with setup_lock(root):
        venv = root / ".venv"
        marker = _marked(venv)
        wanted = {"requirements": _digest(root / "requirements.txt")}
        files = ["requirements.txt"]
        if for_tests or marker.get("requirements-dev"):
            wanted["requirements-dev"] = _digest(root / "requirements-dev.txt")
            files.append("requirements-dev.txt")
        python = venv / "bin" / "python"
        if marker and all(marker.get(name) == digest for name, digest in wanted.items()):
            return python
        (venv / MARKER).unlink(missing_ok=True)
        if not marker:
            _make(venv, environment=environment)
        _install(python, files, root=root, environment=environment)
        (venv / MARKER).write_text(
            json.dumps({**wanted, **_identity(venv)}, indent=2) + "\n", encoding="utf-8"
        )
        return python


def _make(venv: Path, *, environment: Mapping[str, str]) -> None:
    if not all(importlib.util.find_spec(name) for name in ("venv", "ensurepip")):
        raise Problem(MISSING_VENV)
    if venv.is_symlink() or venv.exists():
        with say.step("Removing a .venv that was not finished, or was made elsewhere"):
            if venv.is_symlink() or venv.is_file():
                venv.unlink()
            else:
                shutil.rmtree(venv)
    version = ".".join(str(part) for part in sys.version_info[:3])
    with say.step(f"Making .venv with Python {version}"):
        try:
            run_to_end([sys.executable, "-m", "venv", str(venv)], environment=environment)
        except CommandFailed as error:
            raise Problem(f"{MISSING_VENV}\n{error.tail()}") from error


def _install(python: Path, files: list[str], *, root: Path, environment: Mapping[str, str]) -> None:
    arguments = [part for name in files for part in ("--requirement", name)]
    with say.step(f"Installing the packages of {' and '.join(files)}"):
        try:
            run_to_end(
                [
                    *(str(python), "-m", "pip", "install", "--disable-pip-version-check"),
                    *("--no-input", "--progress-bar", "off"),
                    *("--require-hashes", "--only-binary", ":all:"),
                    *arguments,
                ],
                environment=environment,
                folder=root,
            )
        except CommandFailed as error:
            raise Problem(
                f"pip could not install the packages; its last words were:\n{error.tail()}\n"
                "Is the network reachable? Running the same command again starts afresh."
            ) from error
