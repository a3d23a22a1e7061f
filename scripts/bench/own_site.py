"""The demo site for a measurement: `make run` itself, in a folder and on ports of its own."""

import contextlib
import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

from starter.processes import end, spawn
from starter.say import Problem
from starter.tools import ROOT, clean_environment

READY_WITHIN_SECONDS = 180
# What would lead it to somebody's real database, mail server or audience.
OF_ANOTHER_SITE = (
    "EMAIL_URL",
    "MAILCHIMP_API_KEY",
    "MAILCHIMP_API_URL",
    "MAILCHIMP_AUDIENCE_ID",
    "REDIS_URL",
)


def free_port() -> int:
    """Return a TCP port on which nobody listens on this machine at the moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def own_site() -> Iterator[str]:
    """Run the demo site, and give its address; nothing of it is left afterwards."""
    with tempfile.TemporaryDirectory(prefix="unstuck-bench-") as folder:
        port = free_port()
        address = f"http://localhost:{port}"
        var = Path(folder) / "var"
        environment = {
            **clean_environment(),
            **dict.fromkeys(OF_ANOTHER_SITE, ""),
            "VAR_DIR": str(var),
            "DATABASE_URL": f"sqlite:///{var / 'demo.sqlite3'}",
            "PORT": str(port),
            "SANDBOX_PORT": str(free_port()),
            "BIND": "127.0.0.1",
            "SITE_URL": "",
            "DEMO": "1",
            "DEBUG": "0",
        }
        log = Path(folder) / "log"
        with log.open("wb") as said:
            process = spawn(
                [sys.executable, str(ROOT / "scripts" / "run.py")],
                environment=environment,
                folder=ROOT,
                stdout=said.fileno(),
            )
        try:
            _wait(process, f"{address}/readyz", log)
            yield address
        finally:
            end(process, patience=20)


def _wait(process: "subprocess.Popen[bytes]", address: str, log: Path) -> None:
    deadline = time.monotonic() + READY_WITHIN_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        with (
            contextlib.suppress(OSError, urllib.error.HTTPError),
            urllib.request.urlopen(address, timeout=5),  # noqa: S310
        ):
            return
        time.sleep(0.25)
    tail = log.read_text(encoding="utf-8", errors="replace")[-2000:]
    raise Problem(f"The demo site did not start:{os.linesep}{tail}")
