"""The site that the journeys visit: web, worker and sandbox, started as the Procfile says."""

import base64
import hashlib
import json
import os
import shutil
import sys
import urllib.request
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.error import HTTPError

from django.conf import settings

from tests.own_site import ROOT, copy_test_database, own_environment
from tests.processes import Program, free_port, run_python, wait_until

INSIDE = Path(__file__).resolve().parent / "inside"
STATIC_SOURCES = ("static", "funnel/static", "cms/static", "home/static", "requirements.txt")


@dataclass
class Stack:
    """Three real processes with a database, a folder and ports of their own."""

    environment: dict[str, str]
    web: Program
    worker: Program
    sandbox: Program

    @property
    def url(self) -> str:
        """The site's address, without a slash at its end."""
        return self.environment["SITE_URL"]

    @property
    def sandbox_port(self) -> int:
        """Where the sandbox listens."""
        return int(self.environment["SANDBOX_PORT"])

    @property
    def sandbox_url(self) -> str:
        """The address of the sandbox's pages for people."""
        return f"http://localhost:{self.sandbox_port}"

    @property
    def password(self) -> str:
        """The password of all demo logins."""
        return self.environment["DEMO_PASSWORD"]

    @property
    def programs(self) -> list[Program]:
        """All of it."""
        return [self.web, self.worker, self.sandbox]

    def start(self) -> None:
        """Start what does not run yet, and wait until it listens."""
        for program in self.programs:
            if not program.is_running:
                program.start()
        self.web.wait_for_port(int(self.environment["PORT"]))
        self.sandbox.wait_for_port(self.sandbox_port)

    def restart_sandbox(self) -> None:
        """Start the sandbox again after it was killed."""
        self.sandbox.start()
        self.sandbox.wait_for_port(self.sandbox_port)

    def stop(self) -> None:
        """End all of it."""
        for program in self.programs:
            program.stop()

    def output(self) -> str:
        """What the three have said lately."""
        return "\n".join(
            f"--- {program.name}\n{program.output()[-4000:]}" for program in self.programs
        )

    def member(self, address: str) -> dict[str, Any] | None:
        """What Mailchimp, that is the sandbox, knows about an address; None where it knows none."""
        digest = hashlib.md5(address.lower().encode(), usedforsecurity=False).hexdigest()
        (audience,) = self._ask("/3.0/lists")["lists"]
        try:
            return self._ask(f"/3.0/lists/{audience['id']}/members/{digest}")
        except HTTPError as error:
            if error.code != 404:
                raise
            return None

    def tags(self, address: str) -> set[str]:
        """The names of a member's tags."""
        return {tag["name"] for tag in (self.member(address) or {"tags": []})["tags"]}

    def wait_for_member(
        self, address: str, *, tags: Collection[str] = (), seconds: float = 30
    ) -> dict[str, Any]:
        """Wait until the worker has put a person into Mailchimp, with the tag of the offer.

        `tags` are the others she must have; a tag beyond these is a failure.
        """
        expected = {"offer-free-videos", *tags}
        wait_until(
            lambda: self.tags(address) >= expected,
            seconds=seconds,
            what=f"member with {expected}",
        )
        member = self.member(address)
        assert member is not None
        assert {tag["name"] for tag in member["tags"]} == expected
        return member

    def _ask(self, path: str) -> dict[str, Any]:
        request = urllib.request.Request(f"http://127.0.0.1:{self.sandbox_port}{path}")
        key = base64.b64encode(f"journeys:{'0' * 32}-us1".encode()).decode()
        request.add_header("Authorization", f"Basic {key}")
        with urllib.request.urlopen(request, timeout=5) as answer:
            found: dict[str, Any] = json.load(answer)
            return found


def _static_folder() -> Path:
    """A folder for this state of the static files: collecting them takes longer than a journey."""
    digest = hashlib.sha256()
    for source in STATIC_SOURCES:
        files = [ROOT / source] if (ROOT / source).is_file() else sorted((ROOT / source).rglob("*"))
        for file in files:
            if file.is_file():
                digest.update(str(file.relative_to(ROOT)).encode() + file.read_bytes())
    return Path(settings.VAR_DIR) / "test-static" / digest.hexdigest()[:16]


def build_stack(folder: Path) -> Stack:
    """Make a demo site in an empty folder, ready to be started."""
    environment = own_environment(folder, port=free_port(), sandbox_port=free_port())
    static = _static_folder()
    if (static / "staticfiles.json").is_file():
        (folder / "static").symlink_to(static, target_is_directory=True)
    _prepare(folder / "site.sqlite3", environment=environment)
    if not (folder / "static").is_symlink():
        _keep_static(folder / "static", kept=static)
    commands = dict(
        line.split(": ", 1) for line in (ROOT / "Procfile").read_text().splitlines() if line
    )
    programs = {
        name: Program(
            name,
            ["sh", "-c", f"exec {command.replace('.venv/bin/python', sys.executable, 1)}"],
            folder=ROOT,
            environment=environment,
            log=folder / f"{name}.log",
        )
        for name, command in commands.items()
    }
    return Stack(environment=environment, **programs)


def _prepare(database: Path, *, environment: dict[str, str]) -> None:
    """Migrate and fill the site, beginning with pytest's own database.

    That one may be left from an older state of the code (`--reuse-db`): then from nothing.
    """
    if copy_test_database(target=database):
        if run_python(INSIDE / "prepare.py", folder=ROOT, environment=environment).returncode == 0:
            return
        for left in database.parent.glob(f"{database.name}*"):
            left.unlink()
    prepared = run_python(INSIDE / "prepare.py", folder=ROOT, environment=environment)
    assert prepared.returncode == 0, prepared.stdout + prepared.stderr


def _keep_static(made: Path, *, kept: Path) -> None:
    """Keep collected files for the next run, whole or not at all."""
    copy = kept.with_name(f"{kept.name}.{os.getpid()}")
    shutil.copytree(made, copy)
    try:
        copy.rename(kept)
    except OSError:
        shutil.rmtree(copy)
    for old in sorted(kept.parent.iterdir(), key=lambda entry: entry.stat().st_mtime)[:-4]:
        shutil.rmtree(old, ignore_errors=True)
