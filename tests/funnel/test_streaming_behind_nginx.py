"""The lines for nginx in docs/operations.md, before a real nginx that sends the bytes itself."""

import http.client
import os
import re
import shutil
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from funnel.choices import ReleaseRule
from funnel.conf import private_media_root
from tests.factories.watching import open_link, opted_in, series_of
from tests.processes import Program, free_port

pytestmark = pytest.mark.django_db

ROOT = Path(__file__).resolve().parent.parent.parent
NGINX = shutil.which("nginx") or shutil.which("/usr/sbin/nginx")
CONTENT = bytes(range(256)) * 1000
CONFIGURATION = """
daemon off;
{user}
pid {folder}/nginx.pid;
error_log stderr;
events {{}}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    server {{
        listen 127.0.0.1:{port};
        {private}
        location / {{ proxy_pass http://127.0.0.1:{site}; }}
    }}
}}
"""


@dataclass
class Answer:
    """What came over the wire."""

    status: int
    headers: http.client.HTTPMessage
    body: bytes


@dataclass
class Behind:
    """A site behind nginx; `paths` names what a test may ask for."""

    port: int
    stored_name: str
    paths: dict[str, str]

    def get(self, path: str, **headers: str) -> Answer:
        """Ask nginx."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            connection.request("GET", path, headers=headers)
            answer = connection.getresponse()
            return Answer(answer.status, answer.headers, answer.read())
        finally:
            connection.close()

    def ranged(self, asked: str, **headers: str) -> Answer:
        """Ask for a part of the open video."""
        return self.get(self.paths["open"], Range=asked, **headers)


def documented(file: str, marker: str) -> str:
    """The block of nginx's lines in a document that contains `marker`."""
    blocks = re.findall(r"```nginx\n(.*?)```", (ROOT / file).read_text(), re.DOTALL)
    (block,) = [block for block in blocks if marker in block]
    return str(block)


class Recorded(BaseHTTPRequestHandler):
    """Answers as the site did when the test asked it, header for header."""

    answers: dict[str, Any]

    def do_GET(self) -> None:
        answer = self.answers[self.path]
        self.send_response_only(answer.status_code)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(answer.content)))
        self.end_headers()
        self.wfile.write(answer.content)

    def log_message(self, format: str, *arguments: object) -> None:
        return


@pytest.fixture
def behind(settings: Any, tmp_path: Path) -> Iterator[Behind]:
    """An open video and a locked one, behind an nginx as the documents set it up."""
    if NGINX is None:
        pytest.skip("There is no nginx here: install Debian's package nginx to have this proven.")
    settings.FUNNEL = {**settings.FUNNEL, "ACCEL_REDIRECT_PREFIX": "/private/"}
    series = series_of(2, release=ReleaseRule.AFTER_THE_ONE_BEFORE)
    video, locked = series.videos.all()
    video.file.save("the-traps.mp4", ContentFile(CONTENT))
    client = Client()
    _, token = open_link(opted_in(series), now=timezone.now())
    client.get(reverse("funnel:open_videos", args=[token]))
    watch = reverse("funnel:videos")
    paths = {
        "open": f"{watch}{video.pk}/file/",
        "captions": f"{watch}{video.pk}/captions/",
        "locked": f"{watch}{locked.pk}/file/",
    }
    answers = {path: client.get(path) for path in paths.values()}
    answers["/stranger/"] = Client().get(paths["open"])
    handler = type("Handler", (Recorded,), {"answers": answers})
    site = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=site.serve_forever, daemon=True).start()

    headers = tmp_path / "unstuck_headers.conf"
    headers.write_text(documented("README.md", "# unstuck_headers.conf"))
    private = documented("docs/operations.md", "internal;")
    private = private.replace("/srv/unstuck/var/private", str(private_media_root()))
    port = free_port()
    configuration = tmp_path / "nginx.conf"
    configuration.write_text(
        CONFIGURATION.format(
            user="user root;" if os.geteuid() == 0 else "",
            folder=tmp_path,
            port=port,
            private=private,
            site=site.server_address[1],
        )
    )
    nginx = Program(
        "nginx",
        [NGINX, "-p", str(tmp_path), "-c", str(configuration)],
        folder=tmp_path,
        environment=dict(os.environ),
        log=tmp_path / "nginx.log",
    )
    nginx.start()
    try:
        nginx.wait_for_port(port, seconds=10)
        yield Behind(port=port, stored_name=video.file.name, paths=paths)
    finally:
        nginx.stop()
        site.shutdown()
        site.server_close()


def test_nginx_sends_what_the_site_hands_over(behind: Behind) -> None:
    whole = behind.get(behind.paths["open"])
    assert (whole.status, whole.body) == (200, CONTENT)
    assert whole.headers["Content-Type"] == "video/mp4"
    assert whole.headers["Content-Disposition"] == 'inline; filename="video.mp4"'
    assert whole.headers["Cache-Control"] == "no-store"
    assert whole.headers["X-Accel-Redirect"] is None
    for name, value in (
        ("X-Content-Type-Options", "nosniff"),
        ("Referrer-Policy", "same-origin"),
        ("Accept-Ranges", "bytes"),
    ):
        assert whole.headers.get_all(name) == [value], name
    captions = behind.get(behind.paths["captions"])
    assert captions.headers["Content-Type"] == "text/vtt; charset=utf-8"
    assert captions.body == b"WEBVTT\n"


def test_nginx_sends_ranges(behind: Behind) -> None:
    size = len(CONTENT)
    for asked, first, last in (
        ("bytes=70000-80000", 70_000, 80_000),
        ("bytes=0-", 0, size - 1),
        ("bytes=-10", size - 10, size - 1),
    ):
        answer = behind.ranged(asked)
        assert answer.status == 206
        assert answer.headers["Content-Range"] == f"bytes {first}-{last}/{size}"
        assert answer.body == CONTENT[first : last + 1]
    beyond = behind.ranged(f"bytes={size}-")
    assert (beyond.status, beyond.headers["Content-Range"]) == (416, f"bytes */{size}")


def test_nginx_heeds_if_range(behind: Behind) -> None:
    tag = behind.get(behind.paths["open"]).headers["ETag"]
    assert behind.ranged("bytes=5-9", **{"If-Range": tag}).body == CONTENT[5:10]
    assert behind.ranged("bytes=5-9", **{"If-Range": '"another"'}).body == CONTENT


def test_nobody_gets_a_file_past_the_site(behind: Behind) -> None:
    for path in (
        f"/private/{behind.stored_name}",
        f"//private//{behind.stored_name}",
        f"/private/../private/{behind.stored_name}",
        f"/%70rivate/{behind.stored_name}",
        "/private/",
    ):
        answer = behind.get(path)
        assert answer.status == 404, path
        assert CONTENT[:100] not in answer.body
    assert behind.get(behind.paths["locked"]).status == 404
    assert behind.get("/stranger/").status == 410
