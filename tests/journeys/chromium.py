"""A headless Chromium for the journeys."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.browser import NO_CHROMIUM, find_chromium

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--mute-audio",
]
PATIENCE = 20_000
_UNSAFE = "DJANGO_ALLOW_ASYNC_UNSAFE"


@contextmanager
def running_chromium() -> Iterator[Browser]:
    """A Chromium while the block runs; skips the test where there is none.

    Playwright's loop runs in this thread, which Django takes for asynchronous code: it is told not
    to mind for as long.
    """
    path = find_chromium()
    if path is None:
        pytest.skip(NO_CHROMIUM)
    before = os.environ.get(_UNSAFE)
    os.environ[_UNSAFE] = "1"
    try:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
            try:
                yield browser
            finally:
                browser.close()
    finally:
        if before is None:
            del os.environ[_UNSAFE]
        else:
            os.environ[_UNSAFE] = before
