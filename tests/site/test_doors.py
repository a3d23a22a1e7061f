"""Doors that should be shut: what a stranger’s odd request gets is a sentence, and never a 500."""

import subprocess
import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from django.test.utils import override_settings
from wagtail.documents import get_document_model
from wagtail.wagtail_hooks import require_wagtail_login

from cms.wsgi import application

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).resolve().parent.parent.parent
ODD_CHARSETS = ["rot13", "hex", "idna", "punycode", "undefined", "unicode_escape", "utf-16", "x"]


@pytest.fixture
def client() -> Client:
    """A client that answers a crash as a server does."""
    return Client(raise_request_exception=False)


class TestMedia:
    """`/media/`: pictures for everybody, documents through their own address."""

    @pytest.fixture
    def files(self, tmp_path: Path) -> Iterator[Path]:
        """A folder as editors fill it."""
        for name in ("images/a.txt", "documents/a.txt", "wagtail_uploads/a.txt"):
            file = tmp_path / "media" / name
            file.parent.mkdir(parents=True)
            file.write_text("content")
        with override_settings(MEDIA_ROOT=tmp_path / "media"):
            yield tmp_path

    def test_shows_a_picture(self, client: Client, files: Path) -> None:
        response = client.get("/media/images/a.txt")
        assert response.status_code == 200
        assert b"".join(response) == b"content"
        assert client.head("/media/images/a.txt").status_code == 200
        assert client.post("/media/images/a.txt").status_code == 405

    def test_takes_a_relative_folder(
        self, client: Client, files: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.chdir(files)
        with override_settings(MEDIA_ROOT="media/../media"):
            assert client.get("/media/images/a.txt").status_code == 200
            assert client.get("/media/documents/a.txt").status_code == 404

    @pytest.mark.parametrize(
        "path",
        [
            "documents/a.txt",
            "/documents/a.txt",
            "./documents/a.txt",
            "images/../documents/a.txt",
            "../media/documents/a.txt",
            "documents",
            "wagtail_uploads/a.txt",
            "images/b.txt",
            "images/a.txt/b",
            "images",
        ],
    )
    def test_shows_nothing_else(self, client: Client, files: Path, path: str) -> None:
        assert client.get(f"/media/{path}").status_code == 404

    @pytest.mark.parametrize("path", ["a" * 256, "images/" + "a" * 5000, "%00", "a%00b"])
    def test_a_name_that_no_file_can_have(self, client: Client, files: Path, path: str) -> None:
        assert client.get(f"/media/{path}").status_code == 404

    def test_a_document_has_its_own_address(self, client: Client, files: Path) -> None:
        document = get_document_model().objects.create(
            title="A", file=ContentFile(b"text", "paper.txt")
        )
        assert client.get(f"/media/{document.file.name}").status_code == 404
        assert client.get(document.url).status_code == 200


@pytest.mark.urls("tests.site.urls_with_mailbox")
class TestLocalMailbox:
    """`/mail/` is for who sits at this machine."""

    @pytest.mark.parametrize("address", ["127.0.0.1", "127.0.0.9", "::1", "::ffff:127.0.0.1"])
    def test_opens_here(self, client: Client, address: str) -> None:
        assert client.get("/mail/", REMOTE_ADDR=address).status_code == 200

    @pytest.mark.parametrize("address", ["192.168.1.7", "::ffff:10.0.0.1", "fe80::1%eth0", ""])
    @pytest.mark.parametrize("path", ["/mail/", "/mail/x/", "/mail/x/html/"])
    def test_is_not_there_for_others(self, client: Client, path: str, address: str) -> None:
        response = client.get(path, REMOTE_ADDR=address)
        assert response.status_code == 404
        assert "local mailbox" not in response.content.decode()

    @pytest.mark.parametrize("name", ["Forwarded", "X-Forwarded-For", "X-Real-IP"])
    def test_is_not_there_behind_a_proxy(self, client: Client, name: str) -> None:
        assert client.get("/mail/", headers={name: "203.0.113.4"}).status_code == 404


def answer(path: str, *, content_type: str, body: bytes | None = None) -> tuple[str, bytes]:
    """Ask the application as granian does: Django’s test client makes its requests differently."""
    told: list[str] = []
    path, _, query = path.partition("?")
    environ: dict[str, Any] = {
        "REQUEST_METHOD": "GET" if body is None else "POST",
        "PATH_INFO": path,
        "QUERY_STRING": query,
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "80",
        "CONTENT_TYPE": content_type,
        "CONTENT_LENGTH": str(len(body or b"")),
        "wsgi.input": BytesIO(body or b""),
        "wsgi.url_scheme": "http",
    }
    parts = application(environ, lambda status, headers, *_: told.append(status))
    return told[0], b"".join(parts)


class TestCharsets:
    """A Content-Type’s charset is a stranger’s choice of codec, and some of them raise."""

    @pytest.mark.parametrize(
        "charset",
        [
            *(f"charset={charset}" for charset in ODD_CHARSETS),
            'charset="HEX"',
            "charset=utf-8; charset=hex",
            "charset*=utf-8''rot13",
            "charset*=undefined''%41",
            "x*=nothing''a",
        ],
    )
    def test_an_odd_one_is_refused(self, charset: str) -> None:
        content_type = f"application/x-www-form-urlencoded; {charset}"
        for path in ("/healthz?x=%80", "/free-videos/?x=%80", "/admin/login/?next=%80"):
            status, body = answer(path, content_type=content_type)
            assert status == "400 Bad Request", path
            assert b"UTF-8" in body
        status, _body = answer("/free-videos/", content_type=content_type, body=b"email=%80")
        assert status == "400 Bad Request"

    @pytest.mark.parametrize(
        "content_type",
        [
            "",
            "text/plain",
            *(
                f"application/x-www-form-urlencoded; charset={charset}"
                for charset in ("utf-8", "UTF-8", "utf8", '"utf-8"', "us-ascii", "iso-8859-1")
            ),
            "multipart/form-data; boundary=----WebKitFormBoundaryA",
        ],
    )
    def test_an_ordinary_one_passes(self, content_type: str) -> None:
        assert answer("/healthz?x=%80", content_type=content_type)[0] == "200 OK"


class TestLogin:
    """There is one login, the admin’s."""

    @pytest.mark.parametrize(
        ("query", "next_query"),
        [
            ("", ""),
            ("?next=/articles/", "?next=/articles/"),
            ("?next=https://elsewhere.test/", ""),
            ("?next=//elsewhere.test/", ""),
            ("?next=javascript:alert(1)", ""),
        ],
    )
    def test_wagtails_other_one_leads_there(
        self, client: Client, query: str, next_query: str
    ) -> None:
        response = client.get(f"/_util/login/{query}")
        assert response.status_code == 302
        assert response["Location"] == f"/admin/login/{next_query}"
        assert not response.cookies
        assert client.post(f"/_util/login/{query}").status_code in {302, 405}

    def test_a_page_for_members_sends_there(self) -> None:
        assert require_wagtail_login("/a/")["Location"] == "/admin/login/?next=/a/"


@pytest.mark.parametrize("module", ["dev", "production"])
def test_no_settings_make_a_demo_for_strangers(module: str, tmp_path: Path) -> None:
    ran = subprocess.run(
        [sys.executable, "-c", f"import cms.settings.{module}"],
        cwd=ROOT,
        env={
            "VAR_DIR": str(tmp_path),
            "DEMO": "1",
            "SITE_URL": "http://192.168.1.7:8000",
            "SECRET_KEY": "x",
            "ADDRESS_HASH_KEY": "x",
            "EMAIL_URL": "smtp://mail.test:25",
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 1
    assert "DEMO=1 is for this machine only" in ran.stderr
