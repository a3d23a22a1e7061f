"""The layers are checked: a planted violation of each contract is found."""

import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
PLANTED = {
    "cms/planted.py": "import home\n",
    "funnel/models/planted.py": "import funnel.mailing\n",
    "funnel/services/planted_hen.py": "import funnel.services.planted_egg\n",
    "funnel/services/planted_egg.py": "import funnel.services.planted_hen\n",
    "funnel/queries/planted.py": "import mailchimp_marketing\n",
    "funnel/sandbox/planted.py": "import funnel.choices\n",
    "cms/planted_too.py": "import funnel.sandbox\n",
}


def _lint(folder: Path) -> tuple[int, str]:
    """Return import-linter's exit code and words about the code in `folder`."""
    command = "import sys; from importlinter.cli import lint_imports; sys.exit(lint_imports())"
    ended = subprocess.run(
        [sys.executable, "-c", f"import sys; sys.path.insert(0, '.'); {command}"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    return ended.returncode, ended.stdout + ended.stderr


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    """A copy of the code, to plant things in."""
    for name in ("home", "cms", "funnel"):
        shutil.copytree(
            ROOT / name,
            tmp_path / name,
            ignore=lambda folder, names: {
                entry
                for entry in names
                if not entry.endswith(".py") and not (Path(folder) / entry).is_dir()
            },
        )
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def test_every_contract_finds_its_planted_violation(copied: Path) -> None:
    for path, text in PLANTED.items():
        (copied / path).write_text(text)
    code, said = _lint(copied)
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]
    assert code == 1, said
    for contract in contracts["contracts"]:
        assert f"{contract['name']} BROKEN" in said, said


def test_a_funnel_module_without_a_layer_is_found(copied: Path) -> None:
    (copied / "funnel" / "planted.py").touch()
    code, said = _lint(copied)
    assert code != 0
    assert "planted" in said
