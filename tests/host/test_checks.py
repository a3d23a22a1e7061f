"""What a host forgot is named by `manage.py check`, in words that say what to do."""

import json

import pytest

from tests.host.conftest import INSIDE, Host

FORGOTTEN = {
    "SITE_URL": ("funnel.E002", 'FUNNEL["SITE_URL"]'),
    "ADDRESS_HASH_KEY": ("funnel.E002", 'FUNNEL["ADDRESS_HASH_KEY"]'),
    "PRIVATE_MEDIA_ROOT": ("funnel.E002", 'FUNNEL["PRIVATE_MEDIA_ROOT"]'),
    "CRISPY_TEMPLATE_PACK": ("funnel.E003", 'CRISPY_TEMPLATE_PACK = "bootstrap5"'),
    "private folder": ("funnel.E004", "outside MEDIA_ROOT"),
    "own key": ("funnel.E005", "SECRET_KEY"),
    "backend": ("funnel.E006", "nowhere.Backend"),
    "way out": ("funnel.E008", "nowhere.way_out"),
    "include": ("funnel.E007", 'include("funnel.urls")'),
}
APPS = (
    "wagtail.contrib.settings",
    "wagtail.snippets",
    "wagtail_modeladmin",
    "django_filters",
    "crispy_forms",
    "crispy_bootstrap5",
)


@pytest.fixture(scope="module")
def complaints(host: Host) -> dict[str, list[tuple[str, str]]]:
    """What the host's checks say without each setting: id and text of every message."""
    told = host.python(INSIDE / "check_without.py")
    assert told.returncode == 0, told.stderr
    answer: dict[str, list[list[str]]] = json.loads(told.stdout.splitlines()[-1])
    return {case: [(id_, text) for id_, text in said] for case, said in answer.items()}


def test_a_host_that_forgot_nothing_hears_nothing(
    complaints: dict[str, list[tuple[str, str]]],
) -> None:
    assert complaints["nothing"] == []


@pytest.mark.parametrize("case", FORGOTTEN)
def test_a_forgotten_setting_is_named(
    complaints: dict[str, list[tuple[str, str]]], case: str
) -> None:
    expected_id, name = FORGOTTEN[case]

    ((id_, text),) = complaints[case]

    assert id_ == expected_id
    assert name in text


def test_a_host_without_any_setting_hears_of_each(
    complaints: dict[str, list[tuple[str, str]]],
) -> None:
    assert [id_ for id_, _ in complaints["FUNNEL"]] == ["funnel.E002"] * 3


@pytest.mark.parametrize("app", APPS)
def test_a_forgotten_app_is_named(host: Host, app: str) -> None:
    settings = host.folder / "plainsite" / "settings" / f"without_{app.replace('.', '_')}.py"
    settings.write_text(
        f"from .dev import *\nINSTALLED_APPS = [a for a in INSTALLED_APPS if a != {app!r}]\n"
    )

    checked = host.manage("check", "--settings", f"plainsite.settings.{settings.stem}")

    assert checked.returncode == 1
    assert "Traceback" not in checked.stderr, checked.stderr
    assert checked.stderr.count("(funnel.") == 1, checked.stderr
    assert f"(funnel.E001) The funnel needs “{app}”" in checked.stderr
    assert f'Add "{app}" to INSTALLED_APPS.' in checked.stderr
