"""Starting programs so that none of them is left behind, whatever ends this one."""

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import FrameType

PR_SET_PDEATHSIG = 1
WATCH_SECONDS = 0.4
TAIL_LINES = 12
_libc = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


class Stopped(BaseException):
    """Somebody asked this program to end: Ctrl-C, a signal, a closed terminal, a killed `make`.

    Like KeyboardInterrupt it is no Exception, so that no handler takes it for an error.
    """


class CommandFailed(Exception):
    """A program ended with an error; `output` holds what it printed."""

    def __init__(self, code: int, output: str) -> None:
        super().__init__(f"ended with {code}")
        self.code = code
        self.output = output

    def tail(self) -> str:
        """Return its last lines, where the reason usually stands."""
        return "\n".join(f"    {line}" for line in self.output.splitlines()[-TAIL_LINES:])


def end_with_parent() -> None:
    """Ask Linux to send SIGTERM to this process when its parent dies, even from SIGKILL."""
    if _libc is not None:
        _libc.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def spawn(
    command: Sequence[str],
    *,
    environment: Mapping[str, str],
    folder: Path | None = None,
    stdout: int | None = None,
    pass_fds: Sequence[int] = (),
) -> subprocess.Popen[bytes]:
    """Start a program in a session of its own, which a Ctrl-C in the terminal does not reach.

    Whoever calls must be the main thread: Linux counts its end as the parent's death.
    """
    parent = os.getpid()

    def before_exec() -> None:
        end_with_parent()
        if os.getppid() != parent:
            os._exit(1)

    return subprocess.Popen(
        list(command),
        env=dict(environment),
        cwd=folder,
        stdin=subprocess.DEVNULL,
        stdout=stdout,
        stderr=subprocess.STDOUT if stdout is not None else None,
        start_new_session=True,
        preexec_fn=before_exec,
        pass_fds=pass_fds,
    )


def end(process: subprocess.Popen[bytes], *, patience: float) -> None:
    """End a program and all it started: politely first, after `patience` seconds by force."""
    if process.poll() is None:
        process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(timeout=patience)
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def run_to_end(
    command: Sequence[str],
    *,
    environment: Mapping[str, str],
    folder: Path | None = None,
) -> str:
    """Run a program and return what it printed; raises `CommandFailed` where it fails."""
    with tempfile.TemporaryFile() as output:
        process = spawn(command, environment=environment, folder=folder, stdout=output.fileno())
        try:
            code = process.wait()
        finally:
            end(process, patience=5)
        output.seek(0)
        printed = output.read().decode(errors="replace")
    if code:
        raise CommandFailed(code, printed)
    return printed


def _make_was_interrupted(make: int) -> bool:
    """Whether `make`, our parent, got a SIGINT or SIGHUP that it keeps to itself.

    GNU make hands a SIGTERM on to what it runs, but after these two it only waits, trusting that
    the terminal told everybody. While it waits, the signal is blocked, which Linux shows.
    """
    try:
        status = Path(f"/proc/{make}/status").read_text(encoding="ascii", errors="replace")
    except OSError:
        return False
    fields = dict(line.split(":\t", 1) for line in status.splitlines() if ":\t" in line)
    if fields.get("Name") not in {"make", "gmake"}:
        return False
    kept_back = (1 << (signal.SIGINT - 1)) | (1 << (signal.SIGHUP - 1))
    return bool(int(fields.get("SigBlk", "0"), 16) & kept_back)


def stop_on_signals() -> None:
    """Raise `Stopped` in the main thread as soon as anybody wants this program to end."""
    parent = os.getppid()

    def stop(number: int, frame: FrameType | None) -> None:
        signal.setitimer(signal.ITIMER_REAL, 0)
        for name in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(name, signal.SIG_IGN)
        raise Stopped

    def look_at_parent(number: int, frame: FrameType | None) -> None:
        if os.getppid() != parent or _make_was_interrupted(parent):
            stop(number, frame)

    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, stop)
    if signal.getsignal(signal.SIGHUP) != signal.SIG_IGN:  # `nohup make run` goes on
        signal.signal(signal.SIGHUP, stop)
    signal.signal(signal.SIGALRM, look_at_parent)
    signal.setitimer(signal.ITIMER_REAL, WATCH_SECONDS, WATCH_SECONDS)
