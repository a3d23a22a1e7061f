"""Keeps the programs of the Procfile running, prints what they say, and ends them together."""

import os
import re
import selectors
import shlex
import subprocess
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from starter import say
from starter.processes import end, spawn
from starter.say import Problem

PATIENCE_SECONDS = 6.0
RESTARTS_ALLOWED = 3
RESTART_WINDOW_SECONDS = 60.0
# A stopped sandbox is how a person tries an outage; the site has to live with one.
STAYS_DOWN = {"sandbox"}


def read_procfile(path: Path) -> dict[str, str]:
    """Return the shell command of each `name: command` line."""
    lines = path.read_text(encoding="utf-8").splitlines()
    matches = (re.match(r"\A([A-Za-z0-9_-]+):\s*(.+)\Z", text) for text in lines)
    return {match.group(1): match.group(2) for match in matches if match}


@dataclass
class Program:
    """One line of the Procfile, and its process while it has one."""

    name: str
    command: str
    process: subprocess.Popen[bytes] | None = None
    unfinished_line: bytes = b""
    restarts: list[float] = field(default_factory=list)


class Supervisor:
    """Runs programs until told to stop; made for one thread, so that no child outlives it."""

    def __init__(
        self, commands: Mapping[str, str], *, environment: Mapping[str, str], folder: Path
    ) -> None:
        self.programs = [Program(name, command) for name, command in commands.items()]
        self.environment = environment
        self.folder = folder
        self.is_ready = False
        self._selector = selectors.DefaultSelector()
        self._width = max((len(name) for name in commands), default=0)

    def start(self) -> None:
        """Start every program."""
        for program in self.programs:
            self._start(program)

    def _start(self, program: Program) -> None:
        program.process = spawn(
            ["/bin/sh", "-c", f"exec {program.command}"],
            environment=self.environment,
            folder=self.folder,
            stdout=subprocess.PIPE,
        )
        assert program.process.stdout is not None
        os.set_blocking(program.process.stdout.fileno(), False)
        self._selector.register(program.process.stdout, selectors.EVENT_READ, program)

    def watch(self, *, seconds: float) -> None:
        """Print what the programs say for about `seconds`, and see to those that ended.

        Raises `Problem` where the site can't go on.
        """
        for key, _ in self._selector.select(timeout=seconds):
            self._relay(key.data)
        for program in self.programs:
            if program.process is not None and program.process.poll() is not None:
                self._ended(program)

    def _relay(self, program: Program) -> None:
        assert program.process is not None
        assert program.process.stdout is not None
        heard = program.process.stdout.read(65536)
        if heard is None:
            return
        if not heard:
            self._selector.unregister(program.process.stdout)
            return
        *lines, program.unfinished_line = (program.unfinished_line + heard).split(b"\n")
        for text in lines:
            self._print(program, text)

    def _print(self, program: Program, text: bytes) -> None:
        say.line(f"{program.name:<{self._width}} | {text.decode(errors='replace').rstrip()}")

    def _let_go(self, program: Program) -> int:
        """Forget a program's ended process, after printing its last words; returns its code."""
        process = program.process
        assert process is not None
        assert process.stdout is not None
        end(process, patience=0)
        if process.stdout in self._selector.get_map():
            self._relay(program)
        if process.stdout in self._selector.get_map():
            self._selector.unregister(process.stdout)
        if program.unfinished_line:
            self._print(program, program.unfinished_line)
        program.unfinished_line = b""
        process.stdout.close()
        program.process = None
        return process.returncode

    def _ended(self, program: Program) -> None:
        code = self._let_go(program)
        how = f"was ended by signal {-code}" if code < 0 else f"ended with code {code}"
        if not self.is_ready:
            raise Problem(f"The {program.name} process {how} before the site was up.")
        if program.name in STAYS_DOWN:
            say.line(
                f"The {program.name} {how} and stays down; the site goes on without it, and what "
                "it has to send waits. To start it again, in a second terminal:"
            )
            say.line(f"  {self._written_out(program.command)}")
            return
        now = time.monotonic()
        program.restarts = [t for t in program.restarts if now - t < RESTART_WINDOW_SECONDS]
        if len(program.restarts) >= RESTARTS_ALLOWED:
            raise Problem(
                f"The {program.name} process {how}, again and again; what it said stands above."
            )
        program.restarts.append(now)
        say.line(f"The {program.name} process {how}; starting it again.")
        self._start(program)

    def _written_out(self, command: str) -> str:
        def value(match: re.Match[str]) -> str:
            return shlex.quote(self.environment.get(match.group(1)) or match.group(2))

        return re.sub(r'"?\$\{(\w+):-([^}]*)\}"?', value, command)

    def stop(self, *, patience: float = PATIENCE_SECONDS) -> None:
        """End every program and all it started; after `patience` seconds by force."""
        living = [program for program in self.programs if program.process is not None]
        for program in living:
            assert program.process is not None
            if program.process.poll() is None:
                program.process.terminate()
        deadline = time.monotonic() + patience
        for program in living:
            assert program.process is not None
            self._wait(program.process, until=deadline)
        for program in living:
            self._let_go(program)

    def _wait(self, process: subprocess.Popen[bytes], *, until: float) -> None:
        """Wait for an end, printing meanwhile: a full pipe would keep a program from ending."""
        while process.poll() is None and time.monotonic() < until:
            for key, _ in self._selector.select(timeout=0.05):
                self._relay(key.data)


Ask = Callable[[], str | None]


def wait_until_ready(supervisor: Supervisor, *, ask: Ask, seconds: float) -> str:
    """Watch the programs until `ask` returns "" and return it, or its last reason after a while.

    `ask` returns None while nothing answers. Raises `Problem` where nothing answers for
    `seconds`; a site that answers but isn't well may have a reason that only time mends, so after
    a quarter of that time its reason is returned.
    """
    began = time.monotonic()
    while True:
        supervisor.watch(seconds=0.1)
        reason = ask()
        waited = time.monotonic() - began
        if reason == "" or (reason and waited > seconds / 4):
            return reason
        if waited > seconds:
            raise Problem(f"The site did not answer within {seconds:.0f} seconds.")
