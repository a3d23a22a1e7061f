"""`make test`: every test, on all cores; `make test ARGS="tests/funnel -k opt_in"` runs some."""

import sys

from starter.interpreter import require_suitable_python

require_suitable_python()

import os  # noqa: E402
import subprocess  # noqa: E402
from collections.abc import Sequence  # noqa: E402
from pathlib import Path  # noqa: E402

from starter import say  # noqa: E402
from starter.processes import end, spawn  # noqa: E402
from starter.tools import ROOT, clean_environment, run_with_tools  # noqa: E402

# What an engine may do differently: constraints, triggers, locks, transactions, queries.
DATABASE_TESTS = (
    "tests/funnel/services",
    "tests/funnel/queries",
    "tests/funnel/admin",
    "tests/funnel/test_append_only.py",
    "tests/cms/test_search.py",
    "tests/invariants",
)
POSTGRESQL = os.environ.get("TEST_POSTGRESQL_URL", "postgres://postgres@127.0.0.1:5432/postgres")
CONNECT = "import sys, psycopg; psycopg.connect(sys.argv[1], connect_timeout=2).close()"


def postgresql_answers(python: Path) -> bool:
    """Whether a PostgreSQL is there to run the database's tests on as well."""
    return (
        subprocess.run(
            [str(python), "-c", CONNECT, POSTGRESQL.replace("postgres://", "postgresql://", 1)],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            check=False,
        ).returncode
        == 0
    )


def run_all(python: Path) -> int:
    """Run the tests asked for; without a choice, the database's tests on PostgreSQL, too."""
    if len(sys.argv) > 1:
        return run_tests(python, sys.argv[1:])
    on_postgresql = 0
    if postgresql_answers(python):
        say.line("The database's tests on PostgreSQL")
        on_postgresql = run_tests(python, DATABASE_TESTS, DATABASE_URL=POSTGRESQL)
        say.line("Every test on SQLite")
    else:
        say.line(
            "No PostgreSQL answers at TEST_POSTGRESQL_URL, so its tests are skipped: "
            "everything runs on SQLite alone."
        )
    return run_tests(python, ()) or on_postgresql


def run_tests(python: Path, chosen: Sequence[str], **settings: str) -> int:
    """Run pytest with its output in this terminal, and return its exit code.

    The test database is made anew, so that a migration changed since the last run counts.
    """
    environment = {
        **clean_environment(),
        **settings,
        "DJANGO_SETTINGS_MODULE": "cms.settings.test",
    }
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    say.line(f"Running the tests on {cores} cores")
    process: subprocess.Popen[bytes] = spawn(
        [str(python), "-m", "pytest", "-n", str(cores), "--create-db", *chosen],
        environment=environment,
        folder=ROOT,
    )
    try:
        return process.wait()
    finally:
        end(process, patience=10)


if __name__ == "__main__":
    sys.exit(run_with_tools(run_all))
