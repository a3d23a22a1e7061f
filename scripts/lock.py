"""`make lock`: resolve requirements*.in into requirements*.txt, with a hash for every file.

The resolver is uv, in a folder of its own: it resolves for all of Python 3.11 to 3.13 at once,
which pip cannot. Nobody needs it to run the site. See docs/decisions/ for why.
"""

import sys

from starter.interpreter import require_suitable_python

require_suitable_python()

import os  # noqa: E402
from pathlib import Path  # noqa: E402

from starter import say  # noqa: E402
from starter.processes import CommandFailed, Stopped, run_to_end, stop_on_signals  # noqa: E402

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "var" / "lock"


def lock() -> int:
    """Write both files; 1, with the resolver's words, where there is no solution."""
    environment = dict(os.environ)
    uv = str(FOLDER / "bin" / "uv")
    commands = [
        *(
            []
            if Path(uv).exists()
            else [
                [sys.executable, "-m", "venv", str(FOLDER)],
                [str(FOLDER / "bin" / "python"), "-m", "pip", "install", "uv"],
            ]
        ),
        *(
            [
                *(uv, "pip", "compile", "--quiet", "--universal", "--python-version", "3.11"),
                *("--generate-hashes", "--no-emit-index-url"),
                *("--custom-compile-command", "make lock"),
                *(f"{name}.in", "--output-file", f"{name}.txt"),
            ]
            for name in ("requirements", "requirements-dev")
        ),
    ]
    for command in commands:
        say.line(" ".join(command).replace(f"{ROOT}/", ""))
        try:
            run_to_end(command, environment=environment, folder=ROOT)
        except CommandFailed as error:
            say.line(error.output)
            return 1
    return 0


if __name__ == "__main__":
    stop_on_signals()
    try:
        sys.exit(lock())
    except Stopped:
        sys.exit(130)
