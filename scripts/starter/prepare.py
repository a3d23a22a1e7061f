"""Makes the data ready, inside one Django process: a second start must take a second or two.

Run by `.venv`'s Python as `python scripts/starter/prepare.py DESCRIPTOR`; what the starter needs
to know afterwards is written to that file descriptor, as JSON.
"""

import hashlib
import io
import json
import os
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "scripts")]

import django  # noqa: E402
from django.core.exceptions import ImproperlyConfigured  # noqa: E402
from django.core.management import CommandError, call_command, get_commands  # noqa: E402
from django.db import DatabaseError  # noqa: E402

from starter import say  # noqa: E402

FINGERPRINT = "static.fingerprint"
SEARCH_FINGERPRINT = "search.fingerprint"


def _call(name: str, **options: Any) -> None:
    call_command(name, verbosity=0, stdout=io.StringIO(), **options)


def static_fingerprint() -> str:
    """Return a digest that changes whenever any file that `collectstatic` would collect does."""
    from django.conf import settings
    from django.contrib.staticfiles.finders import get_finders

    digest = hashlib.sha256(json.dumps(settings.STORAGES, default=str).encode())
    for finder in get_finders():
        for path, storage in sorted(finder.list([]), key=lambda found: str(found[0])):
            facts = Path(storage.path(path)).stat()
            digest.update(f"{path} {facts.st_size} {facts.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def collect_static_files() -> None:
    """Collect them where anything changed; compressing some thousand files takes its time."""
    from django.conf import settings

    marker = settings.VAR_DIR / FINGERPRINT
    fingerprint = static_fingerprint()
    manifest = Path(settings.STATIC_ROOT) / "staticfiles.json"
    if (
        manifest.is_file()
        and marker.is_file()
        and marker.read_text(encoding="ascii") == fingerprint
    ):
        return
    marker.unlink(missing_ok=True)
    with say.step("Collecting static files"):
        _call("collectstatic", interactive=False, clear=True)
    marker.write_text(fingerprint, encoding="ascii")


def search_fingerprint() -> str:
    """Return a digest that changes whenever what is kept for search would be something else."""
    from django.conf import settings
    from wagtail.search.index import get_indexed_models

    database = settings.DATABASES["default"]
    facts = {
        "backends": settings.WAGTAILSEARCH_BACKENDS,
        "database": [str(database.get(name)) for name in ("ENGINE", "HOST", "PORT", "NAME")],
        "fields": {
            model._meta.label: sorted(
                f"{field!r} {getattr(field, 'boost', None)}" for field in model.get_search_fields()
            )
            for model in get_indexed_models()
        },
    }
    return hashlib.sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest()


def index_for_search() -> None:
    """Read all pages anew for search where its fields changed; saving a page does it for one."""
    from django.conf import settings

    marker = settings.VAR_DIR / SEARCH_FINGERPRINT
    fingerprint = search_fingerprint()
    if marker.is_file() and marker.read_text(encoding="ascii") == fingerprint:
        return
    with say.step("Reading the pages for search"):
        _call("update_index")
    marker.write_text(fingerprint, encoding="ascii")


def prepare_pictures() -> None:
    """Make the sizes of the first pictures; later ones are made when an editor previews a page."""
    from wagtail.images import get_image_model

    images = get_image_model()
    if images.objects.exists() and not images.get_rendition_model().objects.exists():
        with say.step("Making the sizes of the pictures"):
            _call("prepare_pictures")


def prepare() -> dict[str, Any]:
    """Bring database, pages, demo and static files up to date; each step repeats nothing."""
    from django.conf import settings
    from django.contrib.auth import get_user_model

    commands = get_commands()
    with say.step("Preparing the database"):
        _call("migrate", interactive=False)
    if "prepare_site" in commands:
        with say.step("Preparing the pages and roles every site has"):
            _call("prepare_site")
    if settings.DEMO and "load_demo" in commands:
        with say.step("Loading the demo site"):
            _call("load_demo")
    index_for_search()
    collect_static_files()
    prepare_pictures()
    administrators = get_user_model()._default_manager.filter(is_superuser=True, is_active=True)
    return {
        "uses_sandbox": settings.USE_SANDBOX,
        "shows_mail": settings.SHOW_LOCAL_MAILBOX,
        "has_administrator": administrators.exists(),
    }


def _run(descriptor: int) -> int:
    try:
        django.setup()
        facts = prepare()
    except (ImproperlyConfigured, CommandError) as error:
        say.line(str(error))
        return 1
    except DatabaseError as error:
        say.line(f"The database could not be used: {str(error).splitlines()[0]}")
        return 1
    with os.fdopen(descriptor, "w", encoding="utf-8") as answer:
        json.dump(facts, answer)
    return 0


if __name__ == "__main__":
    sys.exit(_run(int(sys.argv[1])))
