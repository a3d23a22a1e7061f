"""Checks that refuse settings under which a password alone would open the admin."""

from typing import Any

import pytest
from django.core.checks import run_checks

STEP = "cms.sign_in.middleware.SecondStepMiddleware"


def found(*, deploy: bool = False) -> set[str | None]:
    """The checks of the site that have something to say."""
    said = run_checks(tags=["security"], include_deployment_checks=deploy)
    return {message.id for message in said if str(message.id).startswith("cms.")}


def test_are_content_with_the_settings_as_they_are() -> None:
    assert not found(deploy=True)


@pytest.mark.parametrize("where", [None, 0, 99])
def test_miss_the_middleware_where_it_is_not_next_to_djangos(
    settings: Any, where: int | None
) -> None:
    others = [each for each in settings.MIDDLEWARE if each != STEP]
    if where is not None:
        others.insert(where, STEP)
    settings.MIDDLEWARE = others
    assert found() == {"cms.E001"}


def test_miss_the_end_of_guessing(settings: Any) -> None:
    settings.AUTHENTICATION_BACKENDS = ["cms.auth.SiteUserBackend"]
    assert "cms.E002" in found()


def test_refuse_a_demo_only_where_visitors_come(settings: Any) -> None:
    settings.DEMO = True
    assert not found()
    assert found(deploy=True) == {"cms.E003"}
