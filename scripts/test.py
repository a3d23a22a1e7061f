"""`make test`: every test, on all cores; `make test ARGS="tests/funnel -k opt_in"` runs some."""

import sys

from starter.interpreter import require_suitable_python

require_suitable_python()

import os  # noqa: E402
import subprocess  # noqa: E402
from pathlib import Path  # noqa: E402

from starter import say  # noqa: E402
from starter.processes import end, spawn  # noqa: E402
from starter.tools import ROOT, clean_environment, run_with_tools  # noqa: E402


def run_tests(python: Path) -> int:
    """Run pytest with its output in this terminal, and return its exit code.

    The test database is made anew, so that a migration changed since the last run counts.
    """
    environment = {**clean_environment(), "DJANGO_SETTINGS_MODULE": "cms.settings.test"}
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    say.line(f"Running the tests on {cores} cores")
    process: subprocess.Popen[bytes] = spawn(
        [str(python), "-m", "pytest", "-n", str(cores), "--create-db", *sys.argv[1:]],
        environment=environment,
        folder=ROOT,
    )
    try:
        return process.wait()
    finally:
        end(process, patience=10)


if __name__ == "__main__":
    sys.exit(run_with_tools(run_tests))
