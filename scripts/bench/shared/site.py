"""A demo site of a measure's own: started as `make run` starts it, filled, warm, and gone after.

BENCH_SITE may name the `var` folder of a site that `make run` keeps running on this machine: then
that one is looked at, which saves half a minute while a page is being mended.
"""

import json
import os
import re
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import urlsplit

from starter import say
from starter.environment import read_env_file
from starter.processes import end, spawn
from starter.say import Problem
from starter.tools import ROOT

READY_WITHIN_SECONDS = 600
# Settings of the person who measures must not change what is measured.
PASSED_ON = {"PATH", "HOME", "LANG"}
EMPTY = (
    "EMAIL_URL",
    "REDIS_URL",
    "MAILCHIMP_API_KEY",
    "MAILCHIMP_AUDIENCE_ID",
    "MAILCHIMP_API_URL",
)
# What the funnel answers beside its pages in the sitemap; none of it is meant to be indexed.
THANK_YOU = "/free-videos/check-your-mail/"


@dataclass(frozen=True)
class Site:
    """A running site: the paths of its sitemap, and which type of page each of them is."""

    url: str
    password: str
    paths: list[str]
    types: dict[str, str]

    def first(self, page_type: str) -> str | None:
        """Return the address of the first page of a type, None where the site has none."""
        return next((path for path, name in self.types.items() if name == page_type), None)

    def one_of_each(self) -> dict[str, str]:
        """Return one address for each type of page, by the type's name."""
        found: dict[str, str] = {}
        for path in self.paths:
            # What is no page of the tree, such as a topic, goes by the address above it.
            above = path.rstrip("/").rpartition("/")[0]
            name = self.types.get(path) or above or path
            found.setdefault(name, path)
        return found


def free_ports(count: int) -> list[int]:
    """Return TCP ports on which nobody listens on this machine at the moment."""
    probes = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [probe.getsockname()[1] for probe in probes]
    for probe in probes:
        probe.close()
    return ports


def get(url: str | urllib.request.Request) -> tuple[int, str]:
    """Return the status and the text of an answer, whatever its status."""
    try:
        with urllib.request.urlopen(url, timeout=60) as answer:  # noqa: S310
            return answer.status, answer.read().decode("utf-8", "replace")
    except HTTPError as error:
        return error.code, error.read().decode("utf-8", "replace")


def paths_in(sitemap: str) -> list[str]:
    """Return the paths in a sitemap, in its order."""
    return [urlsplit(found).path for found in re.findall(r"<loc>\s*(.*?)\s*</loc>", sitemap)]


def _page_types(environment: dict[str, str]) -> dict[str, str]:
    asked = subprocess.run(
        [sys.executable, str(ROOT / "scripts" / "bench" / "inside" / "page_types.py")],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    if asked.returncode:
        raise Problem(f"The site could not name its pages:\n{asked.stderr}")
    return dict(json.loads(asked.stdout))


def _look_at(url: str, *, environment: dict[str, str], password: str) -> Site:
    """Ask every page once, so that nothing is measured with a cold cache."""
    known = _page_types(environment)
    _, sitemap = get(f"{url}/sitemap.xml")
    paths = paths_in(sitemap)
    if not paths:
        raise Problem(f"{url}/sitemap.xml names no pages.")
    for path in [*paths, THANK_YOU]:
        for _ in range(2):
            get(url + path)
    types = {path: known[path] for path in paths if path in known}
    return Site(url=url, password=password, paths=paths, types=types)


def _wait_until_ready(url: str, starter: subprocess.Popen[bytes], *, log: Path) -> None:
    deadline = time.monotonic() + READY_WITHIN_SECONDS
    while time.monotonic() < deadline:
        if starter.poll() is not None:
            break
        try:
            if get(f"{url}/readyz")[0] == 200:
                return
        except OSError:
            pass
        time.sleep(0.3)
    said = log.read_text(encoding="utf-8", errors="replace")[-2000:]
    raise Problem(f"The site to measure did not start:\n{said}")


@contextmanager
def running_site() -> Iterator[Site]:
    """Start a demo site in an empty folder, yield it ready and warm, and end it."""
    kept = {name: value for name, value in os.environ.items() if name in PASSED_ON}
    production = {"DJANGO_SETTINGS_MODULE": "cms.settings.production"}
    if named := os.environ.get("BENCH_SITE"):
        known = {
            **read_env_file(Path(named) / "secrets.env"),
            **read_env_file(Path(named) / "run.env"),
        }
        if "SITE_URL" not in known:
            raise Problem(f"BENCH_SITE is {named}, and no site was started from there.")
        environment = {**kept, **production, **known, "VAR_DIR": named}
        yield _look_at(
            known["SITE_URL"], environment=environment, password=known.get("DEMO_PASSWORD", "")
        )
        return
    with tempfile.TemporaryDirectory(prefix="unstuck-bench-") as folder:
        port, sandbox_port = free_ports(2)
        url = f"http://localhost:{port}"
        environment = {
            **kept,
            **dict.fromkeys(EMPTY, ""),
            "VAR_DIR": folder,
            "PORT": str(port),
            "SANDBOX_PORT": str(sandbox_port),
            "SANDBOX_STATE": str(Path(folder) / "sandbox.sqlite3"),
            "BIND": "127.0.0.1",
            "SITE_URL": url,
            "DATABASE_URL": f"sqlite:///{Path(folder) / 'site.sqlite3'}",
            "SECRET_KEY": "for measuring on this machine, and for nothing else whatsoever",
            "ADDRESS_HASH_KEY": "another one for measuring on this machine",
            "DEBUG": "0",
            "DEMO": "1",
            "DEMO_PASSWORD": "spelled-out-for-measuring",
        }
        log = Path(folder) / "run.log"
        with log.open("wb") as output:
            starter = spawn(
                [sys.executable, str(ROOT / "scripts" / "run.py")],
                environment=environment,
                folder=ROOT,
                stdout=output.fileno(),
            )
        try:
            with say.step("Starting a demo site to measure"):
                _wait_until_ready(url, starter, log=log)
                site = _look_at(
                    url,
                    environment={**environment, **production},
                    password=environment["DEMO_PASSWORD"],
                )
            yield site
        finally:
            end(starter, patience=20)
