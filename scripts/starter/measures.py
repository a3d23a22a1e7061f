"""What `make bench` and `make soak` have in common: a folder of modules, each run by its name."""

import ast
import sys
from collections.abc import Callable
from pathlib import Path

from starter import say
from starter.processes import end, spawn
from starter.say import Problem
from starter.tools import ROOT, clean_environment


def modules(folder: Path) -> dict[str, str]:
    """Return each runnable module's name and the first line of what it says of itself."""
    found = {}
    for path in sorted(folder.glob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        if any(isinstance(node, ast.FunctionDef) and node.name == "main" for node in tree.body):
            found[path.stem] = (ast.get_docstring(tree) or "").partition("\n")[0]
    return found


def work_of(package: str, *, kind: str) -> Callable[[Path], int]:
    """Return what runs the modules of a package that were asked for, one after the other.

    It returns 1 where any of them was not met.
    """

    def work(python: Path) -> int:
        known = modules(ROOT / "scripts" / package)
        chosen = sys.argv[1:] or list(known)
        for name in chosen:
            if name not in known:
                raise Problem(f"There is no {kind} “{name}”. There are: {', '.join(known)}.")
        worst = 0
        for name in chosen:
            say.line(f"{name}: {known[name]}")
            process = spawn(
                [str(python), "-m", package, name],
                environment={**clean_environment(), "PYTHONPATH": str(ROOT / "scripts")},
                folder=ROOT,
            )
            try:
                worst = max(worst, min(process.wait(), 1))
            finally:
                end(process, patience=20)
            say.line()
        return worst

    return work
