"""Makes the demo's three videos from its artwork, words written below and a computed sound.

Run from the project's root, with the project's Python; needs ffmpeg and the font EB Garamond
(Debian: ``apt-get install ffmpeg fonts-ebgaramond``). Nobody needs to run it to use the site::

    .venv/bin/python scripts/make_videos.py [1 2 3]

Each video is a slow walk past one picture. Its sentences appear on the screen one by one, over a
quiet chord; nobody speaks, because a machine's voice would be colder than none. Captions,
transcripts, posters and ``videos.json`` are written from the same words and times.
"""

import json
import math
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageDraw, ImageFilter, ImageFont

from artwork_outdoors import hills_at_dusk, path_over_hills, two_boats
from artwork_palette import NIGHT
from paper_cut import Layer, Scene

VIDEOS = Path(__file__).resolve().parents[1] / "home" / "demo" / "content" / "videos"
FRAME = (960, 540)
FRAMES_PER_SECOND = 20
SECONDS_BETWEEN_KEYFRAMES = 2
MARGIN = 50
DRIFT = 42
OPENING = 3.4
CLOSING = 3.0
FADE = 0.55
VIDEO_BITS = 108_000
AUDIO_BITS = 40_000
FONT = "EBGaramond12-Regular.otf"
TITLE_FONT = "EBGaramond12-Italic.otf"
INK_ON_SCREEN = (250, 246, 239)


@dataclass(frozen=True, kw_only=True)
class Film:
    """One video: its words, sentence by sentence, and the picture they stand in front of."""

    number: int
    title: str
    summary: str
    scene: Callable[[], Scene]
    sentences: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Cue:
    """One sentence and the seconds from which and until which it can be read."""

    start: float
    end: float
    text: str


FILMS = (
    Film(
        number=1,
        title="The traps of helping",
        summary="Why unasked-for help is so often heard as a verdict, and a question to ask first.",
        scene=two_boats,
        sentences=(
            "Suppose that someone you love is carrying a heavy box up the stairs.",
            "You take hold of one corner.",
            "He didn’t ask. Now he has to carry the box, and you.",
            "Most of us help in this way when we’re frightened.",
            "We remind. We suggest. We send the article.",
            "To us, it feels like love.",
            "To the one who’s being helped, it can sound like a verdict: "
            "I don’t believe that you can do this.",
            "So he pushes back, or he lets us do it all.",
            "Either way, we end up holding the box.",
            "Here is something to try this week. Before you help, ask one question.",
            "“Would you like a hand, or would you like company?”",
            "Then do what the answer says, even if it is “neither.”",
            "You may find that company was what you had to give.",
        ),
    ),
    Film(
        number=2,
        title="When trying harder stops working",
        summary="A car in the sand, ten good talks that changed nothing, and what to leave out.",
        scene=path_over_hills,
        sentences=(
            "When a car is stuck in sand, the natural thing is to give it gas.",
            "The wheels spin. The car goes deeper.",
            "Nobody would call that laziness. It takes a great deal of effort.",
            "I see people work on their marriages in this way.",
            "Another talk. A better explanation. The same request, with more feeling in it.",
            "If it hasn’t worked ten times, the eleventh will need something other than strength.",
            "So, for one week, take your foot off. Get out and look.",
            "What do you do, and what comes next, and what do you do then?",
            "Write down one round of it, as plainly as you can.",
            "Somewhere in it is a move of yours that you could leave out.",
            "A small one will do.",
            "Leave it out once, and see what happens.",
        ),
    ),
    Film(
        number=3,
        title="Putting resentment down",
        summary="How to read the account that resentment keeps, and hand back one thing on it.",
        scene=hills_at_dusk,
        sentences=(
            "Think of the last thing you did with your teeth together.",
            "Perhaps it was the dishes. Perhaps it was his mother.",
            "Resentment is a kind of bookkeeping.",
            "It writes down all that we gave, and nobody thanked us for.",
            "The figures are often right.",
            "But look at the first line of the account.",
            "Very often, there’s a yes in it that should have been a no.",
            "You can’t go back and change that one. You can find the next.",
            "This week, choose one thing that isn’t yours, and hand it back.",
            "Say it once, kindly, and in good time: “From Monday on, I’m leaving this to you.”",
            "Then let it be done badly, or late, or not at all.",
            "Your hands will feel strange for a while.",
            "That is how it feels to have them free.",
        ),
    ),
)


def cues_of(film: Film) -> tuple[Cue, ...]:
    """The sentences with their times, at the pace of somebody reading calmly."""
    cues: list[Cue] = []
    now = OPENING
    for sentence in film.sentences:
        length = max(2.6, len(sentence.split()) / 2.7 + 1.1)
        cues.append(Cue(start=round(now, 2), end=round(now + length - 0.15, 2), text=sentence))
        now += length
    return tuple(cues)


def seconds_of(film: Film) -> float:
    """How long the film is, in whole frames."""
    exact = cues_of(film)[-1].end + CLOSING
    return math.ceil(exact * FRAMES_PER_SECOND) / FRAMES_PER_SECOND


def grouped(layers: list[Layer]) -> list[Layer]:
    """Layers of about the same depth laid together, at the size of the moving picture.

    Four sheets are enough for the eye, and each one less saves a minute.
    """
    scale = (FRAME[0] + 2 * MARGIN) / layers[0].image.width
    size = (FRAME[0] + 2 * MARGIN, round(layers[0].image.height * scale))
    groups: list[Layer] = []
    for layer in layers:
        small = layer.image.resize(size, Image.Resampling.LANCZOS)
        depth = (min(3, int(layer.depth * 4)) + 0.5) / 4
        if groups and groups[-1].depth == depth:
            small = Image.alpha_composite(groups.pop().image, small)
        groups.append(Layer(image=small, depth=depth))
    return groups


def seen(groups: list[Layer], share: float) -> Image.Image:
    """The picture as it is seen ``share`` (0 to 1) of the way along: near things move more."""
    glide = 0.5 - 0.5 * math.cos(math.pi * share)
    picture = Image.new("RGBA", FRAME, (*NIGHT, 255))
    for layer in groups:
        shift = (glide - 0.5) * 2 * DRIFT * (0.12 + 0.88 * layer.depth)
        rise = (layer.image.height - FRAME[1]) * 0.62 + (0.5 - glide) * 16 * layer.depth
        left, top = MARGIN + shift, rise
        part = (left, top, left + FRAME[0], top + FRAME[1])
        moved = layer.image.resize(FRAME, Image.Resampling.BILINEAR, box=part)
        picture.alpha_composite(moved)
    return picture


def words_on_screen(text: str, *, font_name: str, points: int) -> Image.Image:
    """A sentence in at most 30 characters a line or so, centred, with a breath of shadow."""
    font = ImageFont.truetype(font_name, points)
    page = Image.new("RGBA", FRAME, (*NIGHT, 0))
    draw = ImageDraw.Draw(page)
    lines = balanced(text, most=34)
    step = round(points * 1.3)
    top = round(FRAME[1] * 0.40 - step * len(lines) / 2)
    for kind in ("shadow", "ink"):
        for i, line in enumerate(lines):
            spot = (FRAME[0] / 2, top + i * step)
            fill = (*NIGHT, 235) if kind == "shadow" else (*INK_ON_SCREEN, 255)
            draw.text(spot, line, font=font, fill=fill, anchor="ma")
        if kind == "shadow":
            page = page.filter(ImageFilter.GaussianBlur(5))
            draw = ImageDraw.Draw(page)
    return page


def balanced(text: str, *, most: int) -> list[str]:
    """The text in lines of about equal length, none much longer than ``most`` characters."""
    words = text.split()
    count = math.ceil(len(text) / most)
    lines: list[str] = [""]
    for word in words:
        longer = f"{lines[-1]} {word}".strip()
        if len(longer) > len(text) / count + 4 and len(lines) < count:
            lines.append(word)
        else:
            lines[-1] = longer
    return lines


def presence(now: float, start: float, end: float) -> float:
    """How visible (0 to 1) something is that fades in after ``start`` and out before ``end``."""
    return max(0.0, min(1.0, (now - start) / FADE, (end - now) / FADE))


def faded(page: Image.Image, share: float) -> Image.Image:
    """The page, as visible as ``share`` says."""
    if share == 1:
        return page
    weaker = page.copy()
    weaker.putalpha(page.getchannel("A").point(lambda value: round(value * share)))
    return weaker


def frames(film: Film, groups: list[Layer]) -> Iterator[bytes]:
    """Every frame of the film as raw RGB."""
    total = seconds_of(film)
    cues = cues_of(film)
    title = words_on_screen(film.title, font_name=TITLE_FONT, points=58)
    pages = [words_on_screen(cue.text, font_name=FONT, points=44) for cue in cues]
    veil = Image.new("RGBA", FRAME, (*NIGHT, 132))
    for index in range(round(total * FRAMES_PER_SECOND)):
        now = index / FRAMES_PER_SECOND
        picture = seen(groups, now / total)
        dim = presence(now, 0.3, total - 1.2)
        picture.alpha_composite(faded(veil, dim))
        shown = [(title, presence(now, 0.5, OPENING - 0.1))]
        shown += [
            (page, presence(now, cue.start, cue.end)) for page, cue in zip(pages, cues, strict=True)
        ]
        for page, share in shown:
            if share > 0:
                picture.alpha_composite(faded(page, share))
        yield picture.convert("RGB").tobytes()


def chord(seconds: float) -> list[str]:
    """What makes ffmpeg compute a soft pad: three chords that rise and sink into one another."""
    chords = ((110.0, 164.81, 220.0, 277.18), (92.5, 138.59, 220.0, 277.18), (73.42, 146.83, 220.0))
    voices: list[str] = []
    for turn, notes in enumerate(chords):
        swell = f"pow(0.5+0.5*cos(2*PI*(t/30-{turn}/3)),2)"
        tones = "+".join(
            f"{0.5 / (1 + n * 0.55):.3f}*sin(2*PI*{note}*t)*(0.8+0.2*sin(2*PI*{0.07 + n * 0.03}*t))"
            f"+{0.16 / (1 + n):.3f}*sin(2*PI*{note * 2.003:.3f}*t)"
            for n, note in enumerate(notes)
        )
        voices.append(f"{swell}*({tones})")
    source = f"aevalsrc='0.16*({'+'.join(voices)})':s=32000:d={seconds}"
    soften = "lowpass=f=900,aecho=0.8:0.7:310|470:0.3|0.2,volume=0.9"
    fades = f"afade=t=in:d=3,afade=t=out:st={seconds - 4}:d=4"
    return ["-f", "lavfi", "-i", f"{source},{soften},{fades}"]


def encode(film: Film, groups: list[Layer], target: Path) -> None:
    """Write the film as MP4: two passes over frames kept in a scratch file."""
    seconds = seconds_of(film)
    with tempfile.TemporaryDirectory() as scratch:
        raw = Path(scratch) / "frames.mkv"
        size = f"{FRAME[0]}x{FRAME[1]}"
        read_raw = ["-f", "rawvideo", "-pix_fmt", "rgb24", "-s", size]
        read_raw += ["-r", str(FRAMES_PER_SECOND), "-i", "-"]
        lossless = ["-c:v", "libx264", "-preset", "ultrafast", "-qp", "8", "-pix_fmt", "yuv444p"]
        quiet = ["ffmpeg", "-y", "-v", "error"]
        with subprocess.Popen([*quiet, *read_raw, *lossless, str(raw)], stdin=subprocess.PIPE) as p:
            assert p.stdin is not None
            for frame in frames(film, groups):
                p.stdin.write(frame)
        keys = str(FRAMES_PER_SECOND * SECONDS_BETWEEN_KEYFRAMES)
        video = ["-vf", "hqdn3d=3:3:8:8", "-c:v", "libx264", "-profile:v", "main"]
        video += ["-preset", "slow", "-tune", "animation", "-pix_fmt", "yuv420p"]
        video += ["-b:v", str(VIDEO_BITS), "-g", keys, "-keyint_min", keys, "-sc_threshold", "0"]
        log = ["-passlogfile", str(Path(scratch) / "pass")]
        first = [*quiet, "-i", str(raw), *video, "-pass", "1", *log, "-an", "-f", "null", "-"]
        subprocess.run(first, check=True)
        audio = ["-c:a", "aac", "-ac", "1", "-b:a", str(AUDIO_BITS)]
        second = [*quiet, "-i", str(raw), *chord(seconds), *video, "-pass", "2", *log, *audio]
        second += ["-t", str(seconds), "-movflags", "+faststart", "-map_metadata", "-1"]
        subprocess.run([*second, str(target)], check=True)


def stamp(seconds: float) -> str:
    """A time as WebVTT writes it."""
    minutes, rest = divmod(seconds, 60)
    return f"00:{int(minutes):02d}:{rest:06.3f}"


def write_companions(film: Film) -> None:
    """Captions and transcript, from the same words and times as the picture."""
    cues = cues_of(film)
    parts = [
        f"{stamp(c.start)} --> {stamp(c.end)}\n" + "\n".join(balanced(c.text, most=42))
        for c in cues
    ]
    captions = "WEBVTT\n\n" + "\n\n".join(parts) + "\n"
    (VIDEOS / f"video-{film.number}.vtt").write_text(captions, encoding="utf-8")
    transcript = (
        f"{film.title}\n\n"
        "Nobody speaks in this demonstration video. The words appear on the screen, one sentence "
        "after another, over a quiet chord.\n\n" + "\n".join(film.sentences) + "\n"
    )
    (VIDEOS / f"video-{film.number}.txt").write_text(transcript, encoding="utf-8")


def write_index() -> None:
    """What the site needs to know about the videos, in their order."""
    index = [
        {
            "title": film.title,
            "summary": film.summary,
            "file": f"video-{film.number}.mp4",
            "poster": f"video-{film.number}.jpg",
            "captions": f"video-{film.number}.vtt",
            "transcript": f"video-{film.number}.txt",
            "duration_seconds": seconds_of(film),
        }
        for film in FILMS
    ]
    text = json.dumps(index, indent=2, ensure_ascii=False) + "\n"
    (VIDEOS / "videos.json").write_text(text, encoding="utf-8")


def main(numbers: list[int]) -> None:
    """Make the films with these numbers, or all of them."""
    VIDEOS.mkdir(parents=True, exist_ok=True)
    write_index()
    for film in FILMS:
        write_companions(film)
        if numbers and film.number not in numbers:
            continue
        groups = grouped(film.scene().layers)
        poster = seen(groups, 0.5).convert("RGB")
        poster.save(VIDEOS / f"video-{film.number}.jpg", quality=88, optimize=True)
        target = VIDEOS / f"video-{film.number}.mp4"
        encode(film, groups, target)
        print(f"{target.name}  {seconds_of(film):.1f} s  {target.stat().st_size // 1024} KB")


if __name__ == "__main__":
    main([int(argument) for argument in sys.argv[1:]])
