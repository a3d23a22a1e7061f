"""Runs inside the bare site, as its engineer would by hand: migrate, an administrator, videos.

Prints one JSON object with what the tests have to know.
"""

import contextlib
import importlib.util
import io
import json
import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path.cwd()))
os.environ["DJANGO_SETTINGS_MODULE"] = "plainsite.settings.dev"

import django

django.setup()

from django.contrib.auth import get_user_model  # noqa: E402
from django.core.files.base import ContentFile  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402

VIDEO = bytes(range(256)) * 1200

connection.cursor().execute("PRAGMA synchronous=OFF")
call_command("makemigrations", "home", verbosity=0)
call_command("migrate", verbosity=0)
pending = io.StringIO()
with contextlib.suppress(SystemExit):
    call_command("makemigrations", check=True, dry_run=True, stdout=pending)

import funnel  # noqa: E402
import home  # noqa: E402
from funnel.models import CallToAction, FunnelSettings, StuckCycle, Video  # noqa: E402
from home.models import HomePage  # noqa: E402

get_user_model().objects.create_superuser("owner", "owner@host.test", sys.argv[1])

series = FunnelSettings.load().series
video = Video(series=series, title="The first video", summary="Five minutes.", sort_order=1)
video.file.save("first.mp4", ContentFile(VIDEO), save=False)
video.captions.save("first.vtt", ContentFile(b"WEBVTT\n"), save=False)
video.save()

call = CallToAction.objects.create(
    name="Videos", heading="Begin alone", offer_line="Three short videos", series=series
)
call.variants.create(cycle=StuckCycle.objects.get(code="criticism"), heading="Alone, and tired")
call.save()
page = HomePage.objects.get()
page.body = [("call_to_action", call), ("opt_in_form", {"call_to_action": None})]
page.save_revision().publish()

print(
    json.dumps(
        {
            "funnel": funnel.__file__,
            "home": home.__file__,
            "cms": str(importlib.util.find_spec("cms")),
            "site_modules": sorted(name for name in sys.modules if name.split(".")[0] == "cms"),
            "pending_migrations": pending.getvalue().strip(),
            "page_id": page.pk,
            "call_to_action_id": call.pk,
            "video_id": video.pk,
        }
    )
)
