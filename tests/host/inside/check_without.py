"""Runs inside the bare site: says what its checks say with one setting after another taken away.

Prints one JSON object: for each case, [id, message] of every complaint of the funnel's.
"""

import copy
import json
import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path.cwd()))
os.environ["DJANGO_SETTINGS_MODULE"] = "plainsite.settings.dev"

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.core import checks  # noqa: E402
from django.test import override_settings  # noqa: E402
from django.urls import clear_url_caches  # noqa: E402

CASES = {
    "nothing": {},
    **{
        key: {"FUNNEL": {k: v for k, v in settings.FUNNEL.items() if k != key}}
        for key in ("SITE_URL", "ADDRESS_HASH_KEY", "PRIVATE_MEDIA_ROOT")
    },
    "FUNNEL": {"FUNNEL": {}},
    "CRISPY_TEMPLATE_PACK": {"CRISPY_TEMPLATE_PACK": "uni_form"},
    "private folder": {
        "FUNNEL": {**settings.FUNNEL, "PRIVATE_MEDIA_ROOT": Path(settings.MEDIA_ROOT) / "videos"}
    },
    "own key": {"FUNNEL": {**settings.FUNNEL, "ADDRESS_HASH_KEY": settings.SECRET_KEY}},
    "backend": {"FUNNEL": {**settings.FUNNEL, "MAILING_BACKEND": "nowhere.Backend"}},
    "way out": {"FUNNEL": {**settings.FUNNEL, "QUICK_EXIT": "nowhere.way_out"}},
    "include": {"ROOT_URLCONF": "plainsite.urls_before"},
}


def complaints(changes):
    with override_settings(**copy.deepcopy(changes)):
        clear_url_caches()
        found = checks.run_checks()
    return [[message.id, f"{message.msg} {message.hint}"] for message in found]


print(json.dumps({name: complaints(changes) for name, changes in CASES.items()}))
