"""The demo's content as files: readable, complete, within its limits, and nobody else's words."""

import json
import re
import subprocess
from itertools import pairwise
from pathlib import Path
from shutil import which

import pytest
from PIL import Image

from cms.models.articles import ARTICLES_ON_A_PAGE
from home.demo import content_format as fmt
from tests.home.demo.reading import all_texts, all_words, body_of_source

PROJECT = Path(__file__).resolve().parents[3]
CONTENT = PROJECT / "home" / "demo" / "content"
IMAGES = CONTENT / "images"
VIDEOS = CONTENT / "videos"
ARTICLES = sorted((CONTENT / "articles").glob("*.md"))
PAGES = sorted([*(CONTENT / "pages").glob("*.md"), *(CONTENT / "cycles").glob("*.md")])
STARTER_PAGES = sorted((PROJECT / "home" / "content" / "pages").glob("*.md"))
STARTER = sorted((PROJECT / "home" / "content").glob("*/*.md"))
CYCLES = {"reactive", "criticism", "desperation", "resentment"}
SHARED_ARTICLES = PROJECT.parent / "shared" / "articles"
SHINGLE_WORDS = 8


def _name(path: Path) -> str:
    return path.stem


# --- articles and pages -------------------------------------------------------------------


def test_every_cycle_has_its_articles_and_its_page() -> None:
    named = {fmt.read_document(path).front_matter.get("cycle") for path in ARTICLES}
    assert named - {None} == CYCLES
    assert {path.stem for path in (CONTENT / "cycles").glob("*.md")} == CYCLES


def test_there_is_enough_to_turn_a_page_and_to_choose_a_topic() -> None:
    assert len(ARTICLES) > ARTICLES_ON_A_PAGE
    topics = [topic for path in ARTICLES for topic in fmt.read_document(path).topics]
    assert 5 <= len(set(topics)) <= 7
    assert all(topics.count(topic) >= 2 for topic in topics)


def test_what_a_page_may_hold_is_shown_somewhere() -> None:
    documents = [fmt.read_document(path) for path in [*ARTICLES, *PAGES, *STARTER_PAGES]]
    blocks = [block for document in documents for block in document.blocks]
    assert {block.name for block in blocks if isinstance(block, fmt.Slot)} == set(fmt.SLOTS)
    passages = [block for block in blocks if isinstance(block, fmt.Variants)]
    assert {code for passage in passages for code, _ in passage.others} == CYCLES
    headings = [
        sum(isinstance(block, fmt.Heading) for block in document.blocks) for document in documents
    ]
    assert max(headings) >= 4
    assert any("image" not in fmt.read_document(path).front_matter for path in ARTICLES)


@pytest.mark.parametrize("path", [*ARTICLES, *PAGES, *STARTER], ids=_name)
class TestEveryText:
    def test_no_word_of_the_file_is_lost(self, path: Path) -> None:
        texts = all_texts(fmt.read_document(path))
        source = path.read_text(encoding="utf-8")
        assert all_words(" ".join(texts)) == all_words(body_of_source(source))

    def test_round_trips(self, path: Path) -> None:
        parsed = fmt.read_document(path)
        assert fmt.parse_document(fmt.write_document(parsed)) == parsed

    def test_says_what_it_is(self, path: Path) -> None:
        front_matter = fmt.read_document(path).front_matter
        assert "title" in front_matter or path.parent.name == "cycles"
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
            text
            for text in all_texts(fmt.read_document(path))
            if not text.endswith((".jpg", ".webp"))
        )
        assert not re.findall(r"[\"']|--|\.\.\.", prose)

    def test_chooses_only_articles_that_there_are(self, path: Path) -> None:
        chosen = {
            slug
            for slot in fmt.read_document(path).slots("article_list")
            for slug in slot.each("article")
        }
        assert chosen <= {article.stem for article in ARTICLES}


@pytest.mark.parametrize("path", ARTICLES, ids=_name)
class TestEveryArticle:
    def test_is_of_real_length_and_has_topics(self, path: Path) -> None:
        parsed = fmt.read_document(path)
        assert parsed.topics
        count = len(body_of_source(path.read_text(encoding="utf-8")).split())
        assert 350 <= count <= 1600

    def test_makes_an_offer_at_most_once_in_the_text(self, path: Path) -> None:
        assert len(fmt.read_document(path).slots(fmt.CALL_TO_ACTION)) <= 1

    def test_speaks_to_the_frightened_reader(self, path: Path) -> None:
        parsed = fmt.read_document(path)
        words = " ".join(all_texts(parsed))
        marked = parsed.front_matter.get("touches_on_fear") == "yes"
        shows_help = "1-800-799-7233" in words or parsed.slots("support_signpost") or marked
        if parsed.slots(fmt.CALL_TO_ACTION):
            assert "not your pattern to break" in words
            assert shows_help
        if marked:
            assert "not your pattern to break" in words
            assert not parsed.slots(fmt.CALL_TO_ACTION)
            assert not parsed.slots(fmt.OPT_IN_FORM)


def test_calls_to_action_are_complete() -> None:
    offers = json.loads((CONTENT / "calls_to_action.json").read_text(encoding="utf-8"))
    words = {"eyebrow", "heading", "offer_line", "points_heading", "points", "button_label"}
    for offer in offers:
        assert set(offer) - {"variants"} == {"name", "goal", *words}
        assert set(offer.get("variants", {})) <= CYCLES
        for variant in offer.get("variants", {}).values():
            assert set(variant) <= words
        if offer["goal"] == "opt_in":
            assert len(offer["points"]) >= 2
            assert all(offer["points"])
    assert [offer["goal"] for offer in (offers[0], offers[-1])] == ["opt_in", "opt_in"]
    assert any(len(offer.get("variants", {})) == len(CYCLES) for offer in offers)


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
        spoken = all_words(" ".join(text for _, _, text in cues))
        transcript = (VIDEOS / str(video["transcript"])).read_text(encoding="utf-8")
        assert " ".join(spoken) in " ".join(all_words(transcript))
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
