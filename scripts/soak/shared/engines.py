"""The database engines of this machine, and the tests as trials: more of the same, and seeded."""

import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg

from starter import say
from starter.processes import end, spawn
from starter.tools import ROOT, clean_environment

POSTGRESQL = os.environ.get("TEST_POSTGRESQL_URL", "postgres://postgres@127.0.0.1:5432/postgres")


def engines() -> Iterator[tuple[str, str]]:
    """Yield each engine's name and address; SQLite's is empty, PostgreSQL is there or is not."""
    yield "SQLite", ""
    try:
        psycopg.connect(POSTGRESQL, connect_timeout=2).close()
    except psycopg.OperationalError:
        say.line("  Skipped: no PostgreSQL answers at TEST_POSTGRESQL_URL.")
        return
    yield "PostgreSQL", POSTGRESQL


def chosen_seed() -> int:
    """Return the seed that SOAK_SEED names, else a new one; every trial prints its own."""
    named = os.environ.get("SOAK_SEED", "")
    return int(named) if named.isdigit() else random.SystemRandom().randrange(10**6)


def try_tests(path: str, *, database: str = "", **settings: str) -> int:
    """Run a file of tests in a folder and a database of their own; return 1 where one fails.

    What the tests print stands in the terminal.
    """
    name = f"unstuck_soak_{os.getpid()}"
    with tempfile.TemporaryDirectory(prefix="unstuck-soak-") as folder:
        environment = {
            **clean_environment(),
            "DJANGO_SETTINGS_MODULE": "cms.settings.test",
            # Not the one in which somebody may be running the tests meanwhile.
            "DATABASE_URL": f"{database.rpartition('/')[0]}/{name}"
            if database
            else "sqlite:///:memory:",
            "VAR_DIR": str(Path(folder) / "var"),
            **settings,
        }
        began = time.monotonic()
        process: subprocess.Popen[bytes] = spawn(
            [
                *(sys.executable, "-m", "pytest", "-q", "-s", "--no-header", "--create-db"),
                *("-p", "no:cacheprovider", "-p", "no:xdist", path),
            ],
            environment=environment,
            folder=ROOT,
        )
        try:
            failed = process.wait()
        finally:
            end(process, patience=20)
            if database:
                with psycopg.connect(database, autocommit=True) as connection:
                    connection.execute(f"DROP DATABASE IF EXISTS test_{name} WITH (FORCE)")
    say.line(f"  {time.monotonic() - began:.0f} s")
    return min(abs(failed), 1)
