"""Cached pages on `make run`'s own server, beside nginx that serves the same bytes from a file.

Both are asked in turns, a few seconds each, by the same load tool on the same machine, and the
medians are compared: what else the machine does in the meantime meets both.
"""

import contextlib
import re
import statistics
import subprocess
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

from bench.shared.missing import Missing, program
from bench.shared.site import Site, free_ports, running_site
from starter import say
from starter.processes import end, spawn
from starter.say import Problem
from starter.tools import ROOT, clean_environment

# Of what nginx reaches.
PROMISED = 0.4
ROUNDS = 5
SECONDS = 2
CONNECTIONS = 16
ENCODINGS = ("br", "identity")
# As many workers as the Procfile gives the site, and as little to do beside the file.
NGINX = """
worker_processes 2;
daemon off;
pid {folder}/nginx.pid;
error_log stderr crit;
events {{ worker_connections 512; }}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    sendfile on;
    tcp_nopush on;
    keepalive_requests 1000000000;
    open_file_cache max=10;
    server {{
        listen 127.0.0.1:{port};
        root {folder}/pages;
        types {{ }}
        default_type "text/html; charset=utf-8";
        location /br {{ add_header Content-Encoding br; }}
    }}
}}
"""


def main() -> int:
    """Measure each encoding, print what came of it, and return 1 where a ratio is too small."""
    try:
        nginx = program("nginx", package="nginx-light")
        program("wrk", package="wrk")
    except Missing as missing:
        say.line(f"  Skipped: {missing}")
        return 0
    ratios = []
    with running_site() as site, tempfile.TemporaryDirectory(prefix="unstuck-nginx-") as name:
        page = _an_article(site)
        folder = Path(name)
        (folder / "pages").mkdir()
        for encoding in ENCODINGS:
            (folder / "pages" / encoding).write_bytes(_fetch(page, encoding))
        with _nginx(nginx, folder) as files:
            for encoding in ENCODINGS:
                if _fetch(f"{files}/{encoding}", encoding) != _fetch(page, encoding):
                    raise Problem("nginx and the site do not send the same bytes.")
                ratios.append(_compare(page, f"{files}/{encoding}", encoding))
    return int(min(ratios) < PROMISED)


def _compare(page: str, file: str, encoding: str) -> float:
    for address in (page, file):
        _requests_per_second(address, encoding, seconds=1)
    ours, theirs = [], []
    for _round in range(ROUNDS):
        ours.append(_requests_per_second(page, encoding))
        theirs.append(_requests_per_second(file, encoding))
    site, nginx = map(statistics.median, (ours, theirs))
    say.line(
        f"  {len(_fetch(page, encoding)):>6} bytes ({encoding}): site {site:,.0f}/s, "
        f"nginx {nginx:,.0f}/s, ratio {site / nginx:.2f} (promised: {PROMISED})"
    )
    return site / nginx


def _an_article(site: Site) -> str:
    """Return the address of an article, warm in every encoding and every process of the site."""
    path = site.first("ArticlePage")
    if path is None:
        raise Problem("The demo site has no article.")
    for encoding in ENCODINGS:
        _requests_per_second(site.url + path, encoding, seconds=2)
    return site.url + path


def _fetch(address: str, encoding: str) -> bytes:
    request = urllib.request.Request(address, headers={"Accept-Encoding": encoding})  # noqa: S310
    with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310
        if answer.headers.get("Content-Encoding", "identity") != encoding:
            raise Problem(f"{address} is not sent as {encoding}.")
        return bytes(answer.read())


def _requests_per_second(address: str, encoding: str, *, seconds: int = SECONDS) -> float:
    said = subprocess.run(
        [
            *("wrk", "--threads", "1", "--connections", str(CONNECTIONS)),
            *("--duration", f"{seconds}s", "--header", f"Accept-Encoding: {encoding}", address),
        ],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    ).stdout
    found = re.search(r"Requests/sec:\s*([\d.]+)", said)
    if found is None or "Non-2xx" in said:
        raise Problem(f"wrk could not measure {address}:\n{said}")
    return float(found[1])


@contextlib.contextmanager
def _nginx(program: str, folder: Path) -> Iterator[str]:
    (port,) = free_ports(1)
    configuration = folder / "nginx.conf"
    configuration.write_text(NGINX.format(folder=folder, port=port), encoding="utf-8")
    # It gives up root's rights, and must still find the files.
    folder.chmod(0o755)
    process = spawn(
        [program, "-p", str(folder), "-e", "stderr", "-c", str(configuration)],
        environment=clean_environment(),
        folder=ROOT,
    )
    try:
        address = f"http://127.0.0.1:{port}"
        _wait_for(f"{address}/identity", process)
        yield address
    finally:
        end(process, patience=5)


def _wait_for(address: str, process: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + 10
    while process.poll() is None and time.monotonic() < deadline:
        with contextlib.suppress(OSError):
            urllib.request.urlopen(address, timeout=1).close()  # noqa: S310
            return
        time.sleep(0.1)
    raise Problem("nginx did not start; what it said stands above.")
