"""`.venv` is made once, and anew when it cannot be trusted. These tests fetch no package."""

import importlib.util
import shutil
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from starter import requirements
from starter.ports import require_free_port
from starter.processes import CommandFailed
from starter.requirements import MARKER, ensure_packages
from starter.say import Problem

ROOT = Path(__file__).resolve().parent.parent.parent


class Commands:
    """Stands in for running programs: notes each, and makes what `venv` would make."""

    def __init__(self) -> None:
        self.said: list[str] = []
        self.fails_at = ""

    def __call__(self, command: list[str], **rest: Any) -> str:
        what = "venv" if "venv" in command else "pip"
        self.said.append(what)
        if what == self.fails_at:
            raise CommandFailed(1, "No matching distribution found")
        if what == "venv":
            bin_folder = Path(command[-1]) / "bin"
            bin_folder.mkdir(parents=True)
            (bin_folder / "python").symlink_to(sys.executable)
        else:
            assert "--require-hashes" in command
            assert command[command.index("--only-binary") + 1] == ":all:"
        return ""


@pytest.fixture
def commands(monkeypatch: pytest.MonkeyPatch) -> Commands:
    """Commands that are noted and not run."""
    commands = Commands()
    monkeypatch.setattr(requirements, "run_to_end", commands)
    return commands


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A checkout with two lists of packages."""
    (tmp_path / "requirements.txt").write_text("django==5.2.19\n")
    (tmp_path / "requirements-dev.txt").write_text("pytest==9\n")
    return tmp_path


def _ensure(folder: Path, *, for_tests: bool = False) -> None:
    ensure_packages(folder, for_tests=for_tests, environment={})


def test_a_second_run_does_nothing(folder: Path, commands: Commands) -> None:
    _ensure(folder)
    assert commands.said == ["venv", "pip"]
    _ensure(folder)
    assert commands.said == ["venv", "pip"]


def test_changed_requirements_are_installed_into_what_is_there(
    folder: Path, commands: Commands
) -> None:
    _ensure(folder)
    (folder / "requirements.txt").write_text("django==5.2.20\n")
    _ensure(folder)
    assert commands.said == ["venv", "pip", "pip"]


def test_tests_add_their_packages_and_a_later_run_keeps_them(
    folder: Path, commands: Commands
) -> None:
    _ensure(folder)
    _ensure(folder, for_tests=True)
    _ensure(folder)
    assert commands.said == ["venv", "pip", "pip"]


def test_an_installation_cut_short_is_made_anew(folder: Path, commands: Commands) -> None:
    commands.fails_at = "pip"
    with pytest.raises(Problem, match="No matching distribution found"):
        _ensure(folder)
    assert not (folder / ".venv" / MARKER).exists()
    leftover = folder / ".venv" / "half-written"
    leftover.touch()
    commands.fails_at = ""
    _ensure(folder)
    assert commands.said == ["venv", "pip", "venv", "pip"]
    assert not leftover.exists()


def test_a_folder_that_was_moved_gets_a_new_one(
    folder: Path, commands: Commands, tmp_path_factory: pytest.TempPathFactory
) -> None:
    _ensure(folder)
    moved = tmp_path_factory.mktemp("elsewhere") / "unstuck"
    shutil.copytree(folder, moved, symlinks=True)
    _ensure(moved)
    assert commands.said == ["venv", "pip"] * 2


def test_a_python_that_went_away_gets_a_new_one(folder: Path, commands: Commands) -> None:
    _ensure(folder)
    python = folder / ".venv" / "bin" / "python"
    python.unlink()
    python.symlink_to("/nowhere/python3")
    _ensure(folder)
    assert commands.said == ["venv", "pip"] * 2


def test_a_missing_venv_module_is_one_sentence_with_the_package(
    folder: Path, commands: Commands, monkeypatch: pytest.MonkeyPatch
) -> None:
    find = importlib.util.find_spec
    monkeypatch.setattr(
        importlib.util, "find_spec", lambda name: None if name == "ensurepip" else find(name)
    )
    with pytest.raises(Problem, match=r"apt install python3-venv") as problem:
        _ensure(folder)
    assert "\n" not in str(problem.value)
    assert commands.said == []


def test_another_python_is_one_sentence() -> None:
    script = (
        "import sys; sys.version_info = (3, 14, 0); sys.path.insert(0, 'scripts'); "
        "from starter import interpreter; interpreter.ROOT = '/nowhere'; "
        "interpreter.require_suitable_python()"
    )
    ended = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert ended.returncode == 1
    assert ended.stderr.count("\n") == 1
    assert "this is Python 3.14" in ended.stderr


@pytest.mark.parametrize("address", ["127.0.0.1", "::1", "0.0.0.0"])  # noqa: S104
def test_a_taken_port_is_one_sentence(address: str) -> None:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with socket.socket(family) as taken:
        try:
            taken.bind((address, 0))
        except OSError:
            pytest.skip(f"This machine has no {address}.")
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(Problem, match=rf"Port {port} is taken .*make run SANDBOX_PORT="):
            require_free_port("SANDBOX_PORT", port)
    require_free_port("SANDBOX_PORT", port)
