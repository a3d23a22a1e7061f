"""The same pages in a Chromium: accessible, narrow enough, and within their own policy."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.http import HttpResponse

from tests.browser import NO_CHROMIUM, find_chromium

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(find_chromium() is None, reason=NO_CHROMIUM),
]

ROOT = Path(__file__).resolve().parent.parent.parent
ORIGIN = "http://localhost"
KINDS = (
    "home",
    "articles",
    "article",
    "standard page",
    "opt-in",
    "refused form",
    "check your mail",
    "videos",
    "leave",
    "call",
    "refused-call",
    "call-confirmed",
    "my-data",
    "my-data-see",
    "my-data-erased",
    "not found",
    "mail",
    "server error",
    "styleguide invitations",
    "styleguide text",
    "styleguide lists",
    "styleguide around",
)


def test_pages_are_accessible_and_keep_their_policy(
    looks: dict[str, HttpResponse], tmp_path: Path
) -> None:
    policy = looks["home"].headers["Content-Security-Policy"]
    pages = [
        {
            "name": name,
            "url": f"{ORIGIN}/{number}/",
            "status": looks[name].status_code,
            "headers": {"Content-Type": "text/html", "Content-Security-Policy": policy},
            "body": looks[name].content.decode(),
        }
        for number, name in enumerate(KINDS)
    ]
    assert finders.find("css/site-hearth.css"), "The stylesheet is made when it is asked for."
    static = [
        *map(str, settings.STATICFILES_DIRS),
        str(ROOT / "funnel" / "static"),
        str(settings.MADE_STATIC_ROOT),
    ]
    files = {"/static/": static, "/media/": [str(settings.MEDIA_ROOT)]}
    (tmp_path / "pages.json").write_text(json.dumps({"pages": pages, "files": files}))

    seen = subprocess.run(
        [sys.executable, "-m", "tests.site.browse", str(tmp_path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=400,
        check=False,
    )
    assert seen.returncode == 0, seen.stderr
    assert json.loads(seen.stdout) == {}
