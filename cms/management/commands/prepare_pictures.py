"""`manage.py prepare_pictures`: makes the sizes of pictures that live pages show.

Wagtail makes a size when a page first asks for it, which lets that page's first reader wait.
"""

from typing import Any

from django.core.management.base import BaseCommand
from wagtail.models import Page


class Command(BaseCommand):
    """Renders every live page once, as its preview would be; can be run again any time."""

    help = "Makes the sizes of pictures that live pages show, so that no reader waits for them."

    def handle(self, *args: Any, **options: Any) -> None:
        """Render each page; what is there already is not made again."""
        pages = [page for page in Page.objects.live().specific() if page.get_url()]
        for page in pages:
            page.make_preview_request()
        self.stdout.write(f"The pictures of {len(pages)} pages are ready.")
