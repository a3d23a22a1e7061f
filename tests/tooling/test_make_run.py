"""`make run` itself, from start to Ctrl-C and once more, in a folder of data of its own."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.processes import free_port, wait_until

ROOT = Path(__file__).resolve().parent.parent.parent
FINISHED = ROOT / ".venv" / "unstuck.json"
STARTS_WITHIN_SECONDS = 180


def _living(var: Path) -> dict[int, str]:
    """Return the command lines of all processes whose environment names this folder of data."""
    needle = f"VAR_DIR={var}".encode()
    living = {}
    for folder in Path("/proc").iterdir():
        try:
            if folder.name.isdigit() and needle in (folder / "environ").read_bytes().split(b"\0"):
                words = (folder / "cmdline").read_bytes().replace(b"\0", b" ")
                living[int(folder.name)] = words.decode(errors="replace").strip()
        except OSError:
            continue
    return living


@contextmanager
def _run(
    var: Path, environment: dict[str, str], *arguments: str
) -> Iterator[tuple[subprocess.Popen[bytes], str]]:
    """Start `make run`; yields it and what it said until everything was up."""
    log = var.parent / "said.txt"
    with log.open("wb") as said:
        make = subprocess.Popen(
            ["make", "run", *arguments],
            cwd=ROOT,
            env=environment,
            stdout=said,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        wait_until(
            lambda: "Ctrl-C stops" in log.read_text() or make.poll() is not None,
            seconds=STARTS_WITHIN_SECONDS,
            what="make run prints the addresses",
        )
        assert make.poll() is None, log.read_text()
        yield make, log.read_text()
    finally:
        for pid in _living(var):
            os.kill(pid, signal.SIGKILL)
        make.wait()


def _stop(make: subprocess.Popen[bytes], var: Path, *, whole_group: bool) -> None:
    """Press Ctrl-C, or send its signal to make alone, and see everything end."""
    if whole_group:
        os.killpg(make.pid, signal.SIGINT)
    else:
        os.kill(make.pid, signal.SIGINT)
    wait_until(lambda: make.poll() is not None, seconds=20, what="make ends")
    wait_until(lambda: not _living(var), seconds=5, what="no process is left")


@pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="Looks into Linux's /proc.")
@pytest.mark.skipif(
    not FINISHED.exists(), reason="make would make .venv anew: start the tests with `make test`."
)
@pytest.mark.skipif((ROOT / ".env").exists(), reason="A .env of this checkout has its own say.")
def test_it_starts_stops_and_starts_again(tmp_path: Path) -> None:
    var = tmp_path / "var"
    ports = [f"PORT={free_port()}", f"SANDBOX_PORT={free_port()}"]
    environment = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "VAR_DIR": str(var)}
    with _run(var, environment, *ports) as (make, said):
        assert f"http://localhost:{ports[0].removeprefix('PORT=')}/admin/" in said
        assert all(f"    {name} " in said for name in ("coach", "marketing", "admin"))
        assert "Traceback" not in said
        # A second terminal knows the folder only, and sees the same site.
        status = subprocess.run(
            [sys.executable, "manage.py", "funnel_status", "--json"],
            cwd=ROOT,
            env=environment,
            capture_output=True,
            text=True,
            check=True,
        )
        assert json.loads(status.stdout)["mailchimp"]["ok"], status.stdout
        _stop(make, var, whole_group=False)
    with _run(var, environment, *ports) as (make, said):
        assert "Collecting static files" not in said
        assert "Making .venv" not in said
        _stop(make, var, whole_group=True)
    goodbye = (tmp_path / "said.txt").read_text()
    assert "Stopped. Nothing is left running" in goodbye
    assert "Traceback" not in goodbye
