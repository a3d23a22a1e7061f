"""A site of a test's own: the environment of processes that share nothing with anybody else."""

import os
import sqlite3
from contextlib import closing
from pathlib import Path

from django.db import connection

ROOT = Path(__file__).resolve().parent.parent


def own_environment(
    var_dir: Path, *, port: int = 8000, sandbox_port: int = 8025, **names: str
) -> dict[str, str]:
    """Return the environment of a demo site in production's settings, with its own folder.

    Every promised name is set, so that neither the caller's environment nor a `.env` slips in.
    """
    kept = {name: value for name, value in os.environ.items() if name in {"PATH", "HOME", "LANG"}}
    return {
        **kept,
        "DJANGO_SETTINGS_MODULE": "cms.settings.production",
        "PYTHONUNBUFFERED": "1",
        "VAR_DIR": str(var_dir),
        "PORT": str(port),
        "SANDBOX_PORT": str(sandbox_port),
        "SANDBOX_STATE": str(var_dir / "sandbox.sqlite3"),
        "BIND": "127.0.0.1",
        "SITE_URL": f"http://localhost:{port}",
        "SECRET_KEY": "for the tests of whole processes, and for nothing else whatsoever",
        "ADDRESS_HASH_KEY": "another one for the tests of whole processes",
        "DEBUG": "0",
        "DATABASE_URL": f"sqlite:///{var_dir / 'site.sqlite3'}",
        "EMAIL_URL": "",
        "REDIS_URL": "",
        "MAILCHIMP_API_KEY": "",
        "MAILCHIMP_AUDIENCE_ID": "",
        "MAILCHIMP_API_URL": "",
        "DEMO": "1",
        "DEMO_PASSWORD": "spelled-out-for-tests",
        **names,
    }


def copy_test_database(*, target: Path) -> bool:
    """Copy pytest's migrated database as it stands, which saves ten seconds of migrations.

    Returns False, and does nothing, where it is not an SQLite file. A test that asks for it needs
    the mark `django_db`, for pytest-django makes a database only where some test has it.
    """
    if connection.vendor != "sqlite":
        return False
    source = connection.settings_dict["NAME"]
    assert source == connection.settings_dict["TEST"]["NAME"], "Mark the test with django_db."
    target.parent.mkdir(parents=True, exist_ok=True)
    with closing(sqlite3.connect(source)) as reading, closing(sqlite3.connect(target)) as writing:
        reading.backup(writing)
    return True
