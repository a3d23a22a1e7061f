"""The programs of the Procfile: kept running, relayed, and ended with all they started."""

import os
import time
from pathlib import Path

import pytest

from starter.say import Problem
from starter.supervisor import Supervisor, read_procfile, wait_until_ready

ROOT = Path(__file__).resolve().parent.parent.parent
LIVES_ON = "sleep 600"


def _supervisor(folder: Path, **commands: str) -> Supervisor:
    environment = {"PATH": os.environ["PATH"], "SANDBOX_PORT": "9007"}
    return Supervisor(commands, environment=environment, folder=folder)


def _pid(supervisor: Supervisor, name: str) -> int:
    program = next(program for program in supervisor.programs if program.name == name)
    return program.process.pid if program.process else 0


def _watch(supervisor: Supervisor, *, rounds: int = 40) -> None:
    for _ in range(rounds):
        supervisor.watch(seconds=0.05)


def _is_alive(pid: int) -> bool:
    try:
        return "\nState:\tZ" not in Path(f"/proc/{pid}/status").read_text()
    except FileNotFoundError:
        return False


def test_the_procfile_names_what_runs() -> None:
    assert list(read_procfile(ROOT / "Procfile")) == ["web", "worker", "sandbox"]


def test_what_programs_say_is_prefixed(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    talkative = "sh -c 'echo one; echo two; exec sleep 600'"
    supervisor = _supervisor(tmp_path, web=LIVES_ON, worker=talkative)
    supervisor.start()
    try:
        _watch(supervisor, rounds=5)
    finally:
        supervisor.stop()
    assert "worker | one\nworker | two\n" in capfd.readouterr().out


def test_stopping_ends_grandchildren_and_the_deaf(tmp_path: Path) -> None:
    deaf = "sh -c 'trap \"\" TERM; sleep 600 & echo $! > grandchild; wait; sleep 600'"
    supervisor = _supervisor(tmp_path, web=deaf)
    supervisor.start()
    written = tmp_path / "grandchild"
    deadline = time.monotonic() + 20
    while not (written.exists() and written.read_text().strip()):
        assert time.monotonic() < deadline
        supervisor.watch(seconds=0.02)
    grandchild = int(written.read_text())
    child = _pid(supervisor, "web")
    assert _is_alive(grandchild)
    supervisor.stop(patience=0.2)
    assert not _is_alive(child)
    assert not _is_alive(grandchild)


def test_a_worker_that_dies_is_started_again(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    supervisor = _supervisor(tmp_path, worker=LIVES_ON)
    supervisor.start()
    supervisor.is_ready = True
    first = _pid(supervisor, "worker")
    try:
        os.kill(first, 9)
        while _pid(supervisor, "worker") == first:
            supervisor.watch(seconds=0.02)
        assert _is_alive(_pid(supervisor, "worker"))
    finally:
        supervisor.stop()
    assert "The worker process was ended by signal 9; starting it again." in capfd.readouterr().out


def test_a_worker_that_keeps_dying_ends_everything(tmp_path: Path) -> None:
    supervisor = _supervisor(tmp_path, web=LIVES_ON, worker="false")
    supervisor.is_ready = True
    supervisor.start()
    try:
        with pytest.raises(Problem, match="worker process ended with code 1, again and again"):
            _watch(supervisor, rounds=400)
    finally:
        supervisor.stop()


def test_a_program_that_dies_before_the_site_is_up_ends_everything(tmp_path: Path) -> None:
    supervisor = _supervisor(tmp_path, web=LIVES_ON, sandbox="false")
    supervisor.start()
    try:
        with pytest.raises(Problem, match="sandbox process ended with code 1 before"):
            wait_until_ready(supervisor, ask=lambda: None, seconds=20)
    finally:
        supervisor.stop()


def test_a_sandbox_that_dies_stays_down_and_the_site_goes_on(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    supervisor = _supervisor(tmp_path, web=LIVES_ON, sandbox='sleep "${SANDBOX_PORT:-8025}"')
    supervisor.start()
    supervisor.is_ready = True
    try:
        os.kill(_pid(supervisor, "sandbox"), 15)
        while _pid(supervisor, "sandbox"):
            supervisor.watch(seconds=0.02)
        _watch(supervisor, rounds=3)
        assert _pid(supervisor, "sandbox") == 0
        assert _is_alive(_pid(supervisor, "web"))
    finally:
        supervisor.stop()
    assert "  sleep 9007\n" in capfd.readouterr().out


def test_a_site_that_answers_but_is_not_well_is_not_waited_for_in_vain(tmp_path: Path) -> None:
    supervisor = _supervisor(tmp_path, web=LIVES_ON)
    supervisor.start()
    try:
        reason = wait_until_ready(supervisor, ask=lambda: "A delivery is late.", seconds=0.4)
    finally:
        supervisor.stop()
    assert reason == "A delivery is late."
