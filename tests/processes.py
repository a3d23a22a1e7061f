"""Real processes for the tests that need them: started, waited for, and always ended."""

import contextlib
import ctypes
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TypeVar

_T = TypeVar("_T")
_PR_SET_PDEATHSIG = 1


def free_port() -> int:
    """Return a TCP port on which nobody listens on this machine at the moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_until(ask: Callable[[], _T], *, seconds: float, what: str) -> _T:
    """Ask until the answer is true, and return it; AssertionError with `what` when time is up.

    For what other processes do in their own time: nothing is waited longer than it takes.
    """
    deadline = time.monotonic() + seconds
    pause = threading.Event()
    while True:
        answer = ask()
        if answer:
            return answer
        if time.monotonic() > deadline:
            raise AssertionError(f"Waited {seconds:.0f} seconds in vain: {what}.")
        pause.wait(0.05)


def answers(port: int) -> bool:
    """Whether something takes connections on this port of this machine."""
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=1):
            return True
    except OSError:
        return False


def run_python(
    *arguments: str | Path, folder: Path, environment: Mapping[str, str], seconds: float = 120
) -> subprocess.CompletedProcess[str]:
    """Run this Python with these arguments to its end; output and exit code are in the result."""
    return subprocess.run(
        [sys.executable, *map(str, arguments)],
        cwd=folder,
        env=dict(environment),
        capture_output=True,
        text=True,
        timeout=seconds,
        check=False,
    )


def _end_with_parent() -> None:
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


class Program:
    """A program that runs until it is stopped; what it says goes into a file."""

    def __init__(
        self,
        name: str,
        command: Sequence[str],
        *,
        folder: Path,
        environment: Mapping[str, str],
        log: Path,
    ) -> None:
        self.name = name
        self._command = list(command)
        self._folder = folder
        self._environment = dict(environment)
        self.log = log
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def is_running(self) -> bool:
        """Whether it was started and has not ended."""
        return self._process is not None and self._process.poll() is None

    def start(self) -> None:
        """Start it, in a process group of its own."""
        assert not self.is_running, f"{self.name} runs already."
        with self.log.open("ab") as said:
            self._process = subprocess.Popen(
                self._command,
                cwd=self._folder,
                env=self._environment,
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=_end_with_parent if sys.platform == "linux" else None,
            )

    def wait_for_port(self, port: int, *, seconds: float = 60) -> None:
        """Wait until it listens; AssertionError with its log where it ends or stays silent."""
        wait_until(
            lambda: not self.is_running or answers(port),
            seconds=seconds,
            what=f"{self.name} on port {port}; it said:\n{self.output()}",
        )
        assert self.is_running, f"{self.name} has ended; it said:\n{self.output()}"

    def output(self) -> str:
        """Everything it has said so far."""
        return self.log.read_text(errors="replace") if self.log.exists() else ""

    def kill(self) -> None:
        """End it as a power cut would: SIGKILL to all of it, nothing is tidied up."""
        if self._process is not None:
            self._signal_group(signal.SIGKILL)
            self._process.wait()
            self._process = None

    def stop(self) -> None:
        """Ask it to end, and insist after ten seconds."""
        if self._process is None:
            return
        self._signal_group(signal.SIGTERM)
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(10)
        self.kill()

    def _signal_group(self, number: signal.Signals) -> None:
        assert self._process is not None
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, number)
