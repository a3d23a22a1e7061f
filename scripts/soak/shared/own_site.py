"""A site of a trial's own: an empty folder, an empty database on either engine, a web server."""

import os
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from bench.shared.site import EMPTY, PASSED_ON, free_ports
from starter.processes import end, spawn
from starter.say import Problem
from starter.tools import ROOT

READY_WITHIN_SECONDS = 60


@contextmanager
def own_database(url: str, folder: str) -> Iterator[str]:
    """Yield the address of an empty database; an empty `url` stands for SQLite."""
    if not url:
        yield f"sqlite:///{folder}/site.sqlite3"
        return
    name = f"unstuck_soak_{os.getpid()}"
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    try:
        yield f"{url.rpartition('/')[0]}/{name}"
    finally:
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@contextmanager
def own_environment(url: str, **changed: str) -> Iterator[dict[str, str]]:
    """Yield the environment of a site that shares nothing with anybody, as in production."""
    with tempfile.TemporaryDirectory(prefix="unstuck-soak-") as folder:
        (port,) = free_ports(1)
        (Path(folder) / "static").mkdir()
        with own_database(url, folder) as database:
            kept = {name: value for name, value in os.environ.items() if name in PASSED_ON}
            yield {
                **kept,
                **dict.fromkeys(EMPTY, ""),
                "DJANGO_SETTINGS_MODULE": "cms.settings.production",
                "PYTHONPATH": f"{ROOT}:{ROOT / 'scripts'}",
                "VAR_DIR": folder,
                "PORT": str(port),
                "SITE_URL": f"http://localhost:{port}",
                "DATABASE_URL": database,
                "SECRET_KEY": "for trials on this machine, and for nothing else whatsoever",
                "ADDRESS_HASH_KEY": "another one for trials on this machine",
                "DEBUG": "0",
                "DEMO": "1",
                "DEMO_PASSWORD": "spelled-out-for-trials",
                **changed,
            }


def inside(module: str, *words: str, environment: dict[str, str]) -> str:
    """Run a module of `soak.inside` with a site's environment; return what it printed."""
    done = subprocess.run(
        [sys.executable, "-m", f"soak.inside.{module}", *words],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    if done.returncode:
        raise Problem(f"{module} failed:\n{done.stderr[-2000:]}")
    return done.stdout


@contextmanager
def web_server(environment: dict[str, str]) -> Iterator[str]:
    """Run the site's web server with a single worker, and yield its address once it answers."""
    words = ("--interface", "wsgi", "--host", "127.0.0.1", "--port", environment["PORT"])
    process = spawn(
        [
            *(sys.executable, "-m", "granian", "cms.wsgi:application", *words),
            *("--workers", "1", "--blocking-threads", "1", "--no-ws", "--log-level", "warning"),
        ],
        environment=environment,
        folder=ROOT,
    )
    try:
        deadline = time.monotonic() + READY_WITHIN_SECONDS
        while not _answers(environment["SITE_URL"]):
            if process.poll() is not None or time.monotonic() > deadline:
                raise Problem("The site to try did not start; what it said stands above.")
            time.sleep(0.2)
        yield environment["SITE_URL"]
    finally:
        end(process, patience=10)


def _answers(url: str) -> bool:
    try:
        urllib.request.urlopen(f"{url}/healthz", timeout=5).close()  # noqa: S310
    except OSError:
        return False
    return True
