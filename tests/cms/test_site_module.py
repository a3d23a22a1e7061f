"""One module a page: each part in a block of its own, and found by whatever asks for files."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.core.exceptions import ImproperlyConfigured
from pytest_django import Settings

from cms import site_module
from cms.site_module import PARTS, PATH


@pytest.fixture(autouse=True)
def fresh_finders(tmp_path: Path, settings: Settings) -> Iterator[None]:
    """Django keeps its finders, which keep the settings they were made under."""
    settings.MADE_STATIC_ROOT = tmp_path / "made"
    finders.get_finder.cache_clear()
    yield
    finders.get_finder.cache_clear()


def test_every_part_is_there_in_a_block_of_its_own() -> None:
    text = site_module.site_module()
    assert text.count("\n}\n{\n") == len(PARTS) - 1
    for told in ("[data-leave-now]", "[data-choose-cycle]", "[data-opt-in-form]"):
        assert told in text


def test_the_finder_offers_it_and_follows_a_change(
    tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    part = tmp_path / "static" / "js" / "one.js"
    part.parent.mkdir(parents=True)
    part.write_text("/* why */\nconst a = 1;\n")
    settings.STATICFILES_DIRS = [tmp_path / "static"]
    monkeypatch.setattr(site_module, "PARTS", ("js/one.js",))
    finders.get_finder.cache_clear()
    found = finders.find(PATH)
    assert isinstance(found, str)
    assert Path(found).read_text() == "{\nconst a = 1;\n}\n"
    part.write_text("const a = 2;\n")
    assert Path(str(finders.find(PATH))).read_text() == "{\nconst a = 2;\n}\n"
    assert finders.find("js/another.js") is None


def test_a_part_that_imports_is_refused(
    tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    part = tmp_path / "static" / "js" / "one.js"
    part.parent.mkdir(parents=True)
    part.write_text('import { a } from "./a.js";\n')
    settings.STATICFILES_DIRS = [tmp_path / "static"]
    monkeypatch.setattr(site_module, "PARTS", ("js/one.js",))
    finders.get_finder.cache_clear()
    with pytest.raises(ImproperlyConfigured, match="Link it by itself"):
        finders.find(PATH)
