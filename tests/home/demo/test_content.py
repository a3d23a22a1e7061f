"""The demo's content as files: readable, complete, within its limits, and nobody else's words."""

import json
import re
import subprocess
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from shutil import which

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from home.demo import content_format as fmt

PROJECT = Path(__file__).resolve().parents[3]
CONTENT = PROJECT / "home" / "demo" / "content"
IMAGES = CONTENT / "images"
VIDEOS = CONTENT / "videos"
ARTICLES = sorted((CONTENT / "articles").glob("*.md"))
PAGES = sorted((CONTENT / "pages").glob("*.md"))
CYCLES = {"reactive", "criticism", "desperation", "resentment"}
SHARED_ARTICLES = PROJECT.parent / "shared" / "articles"
SHINGLE_WORDS = 8


def _name(path: Path) -> str:
    return path.stem


def _texts(document: fmt.Document) -> Iterator[str]:
    """Everything a reader of the document reads, piece by piece, in order."""
    for block in document.blocks:
        match block:
            case fmt.Heading(text=text) | fmt.Paragraph(text=text):
                yield text
            case fmt.BulletList(items=items):
                yield from items
            case fmt.Quote(text=text, attribution=attribution):
                yield text
                yield attribution
            case fmt.Picture(alt=alt, file=file, credit=credit):
                yield from (alt, file, credit)
            case _:
                pass


def _words(text: str) -> list[str]:
    return re.findall(r"\w+(?:[’'.-]\w+)*", text)


def _body_of(source: str) -> str:
    body = source.split("---\n", 2)[2]
    return body.replace(fmt.CALL_TO_ACTION, "").replace(fmt.OPT_IN_FORM, "")


# --- the format ---------------------------------------------------------------------------

word = st.text(alphabet="abcdefghijklmnopqrstuvwxyzàéäß’“”?!.,;&<", min_size=1, max_size=9)
plain = st.lists(word, min_size=1, max_size=12).map(" ".join)
marked = st.lists(
    st.one_of(plain, plain.map(lambda words: f"*{words}*"), plain.map(lambda w: f"**{w}**")),
    min_size=1,
    max_size=4,
).map(" ".join)
alternative = st.lists(word, max_size=8).map(" ".join)
file_name = st.from_regex(r"[a-z0-9-]{1,12}\.(jpg|webp)", fullmatch=True)
block = st.one_of(
    marked.map(lambda text: fmt.Heading(text=text)),
    marked.map(lambda text: fmt.Paragraph(text=text)),
    st.lists(marked, min_size=1, max_size=5).map(lambda i: fmt.BulletList(items=tuple(i))),
    st.builds(fmt.Quote, text=marked, attribution=st.one_of(st.just(""), plain)),
    st.builds(fmt.Picture, file=file_name, alt=alternative, credit=alternative),
    st.just(fmt.CallToActionSlot()),
    st.just(fmt.OptInFormSlot()),
)
document = st.builds(
    fmt.Document,
    front_matter=st.dictionaries(
        st.from_regex(r"[a-z][a-z_]{0,12}", fullmatch=True), st.one_of(st.just(""), plain)
    ),
    blocks=st.lists(block, max_size=12).map(tuple),
)


@given(document)
def test_a_written_document_reads_back_equal(written: fmt.Document) -> None:
    assert fmt.parse_document(fmt.write_document(written)) == written


@given(document)
def test_no_word_is_lost(written: fmt.Document) -> None:
    source = fmt.write_document(written)
    assert _words(" ".join(_texts(fmt.parse_document(source)))) == _words(_body_of(source))


@given(st.lists(plain, min_size=2, max_size=6))
def test_lines_of_one_paragraph_are_joined(lines: list[str]) -> None:
    parsed = fmt.parse_document("---\n---\n\n" + "\n".join(lines) + "\n")
    assert parsed.blocks == (fmt.Paragraph(text=" ".join(lines)),)


@given(st.lists(st.lists(plain, min_size=1, max_size=3), min_size=1, max_size=4))
def test_lines_of_one_item_or_quote_are_joined(items: list[list[str]]) -> None:
    written = "\n".join("- " + "\n  ".join(lines) for lines in items)
    quoted = "\n".join(f"> {line}" for line in items[0])
    parsed = fmt.parse_document(f"---\n---\n\n{written}\n\n{quoted}\n")
    assert parsed.blocks == (
        fmt.BulletList(items=tuple(" ".join(lines) for lines in items)),
        fmt.Quote(text=" ".join(items[0])),
    )


@given(marked)
def test_inline_html_holds_the_words_and_only_two_tags(text: str) -> None:
    html = fmt.inline_html(text)
    tags = set(re.findall(r"</?\w+>", html))
    assert tags <= {"<i>", "</i>", "<b>", "</b>"}
    assert _words(fmt.plain_text(text)) == _words(text)


def test_inline_html_escapes_what_an_author_types() -> None:
    assert fmt.inline_html("*a* < **b** & c") == "<i>a</i> &lt; <b>b</b> &amp; c"


@pytest.mark.parametrize(
    ("body", "line"),
    [
        ("# too big a heading", 4),
        ("###  deeper", 4),
        ("{something_else}", 4),
        ("![no closing](picture.jpg", 4),
        ("![a path](../picture.jpg)", 4),
        ("text\n## a heading without its blank line", 4),
        ("text\n- an item without its blank line", 4),
        ("first\n\na *stray mark", 6),
        ("> a quote\nthat goes on without its mark", 4),
    ],
)
def test_what_the_format_does_not_know_is_refused_by_line(body: str, line: int) -> None:
    with pytest.raises(fmt.ContentFormatError, match=rf"^line {line}:"):
        fmt.parse_document(f"---\n---\n\n{body}\n")


@pytest.mark.parametrize(
    "source", ["", "no front matter", "---\ntitle: open", "---\nTitle\n---", "---\na: 1\na: 2\n---"]
)
def test_broken_front_matter_is_refused(source: str) -> None:
    with pytest.raises(fmt.ContentFormatError, match=r"^line \d+:"):
        fmt.parse_document(source)


def test_an_error_names_the_file(tmp_path: Path) -> None:
    path = tmp_path / "article.md"
    path.write_text("---\n---\n\n# no\n", encoding="utf-8")
    with pytest.raises(fmt.ContentFormatError, match=r"^article\.md, line 4:"):
        fmt.read_document(path)


def test_a_document_that_would_change_its_meaning_is_not_written() -> None:
    with pytest.raises(fmt.ContentFormatError):
        fmt.write_document(fmt.Document(blocks=(fmt.Paragraph(text="- not a list"),)))


# --- articles and pages -------------------------------------------------------------------


def test_every_cycle_has_its_article() -> None:
    named = [fmt.read_document(path).front_matter["cycle"] for path in ARTICLES]
    assert sorted(named) == sorted(CYCLES)


@pytest.mark.parametrize("path", [*ARTICLES, *PAGES], ids=_name)
class TestEveryText:
    def test_no_word_of_the_file_is_lost(self, path: Path) -> None:
        texts = _texts(fmt.read_document(path))
        source = path.read_text(encoding="utf-8")
        assert _words(" ".join(texts)) == _words(_body_of(source))

    def test_round_trips(self, path: Path) -> None:
        parsed = fmt.read_document(path)
        assert fmt.parse_document(fmt.write_document(parsed)) == parsed

    def test_says_what_it_is(self, path: Path) -> None:
        front_matter = fmt.read_document(path).front_matter
        assert front_matter["title"]
        assert len(front_matter["introduction"].split()) >= 15

    def test_its_pictures_exist_and_are_described_and_credited(self, path: Path) -> None:
        parsed = fmt.read_document(path)
        pictures = list(parsed.pictures)
        if "image" in parsed.front_matter:
            lead = parsed.front_matter
            pictures.append(
                fmt.Picture(file=lead["image"], alt=lead["image_alt"], credit=lead["image_credit"])
            )
        for picture in pictures:
            assert (IMAGES / picture.file).is_file(), picture.file
            assert len(picture.alt.split()) >= 5, picture.file
            assert picture.credit, picture.file

    def test_uses_typographic_quotes(self, path: Path) -> None:
        prose = " ".join(
            text for text in _texts(fmt.read_document(path)) if not text.endswith((".jpg", ".webp"))
        )
        assert not re.findall(r"[\"']|--|\.\.\.", prose)


@pytest.mark.parametrize("path", ARTICLES, ids=_name)
class TestEveryArticle:
    def test_is_of_real_length(self, path: Path) -> None:
        count = len(_body_of(path.read_text(encoding="utf-8")).split())
        assert 900 <= count <= 1600

    def test_has_topics_and_a_picture(self, path: Path) -> None:
        parsed = fmt.read_document(path)
        assert parsed.topics
        assert parsed.front_matter["image"]

    def test_makes_the_offer_once_in_the_text_and_ends_with_the_form(self, path: Path) -> None:
        blocks = fmt.read_document(path).blocks
        assert sum(isinstance(item, fmt.CallToActionSlot) for item in blocks) == 1
        assert isinstance(blocks[-1], fmt.OptInFormSlot)

    def test_speaks_to_the_frightened_reader_before_it_offers_anything(self, path: Path) -> None:
        blocks = fmt.read_document(path).blocks
        offer = next(i for i, item in enumerate(blocks) if isinstance(item, fmt.CallToActionSlot))
        before = " ".join(item.text for item in blocks[:offer] if isinstance(item, fmt.Paragraph))
        assert "not your pattern to break" in before
        assert "1-800-799-7233" in before


def test_calls_to_action_are_complete() -> None:
    offers = json.loads((CONTENT / "calls_to_action.json").read_text(encoding="utf-8"))
    assert len(offers) >= 2
    for offer in offers:
        assert set(offer) == {
            "name",
            "eyebrow",
            "heading",
            "offer_line",
            "points_heading",
            "points",
            "button_label",
            "goal",
        }
        assert offer["goal"] == "opt_in"
        assert all(offer["points"])
        assert len(offer["points"]) >= 2


# --- artwork ------------------------------------------------------------------------------


@pytest.mark.parametrize("path", sorted(IMAGES.glob("*.*")), ids=_name)
def test_artwork_is_whole_wide_and_light(path: Path) -> None:
    assert path.stat().st_size < 200_000
    with Image.open(path) as picture:
        picture.load()
        assert picture.format in {"JPEG", "WEBP"}
        assert picture.width >= 1000
        assert picture.height >= 1000


# --- videos -------------------------------------------------------------------------------


def _series() -> list[dict[str, object]]:
    loaded = json.loads((VIDEOS / "videos.json").read_text(encoding="utf-8"))
    assert isinstance(loaded, list)
    return loaded


def _seconds(stamp: str) -> float:
    hours, minutes, seconds = stamp.split(":")
    return int(hours) * 3600 + int(minutes) * 60 + float(seconds)


def _cues(vtt: str) -> list[tuple[float, float, str]]:
    """The cues of a WebVTT file as (start, end, text); seconds."""
    header, *parts = vtt.strip().split("\n\n")
    assert header == "WEBVTT"
    cues = []
    for part in parts:
        timing, _, text = part.partition("\n")
        match = re.fullmatch(r"(\d\d:\d\d:\d\d\.\d{3}) --> (\d\d:\d\d:\d\d\.\d{3})", timing)
        assert match, timing
        cues.append((_seconds(match[1]), _seconds(match[2]), text))
    return cues


def _boxes(data: bytes) -> list[str]:
    """The names of an MP4's top-level boxes, in order."""
    names, position = [], 0
    while position + 8 <= len(data):
        size = int.from_bytes(data[position : position + 4])
        names.append(data[position + 4 : position + 8].decode("latin-1"))
        assert size >= 8
        position += size
    return names


def test_three_videos_with_all_their_companions() -> None:
    assert len(_series()) == 3
    for video in _series():
        assert video["title"]
        assert video["summary"]
        for companion in ("file", "poster", "captions", "transcript"):
            assert (VIDEOS / str(video[companion])).is_file(), video[companion]


@pytest.mark.parametrize("index", range(3))
class TestEveryVideo:
    def test_is_small_and_can_start_before_it_is_all_there(self, index: int) -> None:
        data = (VIDEOS / str(_series()[index]["file"])).read_bytes()
        assert len(data) < 1_500_000
        names = _boxes(data)
        assert names[0] == "ftyp"
        assert names.index("moov") < names.index("mdat")

    def test_captions_lie_in_order_within_the_duration(self, index: int) -> None:
        video = _series()[index]
        duration = video["duration_seconds"]
        assert isinstance(duration, int | float)
        cues = _cues((VIDEOS / str(video["captions"])).read_text(encoding="utf-8"))
        assert len(cues) >= 8
        last_end = 0.0
        for start, end, text in cues:
            assert last_end <= start < end <= duration
            assert text.strip()
            last_end = end

    def test_captions_and_transcript_say_the_same(self, index: int) -> None:
        video = _series()[index]
        cues = _cues((VIDEOS / str(video["captions"])).read_text(encoding="utf-8"))
        spoken = _words(" ".join(text for _, _, text in cues))
        transcript = (VIDEOS / str(video["transcript"])).read_text(encoding="utf-8")
        assert " ".join(spoken) in " ".join(_words(transcript))
        assert 100 <= len(spoken) <= 160

    def test_plays_everywhere_and_can_be_sought(self, index: int) -> None:
        if which("ffprobe") is None:
            pytest.skip("ffprobe is not installed (Debian: apt-get install ffmpeg)")
        path = VIDEOS / str(_series()[index]["file"])
        command = ["ffprobe", "-v", "error", "-of", "json", "-show_streams", "-show_format"]
        probe = json.loads(subprocess.check_output([*command, str(path)]))
        streams = {stream["codec_type"]: stream for stream in probe["streams"]}
        assert streams["video"]["codec_name"] == "h264"
        assert streams["video"]["profile"] in {"Constrained Baseline", "Baseline", "Main"}
        assert streams["video"]["pix_fmt"] == "yuv420p"
        assert streams["audio"]["codec_name"] == "aac"
        assert float(probe["format"]["duration"]) == pytest.approx(
            float(str(_series()[index]["duration_seconds"])), abs=0.5
        )
        command = ["ffprobe", "-v", "error", "-select_streams", "v", "-skip_frame", "nokey"]
        command += ["-show_entries", "frame=pts_time", "-of", "csv=p=0", str(path)]
        keys = [
            float(line.strip(","))
            for line in subprocess.check_output(command, text=True).split()
            if line.strip(",")
        ]
        assert max(later - earlier for earlier, later in pairwise(keys)) <= 2.05


# --- whose words --------------------------------------------------------------------------


def _texts_on_disk() -> list[Path]:
    kinds = {".md", ".json", ".txt", ".vtt"}
    return [path for path in CONTENT.rglob("*") if path.suffix in kinds]


def _shingles(text: str) -> set[tuple[str, ...]]:
    words = re.findall(r"\w+", text.casefold().replace("’", "").replace("'", ""))
    return {
        tuple(words[i : i + SHINGLE_WORDS]) for i in range(max(0, len(words) - SHINGLE_WORDS + 1))
    }


def test_nothing_is_copied_from_the_coachs_own_article() -> None:
    if not SHARED_ARTICLES.is_dir():
        pytest.skip("there is no shared/articles beside this project to compare with")
    theirs: set[tuple[str, ...]] = set()
    for path in SHARED_ARTICLES.glob("*.txt"):
        theirs |= _shingles(path.read_text(encoding="utf-8"))
    assert theirs
    for path in _texts_on_disk():
        copied = _shingles(path.read_text(encoding="utf-8")) & theirs
        assert not copied, f"{path.name}: {copied}"


def test_no_address_that_could_be_somebodys() -> None:
    for path in _texts_on_disk():
        text = path.read_text(encoding="utf-8")
        assert "example.com" not in text, path.name
        for address in re.findall(r"[\w.+-]+@[\w.-]+\w", text):
            assert address.endswith(".test"), f"{path.name}: {address}"


def test_file_names_name_neither_coach_nor_series() -> None:
    for path in VIDEOS.iterdir():
        assert re.fullmatch(r"(video-\d|videos)\.\w+", path.name), path.name
