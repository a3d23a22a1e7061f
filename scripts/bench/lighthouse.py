"""Lighthouse as a phone sees the site, its default throttling, with a bare page beside it.

The figures are simulated from what was observed, so that they hold on a slow machine, too; the
median of the runs is judged. An observed paint moves with the machine's load, and with it what
Lighthouse counts as needed for it: measure on a quiet machine. The bare page says how quiet it was.
"""

import functools
import http.server
import json
import os
import statistics
import subprocess
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.shared.browser import ARGUMENTS, chromium_path
from bench.shared.missing import program
from bench.shared.npm import package
from bench.shared.site import THANK_YOU, Site, running_site
from starter import say
from starter.processes import CommandFailed, run_to_end
from starter.say import Problem
from starter.tools import ROOT, clean_environment

CLI = "cli/index.js"
RUNS = int(os.environ.get("BENCH_RUNS", "3"))
# Chromium now and then loses the beginning of a trace; Lighthouse then asks to be run again.
TRIES = 4
CATEGORIES = ("performance", "accessibility", "best-practices", "seo")
FULL = 100
LARGEST_PAINT_MS = 1100
SHIFT = 0.01
BLOCKING_MS = 0
# At an LCP above this the machine is too busy for the figures to mean anything.
BARE_LARGEST_PAINT_MS = 750
BARE = (
    '<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>Hello</title>'
    '<meta name="viewport" content="width=device-width, initial-scale=1">'
    '<meta name="description" content="A page with nothing on it."><link rel="icon" href="data:,">'
    "</head><body><main><h1>Hello</h1><p>Hello, world.</p></main></body></html>"
)


@dataclass(frozen=True)
class Run:
    """What one run says about one page; scores from 0 to 100, times in milliseconds."""

    scores: dict[str, int]
    largest_paint: float
    shift: float
    blocking: float
    failed: frozenset[str]


@dataclass(frozen=True)
class Target:
    """A page to measure, and whether search engines are meant to list it."""

    name: str
    url: str
    is_indexed: bool = True


def read_run(report: dict[str, Any]) -> Run:
    """Return what counts in one of Lighthouse's reports."""
    audits = report["audits"]
    categories = {name: report["categories"][name] for name in CATEGORIES}
    failed = {
        reference["id"]
        for category in categories.values()
        for reference in category["auditRefs"]
        if reference["weight"]
        and audits[reference["id"]]["score"] is not None
        and audits[reference["id"]]["score"] < 1
    }
    return Run(
        scores={name: round((found["score"] or 0) * 100) for name, found in categories.items()},
        largest_paint=audits["largest-contentful-paint"]["numericValue"],
        shift=audits["cumulative-layout-shift"]["numericValue"],
        blocking=audits["total-blocking-time"]["numericValue"],
        failed=frozenset(failed),
    )


def median_of(runs: list[Run]) -> Run:
    """Return the median of each figure; an audit has failed where most runs say so."""
    audits = frozenset().union(*(run.failed for run in runs))
    return Run(
        scores={
            name: round(statistics.median(run.scores[name] for run in runs)) for name in CATEGORIES
        },
        largest_paint=statistics.median(run.largest_paint for run in runs),
        shift=statistics.median(run.shift for run in runs),
        blocking=statistics.median(run.blocking for run in runs),
        failed=frozenset(
            name for name in audits if sum(name in run.failed for run in runs) * 2 > len(runs)
        ),
    )


def missed(run: Run, *, is_indexed: bool) -> list[str]:
    """Return the limits that a page misses, in words."""
    judged = [name for name in CATEGORIES if is_indexed or name != "seo"]
    faults = [
        f"{name} {run.scores[name]} instead of {FULL}" for name in judged if run.scores[name] < FULL
    ]
    if run.largest_paint > LARGEST_PAINT_MS:
        faults.append(f"LCP {run.largest_paint:.0f} ms, at most {LARGEST_PAINT_MS}")
    if run.shift > SHIFT:
        faults.append(f"CLS {run.shift:.3f}, at most {SHIFT}")
    if round(run.blocking) > BLOCKING_MS:
        faults.append(f"TBT {run.blocking:.0f} ms, at most {BLOCKING_MS}")
    return faults


class _BareHandler(http.server.BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        body = BARE.encode() if self.path == "/" else b""
        self.send_response(200 if body else 404)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        # As the site does. Without it Chromium holds the first paint back for a while.
        self.send_header("Cross-Origin-Opener-Policy", "same-origin")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing: the terminal is for the table."""


@contextmanager
def bare_page() -> Iterator[str]:
    """Serve a page with nothing on it; yield its address."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _BareHandler)
    threading.Thread(target=functools.partial(server.serve_forever, 0.1), daemon=True).start()
    try:
        yield f"http://localhost:{server.server_address[1]}/"
    finally:
        server.shutdown()
        server.server_close()


def measure(url: str, *, node: str, cli: Path, chromium: str) -> Run:
    """Run Lighthouse once on one page."""
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.json"
        command = [
            *(node, str(cli), url, "--quiet", "--output=json", f"--output-path={report}"),
            f"--only-categories={','.join(CATEGORIES)}",
            f"--chrome-flags=--headless=new {' '.join(ARGUMENTS)}",
        ]
        said = ""
        for _ in range(TRIES):
            try:
                said = run_to_end(
                    command,
                    environment={**clean_environment(), "CHROME_PATH": chromium, "TMPDIR": folder},
                    folder=ROOT,
                )
                return read_run(json.loads(report.read_text(encoding="utf-8")))
            except CommandFailed as error:
                said = error.tail()
            except (KeyError, TypeError, OSError, ValueError, subprocess.SubprocessError) as error:
                said = repr(error)
        raise Problem(f"Lighthouse could not measure {url}:\n{said}")


def targets(site: Site, *, bare: str) -> list[Target]:
    """Return the pages that the figures are promised for, and the bare one they are held to."""
    typed = [
        ("home", site.first("HomePage")),
        ("article", site.first("ArticlePage")),
        ("landing", site.first("LandingPage")),
        ("cycle", site.first("CyclePage")),
    ]
    return [
        Target("bare page", bare),
        *(Target(name, site.url + path) for name, path in typed if path is not None),
        Target("thank you", site.url + THANK_YOU, is_indexed=False),
    ]


def _row(name: str, run: Run) -> str:
    scores = " ".join(f"{run.scores[category]:>5}" for category in CATEGORIES)
    return (
        f"  {name:<10} {scores} {run.largest_paint / 1000:>7.2f} s {run.shift:>7.3f} "
        f"{run.blocking:>6.0f} ms"
    )


def main() -> int:
    """Return 1 where a page of the site misses a limit."""
    node = program("node", package="nodejs")
    chromium = chromium_path()
    cli = package("lighthouse", proof=CLI) / CLI
    failures: list[str] = []
    with running_site() as site, bare_page() as bare:
        measured = targets(site, bare=bare)
        runs: dict[str, list[Run]] = {target.name: [] for target in measured}
        with say.step(f"Running Lighthouse {RUNS} times on {len(measured)} pages"):
            for _ in range(RUNS):
                for target in measured:
                    runs[target.name].append(
                        measure(target.url, node=node, cli=cli, chromium=chromium)
                    )
    say.line(f"  {'':<10}  perf  a11y  best   seo       LCP     CLS       TBT")
    for target in measured:
        run = median_of(runs[target.name])
        say.line(_row(target.name, run))
        if run.failed:
            say.line(f"             {', '.join(sorted(run.failed))}")
        if target.url != bare:
            failures += [
                f"{target.name}: {fault}" for fault in missed(run, is_indexed=target.is_indexed)
            ]
        elif run.largest_paint > BARE_LARGEST_PAINT_MS:
            say.line("             This machine is too busy for these figures to mean much.")
    for failure in failures:
        say.line(f"  {failure}")
    return 1 if failures else 0
