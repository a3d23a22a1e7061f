"""Runs beside the tests: makes the site of the journeys ready, in one process.

The same steps as `make run`; static files are collected only where the tests have none yet.
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[3]))

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.core.management import call_command  # noqa: E402

call_command("migrate", verbosity=0)
call_command("prepare_site", verbosity=0)
call_command("load_demo", verbosity=0)
if not (Path(settings.STATIC_ROOT) / "staticfiles.json").is_file():
    call_command("collectstatic", interactive=False, verbosity=0)
