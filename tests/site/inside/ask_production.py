"""Runs beside the tests: a site in production's settings, asked as granian asks it.

Called with a JSON list of requests (name, method, path, headers, body; `again` names an answer that
the browser has already, `fault` what breaks meanwhile); prints the answers by name.
Only the storage of static files is another one, for collecting them takes longer than all the rest.
"""

import json
import shutil
import sys
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any
from unittest import mock

ROOT = Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT))

import django  # noqa: E402

from cms.settings import production  # noqa: E402

production.STORAGES["staticfiles"] = {
    "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
}
django.setup()

from django.core.management import call_command  # noqa: E402
from wagtail.contrib.redirects.models import Redirect  # noqa: E402

from cms.models import ArticleIndexPage, ArticlePage  # noqa: E402
from home.services.sites import publish_below  # noqa: E402


def prepare() -> None:
    """Make one of everything that answers."""
    call_command("migrate", verbosity=0)
    call_command("prepare_site", verbosity=0)
    article = ArticlePage(
        title="One", slug="one", introduction="One.", published_on=date(2026, 3, 1)
    )
    publish_below(ArticleIndexPage.objects.get(), article)
    Redirect.add_redirect("/old/", "/articles/one/")
    for target, source in (
        (Path(production.STATIC_ROOT) / "css" / "base.css", ROOT / "static/css/base.css"),
        (Path(production.MEDIA_ROOT) / "images" / "a.png", ROOT / "static/img/icon-48.png"),
    ):
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, target)


def ask(application: Any, asked: dict[str, Any]) -> dict[str, Any]:
    """Ask once, on https unless the request says otherwise."""
    told: list[Any] = []
    path, _, query = asked["path"].partition("?")
    body = asked.get("body", "").encode()
    headers = {"host": "www.example.test", "x-forwarded-proto": "https", **asked.get("headers", {})}
    environ = {
        "REQUEST_METHOD": asked.get("method", "GET"),
        "PATH_INFO": path,
        "QUERY_STRING": query,
        "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": "8000",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "CONTENT_TYPE": headers.pop("content-type", ""),
        "CONTENT_LENGTH": str(len(body)),
        "wsgi.input": BytesIO(body),
        "wsgi.errors": sys.stderr,
        "wsgi.url_scheme": "http",
        **{f"HTTP_{name.upper().replace('-', '_')}": value for name, value in headers.items()},
    }
    parts = application(environ, lambda status, headers, *_: told.extend((status, headers)))
    content = b"".join(parts)
    if hasattr(parts, "close"):
        parts.close()
    return {
        "status": int(told[0].split()[0]),
        "headers": told[1],
        "body": content.decode(errors="replace"),
    }


def main() -> None:
    """Answer all of them."""
    prepare()
    from cms.wsgi import application

    answers = {}
    for asked in json.loads(sys.argv[1]):
        fault = asked.get("fault")
        if again := asked.get("again"):
            known = dict(answers[again]["headers"])["ETag"]
            asked["headers"] = {"if-none-match": known}
        with mock.patch(fault, side_effect=RuntimeError("planted")) if fault else mock.MagicMock():
            answers[asked["name"]] = ask(application, asked)
    print(json.dumps(answers))


main()
