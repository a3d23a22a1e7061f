"""What every public page keeps to, whatever it shows."""

import re
from itertools import pairwise
from urllib.parse import urlsplit

import brotli
import pytest
from bs4 import BeautifulSoup, Tag
from django.contrib.staticfiles import finders
from django.http import HttpResponse

from cms.palettes import colors, palettes
from cms.stylesheets import stylesheet

# Without it pytest-django makes no test database, and the fixture would meet the real one.
pytestmark = pytest.mark.django_db

CSS_BUDGET = 12 * 1024
JS_BUDGET = 8 * 1024
FIRST_VISIT_BUDGET = 90 * 1024
STATUS = {"link problem": 410, "not found": 404, "refused form": 422}
LOADING = {"script": "src", "img": "src", "source": "src", "video": "src", "track": "src"}


def _soup(page: HttpResponse) -> BeautifulSoup:
    return BeautifulSoup(page.content.decode(), "html.parser")


def _loaded(soup: BeautifulSoup) -> list[str]:
    """Every address a browser would fetch by itself."""
    found = [
        str(tag[name])
        for kind, name in LOADING.items()
        for tag in soup.find_all(kind)
        if tag.has_attr(name)
    ]
    found += [str(tag["href"]) for tag in soup.find_all("link") if tag["rel"] != ["canonical"]]
    found += [str(tag["poster"]) for tag in soup.find_all("video", poster=True)]
    for tag in soup.find_all(srcset=True):
        found += [part.split()[0] for part in str(tag["srcset"]).split(", ")]
    return found


def _static(address: str) -> bytes:
    path = finders.find(address.removeprefix("/static/"))
    assert isinstance(path, str), f"{address} is no file of ours"
    with open(path, "rb") as file:  # noqa: PTH123
        return file.read()


def _wire_size(content: bytes) -> int:
    return len(brotli.compress(content, quality=5))


def _levels(soup: BeautifulSoup) -> list[int]:
    return [int(heading.name[1]) for heading in soup.find_all(re.compile(r"^h[1-6]$"))]


def test_every_template_answers(looks: dict[str, HttpResponse]) -> None:
    answered = {name: page.status_code for name, page in looks.items()}
    assert answered == {name: STATUS.get(name, 200) for name in looks}


def test_nothing_is_inline(looks: dict[str, HttpResponse]) -> None:
    found = []
    for name, page in looks.items():
        for tag in _soup(page).find_all(True):
            assert isinstance(tag, Tag)
            inline = [key for key in tag.attrs if key == "style" or key.startswith("on")]
            runs = tag.name == "script" and tag.get("type") != "application/ld+json"
            if inline or tag.name == "style" or (runs and not tag.get("src")):
                found.append((name, tag.name, inline))
    assert found == []


def test_pages_have_a_language_a_title_and_one_first_heading(
    looks: dict[str, HttpResponse],
) -> None:
    for name, page in looks.items():
        soup = _soup(page)
        assert [html["lang"] for html in soup.select("html[lang]")] == ["en"], name
        assert [title.get_text(strip=True) for title in soup.select("head > title")] > [""], name
        levels = _levels(soup)
        assert levels.count(1) == 1, name
        assert all(below <= above + 1 for above, below in pairwise(levels)), (
            name,
            levels,
        )


def test_nothing_is_asked_of_a_third_party(looks: dict[str, HttpResponse]) -> None:
    for name, page in looks.items():
        for address in _loaded(_soup(page)):
            assert urlsplit(address).netloc in {"", "testserver"}, (name, address)
            assert urlsplit(address).scheme != "data", (name, address)


def test_public_pages_set_no_cookie(looks: dict[str, HttpResponse]) -> None:
    for name, page in looks.items():
        if name.startswith("styleguide"):
            continue
        assert not page.cookies, name
        assert "Cookie" not in page.headers.get("Vary", ""), name


def test_an_id_is_given_once(looks: dict[str, HttpResponse]) -> None:
    for name, page in looks.items():
        ids = [str(tag["id"]) for tag in _soup(page).find_all(id=True)]
        assert sorted(ids) == sorted(set(ids)), name


def test_labels_and_links_to_errors_lead_somewhere(looks: dict[str, HttpResponse]) -> None:
    for name, page in looks.items():
        soup = _soup(page)
        ids = {str(tag["id"]) for tag in soup.find_all(id=True)}
        labels = soup.find_all("label")
        assert all(tag.has_attr("for") or tag.find("input") for tag in labels), name
        targets = [str(tag["for"]) for tag in labels if tag.has_attr("for")]
        targets += [str(tag["href"])[1:] for tag in soup.select("a[href^='#']")]
        for attribute in ("aria-describedby", "aria-labelledby"):
            for tag in soup.find_all(attrs={attribute: True}):
                targets += str(tag[attribute]).split()
        assert set(targets) <= ids, name


def test_pictures_keep_their_place_and_say_what_they_show(looks: dict[str, HttpResponse]) -> None:
    for name, page in looks.items():
        for picture in _soup(page).find_all(["img", "video"]):
            assert picture.get("width"), name
            assert picture.get("height"), name
            assert picture.name == "video" or picture.has_attr("alt"), name


def test_a_published_page_lists_the_credits_that_await_their_pictures(
    looks: dict[str, HttpResponse],
) -> None:
    for name in ("article", "article without a picture"):
        article = _soup(looks[name]).article
        assert article
        assert [item.get_text() for item in article.select(".credits li")] == [
            "Photo by Bea Sample"
        ]
        assert not article.select(".picture--waiting")


def test_videos_wait_for_a_press_and_bring_their_captions(looks: dict[str, HttpResponse]) -> None:
    videos = _soup(looks["videos"]).find_all("video")
    assert len(videos) == 3
    for video in videos:
        assert video.has_attr("controls")
        assert not video.has_attr("autoplay")
        assert video.find("track", kind="captions", default=True)


def test_the_first_visit_to_an_article_is_light(looks: dict[str, HttpResponse]) -> None:
    page = looks["article"]
    soup = _soup(page)
    css = [_static(str(link["href"])) for link in soup.select("link[rel=stylesheet]")]
    js = [_static(str(script["src"])) for script in soup.select("script[src]")]
    fonts = {
        name
        for sheet in css
        for name in re.findall(r'url\("\.\./([^"]+\.woff2)"\)', sheet.decode())
    }
    assert len(css) == 1
    # Four faces, each in two parts; the weight is that of a page that needs both of every face.
    assert len(fonts) == 8
    css_size, js_size = sum(map(_wire_size, css)), sum(map(_wire_size, js))
    font_size = sum(len(_static(name)) for name in fonts)
    assert css_size <= CSS_BUDGET
    assert js_size <= JS_BUDGET
    assert css_size + js_size + font_size + _wire_size(page.content) <= FIRST_VISIT_BUDGET


def test_the_error_page_stands_on_its_own(looks: dict[str, HttpResponse]) -> None:
    for address in _loaded(_soup(looks["server error"])):
        assert _static(address)


PAPERS = ("paper", "paper-raised", "paper-tinted")
# Every text on every ground it stands on.
TEXTS = [
    *((text, paper) for text in ("ink", "ink-soft", "deep", "deep-hover") for paper in PAPERS),
    *((text, paper) for text in ("warm", "bad") for paper in PAPERS),
    *((text, "bad-tint") for text in ("ink", "bad", "deep")),
    *(("on-deep", button) for button in ("deep", "deep-hover")),
    *((text, "night") for text in ("on-night", "on-night-soft")),
]
# The edges of fields and chosen answers, rings of focus, buttons against what lies around them.
EDGES = [
    *((edge, paper) for edge in ("line-strong", "deep", "warm", "bad") for paper in PAPERS),
    ("bad", "bad-tint"),
    ("on-night", "night"),
]
SCHEMES = ("light", "dark")


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("palette", sorted(palettes()))
def test_the_palette_can_be_read(palette: str, scheme: str) -> None:
    known = colors(palette, scheme)
    weak = {
        pair: round(ratio, 2)
        for pairs, least in ((TEXTS, 4.5), (EDGES, 3))
        for pair in pairs
        if (ratio := _contrast(known[pair[0]], known[pair[1]])) < least
    }
    assert weak == {}


def test_there_are_six_palettes_each_complete_and_in_words() -> None:
    assert len(palettes()) >= 6
    names = {name: set(colors(name, "light")) for name in palettes()}
    assert {name for name, found in names.items() if found != names["hearth"]} == set()
    for name, words in palettes().items():
        assert re.fullmatch(rf"{name.capitalize()}: .{{20,60}}", words), words
        css = _static(f"css/palettes/{name}.css").decode()
        light, dark = css.split("@media (prefers-color-scheme: dark)")
        assert set(re.findall(r"--[\w-]+:", light)) == set(re.findall(r"--[\w-]+:", dark)), name


def test_css_uses_no_colour_of_its_own() -> None:
    css = stylesheet("hearth")
    on_paper = css.index("@layer print {")
    colours = css[: css.index("--paper:")] + css[css.index("@font-face") : on_paper]
    assert re.findall(r"#[0-9a-f]{3,8}\b|rgba?\(|hsla?\(", colours) == []


def test_every_colour_is_used_and_every_used_variable_is_there() -> None:
    css = stylesheet("hearth")
    declared = set(re.findall(r"(--[\w-]+):", css))
    used = set(re.findall(r"var\((--[\w-]+)", css))
    assert (used - declared, declared - used) == (set(), set())


def _contrast(first: str, second: str) -> float:
    """The contrast ratio of two colours, as WCAG reckons it (1 to 21)."""
    brighter, darker = sorted((_luminance(first), _luminance(second)), reverse=True)
    return (brighter + 0.05) / (darker + 0.05)


def _luminance(code: str) -> float:
    channels = (int(code[place : place + 2], 16) / 255 for place in (1, 3, 5))
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in channels
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
