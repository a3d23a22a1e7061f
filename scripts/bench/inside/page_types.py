"""Runs with a site's own environment and prints the type of every public page, by path, as JSON."""

import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[3]))

import django

django.setup()

from urllib.parse import urlsplit  # noqa: E402

from wagtail.models import Page  # noqa: E402

pages = Page.objects.live().public().specific()
print(json.dumps({urlsplit(page.full_url).path: type(page).__name__ for page in pages if page.url}))
