"""`make bench`: every measurement; `make bench ARGS="page_cache"` takes one."""

import sys

from starter.interpreter import require_suitable_python

require_suitable_python()

import ast  # noqa: E402
from pathlib import Path  # noqa: E402

from starter import say  # noqa: E402
from starter.processes import end, spawn  # noqa: E402
from starter.say import Problem  # noqa: E402
from starter.tools import ROOT, clean_environment, run_with_tools  # noqa: E402

FOLDER = ROOT / "scripts" / "bench"


def measurements() -> dict[str, str]:
    """Return each measurement's name and the first line of what it says of itself."""
    found = {}
    for path in sorted(FOLDER.glob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        if any(isinstance(node, ast.FunctionDef) and node.name == "main" for node in tree.body):
            found[path.stem] = (ast.get_docstring(tree) or "").partition("\n")[0]
    return found


def measure(python: Path) -> int:
    """Run the measurements asked for, one after the other; 1 where any of them was not met."""
    known = measurements()
    chosen = sys.argv[1:] or list(known)
    for name in chosen:
        if name not in known:
            raise Problem(f"There is no measurement “{name}”. There are: {', '.join(known)}.")
    worst = 0
    for name in chosen:
        say.line(f"{name}: {known[name]}")
        process = spawn(
            [str(python), "-m", "bench", name],
            environment={**clean_environment(), "PYTHONPATH": str(ROOT / "scripts")},
            folder=ROOT,
        )
        try:
            worst = max(worst, min(process.wait(), 1))
        finally:
            end(process, patience=20)
        say.line()
    return worst


if __name__ == "__main__":
    sys.exit(run_with_tools(measure))
