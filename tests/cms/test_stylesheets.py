"""One stylesheet a page: put together in order, and found by everything that asks for files."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.core.management import call_command
from django.template import Context, Template
from django.test import override_settings
from pytest_django import Settings

from cms.palettes import palettes
from cms.stylesheets import parts, stylesheet, stylesheet_path


@pytest.fixture(autouse=True)
def fresh_finders() -> Iterator[None]:
    """Django keeps its finders, which keep the settings they were made under."""
    finders.get_finder.cache_clear()
    yield
    finders.get_finder.cache_clear()


@pytest.fixture
def static(tmp_path: Path, settings: Settings) -> Path:
    """A small folder of CSS in the place of the site's own."""
    css = tmp_path / "static" / "css"
    (css / "components").mkdir(parents=True)
    (css / "palettes").mkdir()
    for name in ("tokens", "fonts", "base", "layout", "print", "palettes/hearth"):
        (css / f"{name}.css").write_text(f"/* {name} */\n.{Path(name).name} {{ order: 0; }}\n")
    for name in ("zebra", "ape"):
        (css / "components" / f"{name}.css").write_text(f".{name} {{ order: 0; }}\n")
    settings.STATICFILES_DIRS = [css.parent]
    settings.MADE_STATIC_ROOT = tmp_path / "made"
    return css


def _found(path: str) -> Path:
    found = finders.find(path)
    assert isinstance(found, str)
    return Path(found)


def test_the_frame_comes_first_the_components_by_name_and_paper_last(static: Path) -> None:
    order = re.findall(r"^\.(\w+)", stylesheet("hearth"), re.MULTILINE)
    assert order == ["tokens", "hearth", "fonts", "base", "layout", "ape", "zebra", "print"]


def test_every_file_of_css_is_in_the_stylesheet_or_is_for_staff() -> None:
    folder = Path(__file__).resolve().parents[2] / "static"
    written = {
        path.relative_to(folder).as_posix()
        for path in (folder / "css").rglob("*.css")
        if path.parent.name != "palettes"
    }
    linked = {str(path) for path in parts("hearth")} - {"css/palettes/hearth.css"}
    assert written - linked <= {"css/styleguide.css"}
    assert linked <= written


def test_addresses_lead_to_the_same_files_from_the_whole(static: Path) -> None:
    (static / "components" / "ape.css").write_text(
        "a { background: url('../../img/a.svg'); }\n"
        "b { background: url(b.svg); }\n"
        "c { background: url(/static/c.svg); }\n"
    )
    (static / "fonts.css").write_text('@font-face { src: url("../fonts/a.woff2"); }\n')
    found = re.findall(r"url\((.*?)\)", stylesheet("hearth"))
    assert found == ['"../fonts/a.woff2"', '"../img/a.svg"', '"components/b.svg"', "/static/c.svg"]


def test_comments_stay_at_home(static: Path) -> None:
    (static / "base.css").write_text("/* one\n two */\na { /* three */ order: 1; }\n\n\n")
    css = stylesheet("hearth")
    assert "/*" not in css
    assert "two" not in css
    assert "order: 1" in css


def test_a_change_shows_at_once_and_nothing_is_written_without_one(static: Path) -> None:
    first = _found("css/site-hearth.css")
    made = first.stat().st_mtime_ns
    assert _found("css/site-hearth.css").stat().st_mtime_ns == made
    (static / "components" / "ape.css").write_text(".a_longer_name { order: 0; }\n")
    assert ".a_longer_name" in _found("css/site-hearth.css").read_text()
    assert list(first.parent.glob(".*")) == []


def test_every_palette_has_its_stylesheet() -> None:
    listed = {
        path
        for finder in finders.get_finders()
        for path, _ in finder.list([])
        if str(path).startswith("css/site-")
    }
    assert listed == {f"css/site-{name}.css" for name in palettes()}
    for name in palettes():
        css = _found(f"css/site-{name}.css").read_text()
        assert css == stylesheet(name)
        assert css.count("--paper:") >= 2


def test_no_other_file_is_found() -> None:
    assert finders.find("css/site-nowhere.css") is None
    assert finders.find("css/site-../../x.css") is None


def test_a_palette_whose_file_has_gone_falls_back_to_the_first() -> None:
    assert stylesheet_path("gone") == stylesheet_path("") == "css/site-hearth.css"
    line = Template('{% load static site_tags %}{% static "hearth"|stylesheet %}')
    assert line.render(Context()) == "/static/css/site-hearth.css"


def test_collecting_hashes_the_stylesheet_and_what_it_loads(tmp_path: Path) -> None:
    storages = {
        "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"}
    }
    only_ours = [
        "django.contrib.staticfiles.finders.FileSystemFinder",
        "cms.stylesheets.StylesheetFinder",
    ]
    with override_settings(STORAGES=storages, STATIC_ROOT=tmp_path, STATICFILES_FINDERS=only_ours):
        call_command("collectstatic", interactive=False, verbosity=0)
    collected = sorted((tmp_path / "css").glob("site-hearth.*.css"))
    assert len(collected) == 1
    fonts = re.findall(r'url\("\.\./([^"]+)"\)', collected[0].read_text())
    assert fonts
    for font in fonts:
        assert re.search(r"\.[0-9a-f]{12}\.woff2$", font)
        assert (tmp_path / font).is_file()
    assert collected[0].with_suffix(".css.br").is_file()
    assert (tmp_path / "css" / "site-hearth.css").is_file()
