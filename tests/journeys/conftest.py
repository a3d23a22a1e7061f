"""Journeys: what a person does, in a real Chromium, on the site as `make run` starts it."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests.journeys.chromium import PATIENCE
from tests.journeys.stack import Stack, build_stack

PHONE = {"width": 390, "height": 844}
DESK = {"width": 1280, "height": 900}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Have pytest's database made, of which the running site gets a copy."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.django_db)


@pytest.fixture(scope="session")
def whole_stack(
    chromium: Browser, django_db_setup: None, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Stack]:
    """The running site, built once."""
    stack = build_stack(tmp_path_factory.mktemp("stack"))
    try:
        stack.start()
        yield stack
    finally:
        stack.stop()


@pytest.fixture
def stack(whole_stack: Stack, request: pytest.FixtureRequest) -> Iterator[Stack]:
    """The running site; what a journey has killed is started again before the next."""
    whole_stack.start()
    yield whole_stack
    whole_stack.start()


@pytest.fixture
def open_page(chromium: Browser, stack: Stack) -> Iterator[Callable[..., Page]]:
    """Make pages in browsers that know nothing yet: `open_page(width_and_height, javascript=…)`."""
    contexts = []

    def open_one(size: dict[str, int] = PHONE, *, javascript: bool = True) -> Page:
        context = chromium.new_context(
            base_url=stack.url,
            viewport=size,  # type: ignore[arg-type]
            java_script_enabled=javascript,
            accept_downloads=True,
        )
        context.set_default_timeout(PATIENCE)
        contexts.append(context)
        return context.new_page()

    yield open_one
    for context in contexts:
        context.close()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[Any]) -> Any:
    """Show what the three programs said where a journey failed."""
    report = yield
    stack = getattr(item, "funcargs", {}).get("stack")
    if report.failed and isinstance(stack, Stack):
        report.sections.append(("What the running site said", stack.output()))
    return report
