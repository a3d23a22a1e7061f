"""A site that is not ours: what `wagtail start` makes, with the funnel and nothing else of ours."""

import json
import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import pytest

from funnel.sandbox.server import API_KEY, Sandbox, running_sandbox
from tests.processes import Program, free_port, run_python

ROOT = Path(__file__).resolve().parent.parent.parent
INSIDE = Path(__file__).resolve().parent / "inside"
PASSWORD = "a long one of the owner"

# What an engineer adds to a fresh site; each line is one that the funnel's checks ask for.
SETTINGS = """
INSTALLED_APPS += [
    "funnel",
    "wagtail.contrib.settings",
    "wagtail_modeladmin",
    "crispy_forms",
    "crispy_bootstrap5",
]
CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"
FUNNEL = {{
    "SITE_URL": "http://127.0.0.1:{port}",
    "ADDRESS_HASH_KEY": "a value of its own, long and random",
    "PRIVATE_MEDIA_ROOT": BASE_DIR / "private",
    "MAILCHIMP_API_KEY": "{api_key}",
    "MAILCHIMP_API_URL": "{api_url}",
}}
"""
LOCAL_SETTINGS = """
EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
EMAIL_FILE_PATH = "{mails}"
"""
PAGE_TEMPLATE = """{% extends "base.html" %}
{% load wagtailcore_tags %}
{% block content %}{% include_block page.body %}{% endblock %}
"""


@dataclass
class Host:
    """The bare site in its folder, and the few things a person can do to it."""

    folder: Path
    port: int
    facts: dict[str, Any]
    sandbox: Sandbox

    @property
    def url(self) -> str:
        """Where its server answers, without a slash at the end."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def environment(self) -> dict[str, str]:
        """The environment of every command: nothing of ours is on the path but `funnel`."""
        kept = {name: value for name, value in os.environ.items() if name in {"PATH", "HOME"}}
        return {**kept, "PYTHONPATH": str(self.folder / "plugins"), "PYTHONDONTWRITEBYTECODE": "1"}

    def python(self, *arguments: str | Path) -> CompletedProcess[str]:
        """Run Python in the site's folder."""
        return run_python(*arguments, folder=self.folder, environment=self.environment)

    def manage(self, *arguments: str) -> CompletedProcess[str]:
        """Run `manage.py`."""
        return self.python("manage.py", *arguments)

    def mails(self) -> list[str]:
        """The mails that were sent, oldest first, as they went out."""
        files = sorted((self.folder / "mails").glob("*"), key=lambda file: file.stat().st_mtime_ns)
        return [file.read_text() for file in files]


def _install_funnel(host: Host) -> None:
    plugins = host.folder / "plugins"
    plugins.mkdir()
    (plugins / "funnel").symlink_to(ROOT / "funnel", target_is_directory=True)
    site = host.folder / "plainsite"
    with (site / "settings" / "base.py").open("a") as settings:
        settings.write(
            SETTINGS.format(port=host.port, api_key=API_KEY, api_url=host.sandbox.api_url)
        )
    (site / "settings" / "local.py").write_text(LOCAL_SETTINGS.format(mails=host.folder / "mails"))
    urls = (site / "urls.py").read_text()
    (site / "urls_before.py").write_text(urls)
    (site / "urls.py").write_text(
        urls.replace(
            'path("search/"', 'path("videos/", include("funnel.urls")),\n    path("search/"'
        )
    )
    (host.folder / "home" / "models.py").write_text((INSIDE / "home_models.py").read_text())
    (host.folder / "home" / "templates" / "home" / "home_page.html").write_text(PAGE_TEMPLATE)


@pytest.fixture(scope="session")
def host(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Host]:
    """A `wagtail start` project with the funnel installed, migrated, and its server running."""
    folder = tmp_path_factory.mktemp("host") / "site"
    folder.mkdir()
    with running_sandbox() as sandbox:
        host = Host(folder=folder, port=free_port(), facts={}, sandbox=sandbox)
        started = run_python(
            "-m",
            "wagtail.bin.wagtail",
            "start",
            "plainsite",
            folder,
            folder=folder.parent,
            environment=host.environment,
        )
        assert started.returncode == 0, started.stdout + started.stderr
        _install_funnel(host)
        prepared = host.python(INSIDE / "prepare.py", PASSWORD)
        assert prepared.returncode == 0, prepared.stdout + prepared.stderr
        host.facts = json.loads(prepared.stdout.splitlines()[-1])
        yield host


@pytest.fixture(scope="session")
def host_server(host: Host) -> Iterator[Host]:
    """The same, with its own server answering."""
    server = Program(
        "the host's server",
        [sys.executable, "manage.py", "runserver", "--noreload", f"127.0.0.1:{host.port}"],
        folder=host.folder,
        environment=host.environment,
        log=host.folder / "server.log",
    )
    server.start()
    try:
        server.wait_for_port(host.port)
        yield host
    finally:
        server.stop()
