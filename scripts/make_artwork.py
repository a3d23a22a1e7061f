"""Draws the demo's pictures: quiet scenes in cut paper, the same ones at every run.

Run from the project's root, with the project's Python::

    .venv/bin/python scripts/make_artwork.py [NAME ...]

It writes JPEGs below 200 KB into ``home/demo/content/images/``; with names, only those.
"""

import io
import math
import sys
from collections.abc import Callable
from pathlib import Path

from paper_cut import (
    NO_SHADOW,
    Colour,
    Cut,
    Point,
    Scene,
    Shadow,
    Tone,
    blend,
    colour,
    everywhere,
    leaf,
    smooth,
)
from PIL import Image, ImageFilter

IMAGES = Path(__file__).resolve().parents[1] / "home" / "demo" / "content" / "images"
LANDSCAPE = (1600, 1000)
SQUARE = (1200, 1200)
MOST_BYTES = 190_000

NIGHT = colour("#0f2a2b")
DEEP = colour("#143733")
TEAL = colour("#1f4d47")
SEA = colour("#3a6d63")
SAGE = colour("#7fa294")
MIST = colour("#c3d3c4")
CREAM = colour("#faf6ef")
SAND = colour("#efe0c6")
PEACH = colour("#f3c9a0")
APRICOT = colour("#e6a06c")
TERRACOTTA = colour("#b4552d")
RUST = colour("#8a3d22")
UMBER = colour("#4b2a1f")
LAMPLIGHT = colour("#ffdca0")
HONEY = colour("#f2b65a")


def ridge(scene: Scene, *, height: float, swing: float, waves: float) -> list[Point]:
    """A hill's outline from edge to edge, closed below; ``height`` is its mean line in pixels."""
    width, bottom = scene.size
    parts = [
        (scene.random.uniform(0.7, 1.3) * waves * n, scene.random.uniform(0, math.tau), 1 / n**1.3)
        for n in (1, 2, 3, 5)
    ]
    line: list[Point] = []
    for x in range(-40, width + 41, 8):
        turn = x / width * math.tau
        lift = sum(math.sin(turn * speed + start) * share for speed, start, share in parts)
        line.append((x, height - lift * swing))
    return [*line, (width + 40, bottom + 40), (-40, bottom + 40)]


def height_at(outline: list[Point], x: float) -> float:
    """How high up the picture a ridge is at ``x``."""
    return min(outline, key=lambda point: abs(point[0] - x) + (1e6 if point[1] > 990 else 0))[1]


def cypress(cut: Cut, foot: Point, *, height: float) -> None:
    """Add a slim, pointed tree."""
    cut.polygon(leaf((foot[0], foot[1] + 4), length=height, width=height * 0.26, angle=90))
    cut.stroke([(foot[0], foot[1] + 8), (foot[0], foot[1] - 10)], start=height * 0.04)


def round_tree(cut: Cut, foot: Point, *, height: float) -> None:
    """Add a tree with a full crown."""
    x, y = foot
    cut.stroke([(x, y + 6), (x, y - height * 0.5)], start=height * 0.055)
    crown = [(0, -1.0), (0.26, -0.9), (0.36, -0.66), (0.28, -0.42), (0, -0.34)]
    crown += [(-0.28, -0.42), (-0.36, -0.66), (-0.26, -0.9)]
    cut.polygon(smooth([(x + a * height, y + b * height) for a, b in crown], closed=True))


def house(scene: Scene, left: float, foot: float, scale: float, *, depth: float) -> None:
    """A small house with a lit window and door side in shade; ``scale`` 1 is 100 pixels wide."""

    def at(x: float, y: float) -> Point:
        return (left + x * scale, foot - y * scale)

    wall = scene.cut().polygon([at(0, -6), at(0, 46), at(30, 78), at(60, 46), at(60, -6)])
    side = scene.cut().polygon([at(60, -6), at(60, 46), at(128, 46), at(128, -6)])
    roof = scene.cut().polygon([at(24, 84), at(100, 84), at(138, 42), at(64, 42)])
    chimney = scene.cut().polygon([at(92, 70), at(92, 104), at(104, 104), at(104, 70)])
    near = Shadow(dx=2, dy=3, blur=4, strength=0.4)
    scene.lay(chimney, Tone(first=RUST), depth=depth, shadow=near)
    scene.lay(side, Tone(first=blend(SAND, SEA, 0.35)), depth=depth, shadow=near)
    scene.lay(wall, Tone(first=CREAM, second=SAND), depth=depth, shadow=near)
    scene.lay(roof, Tone(first=TERRACOTTA, second=RUST), depth=depth, shadow=near)
    gable = scene.cut().stroke([at(-5, 42), at(30, 82), at(65, 42)], start=6 * scale)
    scene.lay(gable, Tone(first=RUST), depth=depth, shadow=near)
    pane = scene.cut().polygon([at(20, 16), at(20, 40), at(40, 40), at(40, 16)])
    scene.lay(pane, Tone(first=HONEY), depth=depth, shadow=NO_SHADOW, grain=0.3)
    cross = scene.cut().stroke([at(30, 16), at(30, 40)], start=2 * scale)
    cross.stroke([at(20, 28), at(40, 28)], start=2 * scale)
    scene.lay(cross, Tone(first=UMBER), depth=depth, shadow=NO_SHADOW)
    scene.glow(at(30, 28), 75 * scale, HONEY, depth=depth, strength=0.55)


def winding(points: list[Point], widths: list[float]) -> list[Point]:
    """A path through the points whose width changes evenly from one to the next; an outline."""
    line = smooth(points)
    right: list[Point] = []
    left: list[Point] = []
    for i, (x, y) in enumerate(line):
        share = i / (len(line) - 1) * (len(widths) - 1)
        lower = min(int(share), len(widths) - 2)
        half = (widths[lower] + (widths[lower + 1] - widths[lower]) * (share - lower)) / 2
        right.append((x + half, y))
        left.append((x - half, y))
    return right + left[::-1]


def hills_at_dusk() -> Scene:
    """The front page: hills behind hills, and a path to a house with a light in its window."""
    scene = Scene(LANDSCAPE, seed=11)
    sky = Tone(first=SAGE, second=PEACH, begin=0.0, finish=0.58)
    scene.lay(everywhere(LANDSCAPE), sky, depth=0.0, shadow=NO_SHADOW)
    scene.glow((1080, 420), 640, LAMPLIGHT, depth=0.02, strength=0.85)
    sun = scene.cut().ellipse((1080, 400), 104, 104)
    scene.lay(
        sun, Tone(first=CREAM, second=LAMPLIGHT), depth=0.04, shadow=Shadow(strength=0.12), rim=0.3
    )
    tones = [
        (blend(PEACH, SAGE, 0.45), blend(PEACH, MIST, 0.3), 470, 34, 0.9),
        (blend(SAGE, PEACH, 0.18), blend(SAGE, PEACH, 0.5), 545, 44, 1.1),
        (blend(SAGE, SEA, 0.45), blend(SAGE, MIST, 0.2), 620, 48, 0.8),
        (SEA, blend(SEA, SAGE, 0.4), 700, 44, 0.7),
    ]
    for i, (first, second, height, swing, waves) in enumerate(tones):
        outline = ridge(scene, height=height, swing=swing, waves=waves)
        scene.lay(
            scene.cut().polygon(outline),
            Tone(
                first=first, second=second, begin=height / 1000 - 0.06, finish=height / 1000 + 0.2
            ),
            depth=0.12 + 0.13 * i,
            shadow=Shadow(dx=0, dy=-7, blur=16, strength=0.2),
        )
    knoll = [(-40, 730), (160, 742), (420, 790), (700, 776), (960, 728), (1240, 742), (1660, 800)]
    ground = [*smooth(knoll), (1660, 1040), (-40, 1040)]
    trees = scene.cut()
    for x, tall in ((1168, 150), (1204, 205), (1242, 132), (884, 96), (912, 128)):
        cypress(trees, (x, 748), height=tall)
    scene.lay(trees, Tone(first=DEEP, second=TEAL), depth=0.66, shadow=Shadow(strength=0.25))
    house(scene, 990, 742, 1.15, depth=0.68)
    scene.lay(
        scene.cut().polygon(ground),
        Tone(first=blend(TEAL, SEA, 0.45), second=TEAL, begin=0.7, finish=0.95),
        depth=0.7,
        shadow=Shadow(dx=0, dy=-6, blur=14, strength=0.26),
    )
    path = winding(
        [(1030, 742), (1000, 768), (1080, 806), (1130, 846), (960, 900), (760, 1010)],
        [12, 20, 36, 60, 100, 190],
    )
    scene.lay(
        scene.cut().polygon(path),
        Tone(first=PEACH, second=blend(SAND, APRICOT, 0.4), begin=0.72, finish=1.0),
        depth=0.7,
        shadow=Shadow(dx=3, dy=4, blur=6, strength=0.3),
    )
    near = [(-40, 846), (180, 836), (420, 880), (620, 960), (760, 1040)]
    scene.lay(
        scene.cut().polygon([*smooth(near), (-40, 1040)]),
        Tone(first=DEEP, second=NIGHT, begin=0.84, finish=1.0),
        depth=0.9,
        shadow=Shadow(dx=4, dy=-8, blur=20, strength=0.4),
    )
    tree = scene.cut()
    round_tree(tree, (236, 872), height=430)
    round_tree(tree, (96, 860), height=270)
    scene.lay(tree, Tone(first=TEAL, second=NIGHT, begin=0.4, finish=0.9), depth=0.92)
    right = [(1180, 1040), (1340, 940), (1500, 896), (1660, 880)]
    grasses(scene, [(1290 + i * 17, 996 - i * 6) for i in range(20)], tall=150, depth=0.94)
    scene.lay(
        scene.cut().polygon([*smooth(right), (1660, 1040)]),
        Tone(first=DEEP, second=NIGHT, begin=0.88, finish=1.0),
        depth=0.95,
        shadow=Shadow(dx=-4, dy=-8, blur=20, strength=0.4),
    )
    return scene


def grasses(scene: Scene, feet: list[Point], *, tall: float, depth: float) -> None:
    """Blades at the foot of a picture, leaning a little, each its own way."""
    blades = scene.cut()
    for foot in feet:
        lean = scene.random.uniform(68, 112)
        length = tall * scene.random.uniform(0.6, 1.25)
        blades.polygon(leaf(foot, length=length, width=length * 0.08, angle=lean))
    scene.lay(blades, Tone(first=SEA, second=DEEP, begin=0.78, finish=0.95), depth=depth)


def cup(
    scene: Scene, x: float, foot: float, scale: float, tone: Tone, *, handle: int, depth: float
) -> None:
    """A cup on a saucer, seen a little from above; ``handle`` is +1 to the right, -1 left."""
    rim, base = 62 * scale, 40 * scale
    tall = 92 * scale
    saucer = scene.cut().ellipse((x, foot + 4 * scale), 104 * scale, 21 * scale)
    scene.lay(saucer, Tone(first=CREAM, second=SAND), depth=depth, shadow=Shadow(dx=16, dy=12))
    ring = scene.cut().ellipse(
        (x + handle * rim * 0.98, foot - tall * 0.55), 30 * scale, 27 * scale
    )
    ring.ellipse((x + handle * rim * 0.98, foot - tall * 0.55), 17 * scale, 15 * scale, erase=True)
    scene.lay(ring, tone, depth=depth)
    side = [(x - rim, foot - tall), (x - rim * 0.97, foot - tall * 0.5), (x - base, foot - 6)]
    under = [(x, foot + 6 * scale), (x + base, foot - 6)]
    other = [(x + rim * 0.97, foot - tall * 0.5), (x + rim, foot - tall)]
    body = scene.cut().polygon(smooth([*side, *under, *other]))
    scene.lay(body, tone, depth=depth, shadow=Shadow(dx=10, dy=6, blur=9))
    shade = scene.cut().polygon(smooth([*under, *other]) + [(x + rim * 0.35, foot - tall)])
    scene.light(shade, NIGHT, depth=depth, strength=0.16, blur=9)
    mouth = scene.cut().ellipse((x, foot - tall), rim, 14 * scale)
    scene.lay(mouth, Tone(first=blend(tone.first, CREAM, 0.35)), depth=depth, shadow=NO_SHADOW)
    drink = scene.cut().ellipse((x, foot - tall + 3 * scale), rim * 0.87, 10 * scale)
    scene.lay(drink, Tone(first=UMBER), depth=depth, shadow=NO_SHADOW, rim=0.4)


def steam(scene: Scene, x: float, foot: float, *, tall: float, depth: float) -> None:
    """Two threads of steam."""
    for shift, size in ((-12, 1.0), (13, 0.8)):
        line = [
            (x + shift + math.sin(t / 3.2 + shift) * 15 * (0.4 + t / 12), foot - t * tall / 12)
            for t in range(int(12 * size) + 1)
        ]
        thread = scene.cut().stroke(smooth(line), start=9, end=2)
        scene.light(thread, CREAM, depth=depth, strength=0.42, blur=4)


def hanging_lamp(scene: Scene, x: float, foot: float, *, depth: float) -> None:
    """A lamp on a cord, its shade as wide as a table wants it."""
    cord = scene.cut().stroke([(x, -10), (x, foot - 120)], start=4)
    scene.lay(cord, Tone(first=NIGHT), depth=depth, shadow=Shadow(strength=0.2))
    inside = scene.cut().ellipse((x, foot), 150, 22)
    scene.lay(inside, Tone(first=LAMPLIGHT), depth=depth, shadow=NO_SHADOW, grain=0.2)
    left = [(x - 150, foot), (x - 128, foot - 58), (x - 58, foot - 112), (x - 18, foot - 132)]
    right = [(2 * x - a, b) for a, b in left[::-1]]
    brim = [
        (x + 150 * math.cos(t / 20 * math.pi), foot - 12 * math.sin(t / 20 * math.pi))
        for t in range(21)
    ]
    shade = scene.cut().polygon(smooth([*left, *right]) + brim)
    scene.lay(shade, Tone(first=APRICOT, second=TERRACOTTA, begin=0.1, finish=0.32), depth=depth)


def chair_back(scene: Scene, x: float, foot: float, scale: float, tone: Tone, depth: float) -> None:
    """A chair seen from behind or in front: two posts, two rails, a cushion of air."""
    half, tall = 92 * scale, 300 * scale
    cut = scene.cut()
    for side in (-1, 1):
        post = [(x + side * half, foot), (x + side * half * 0.96, foot - tall * 0.6)]
        post.append((x + side * half * 0.9, foot - tall))
        cut.stroke(smooth(post), start=19 * scale, end=16 * scale)
    for level, thick in ((0.94, 46), (0.68, 26), (0.46, 26)):
        y = foot - tall * level
        arc = [(x - half * 0.94, y), (x, y - 9 * scale), (x + half * 0.94, y)]
        cut.stroke(smooth(arc), start=thick * scale)
    scene.lay(cut, tone, depth=depth, shadow=Shadow(dx=9, dy=10, blur=14, strength=0.42))


def kitchen_table_evening() -> Scene:
    """Two cups, two empty chairs, one lamp."""
    scene = Scene(LANDSCAPE, seed=23)
    wall = Tone(first=DEEP, second=blend(TEAL, SEA, 0.25), begin=0.0, finish=0.8)
    scene.lay(everywhere(LANDSCAPE), wall, depth=0.0, shadow=NO_SHADOW)
    window(scene, (190, 130, 520, 520), depth=0.08)
    shelf(scene, depth=0.1)
    scene.glow((860, 330), 720, LAMPLIGHT, depth=0.12, strength=0.5)
    cone = scene.cut().polygon([(716, 300), (1004, 300), (1420, 760), (300, 760)])
    scene.light(cone, LAMPLIGHT, depth=0.14, strength=0.20, blur=46)
    chair_back(scene, 470, 830, 1.28, Tone(first=RUST, second=UMBER, begin=0.4, finish=0.8), 0.3)
    chair_back(scene, 1250, 830, 1.28, Tone(first=RUST, second=UMBER, begin=0.4, finish=0.8), 0.3)
    hanging_lamp(scene, 860, 300, depth=0.5)
    top = scene.cut().polygon([(330, 690), (1390, 690), (1690, 1040), (30, 1040)])
    scene.lay(
        top,
        Tone(first=APRICOT, second=TERRACOTTA, begin=0.66, finish=1.02),
        depth=0.6,
        shadow=Shadow(dx=0, dy=-4, blur=18, strength=0.5),
    )
    scene.light(
        scene.cut().ellipse((860, 800), 470, 96), LAMPLIGHT, depth=0.6, strength=0.55, blur=60
    )
    for x, reach in ((660, -1), (1075, 1)):
        cast = scene.cut().polygon(
            [(x - 80, 822), (x + 80, 826), (x + 80 + reach * 160, 905), (x - 80 + reach * 150, 895)]
        )
        scene.light(cast, UMBER, depth=0.62, strength=0.42, blur=16)
    cup(
        scene,
        660,
        832,
        1.0,
        Tone(first=SEA, second=TEAL, begin=0.74, finish=0.84),
        handle=-1,
        depth=0.7,
    )
    cup(
        scene,
        1075,
        832,
        1.0,
        Tone(first=CREAM, second=SAND, begin=0.74, finish=0.84),
        handle=1,
        depth=0.7,
    )
    steam(scene, 660, 730, tall=150, depth=0.72)
    steam(scene, 1075, 730, tall=150, depth=0.72)
    return scene


def window(
    scene: Scene, frame: tuple[float, float, float, float], *, depth: float, warm: bool = False
) -> None:
    """A window with dusk and a hill behind it."""
    left, top, right, bottom = frame
    sky = Tone(first=SAGE, second=PEACH, begin=top / 1000, finish=bottom / 1000)
    if warm:
        sky = Tone(first=PEACH, second=LAMPLIGHT, begin=top / 1000, finish=bottom / 1000)
    scene.lay(scene.cut().box(left, top, right, bottom), sky, depth=depth, shadow=NO_SHADOW)
    middle = (left + right) / 2
    high = bottom - (bottom - top) * 0.28
    far = [(left, high), (middle - 40, high - 44), (middle + 60, high - 8), (right, high - 56)]
    near = [
        (left, high + 56),
        (middle - 70, high + 20),
        (middle + 50, high + 50),
        (right, high + 20),
    ]
    hill = Shadow(dx=0, dy=-3, blur=6, strength=0.2)
    for line, tone in ((far, blend(SAGE, SEA, 0.4)), (near, SEA)):
        outline = [*smooth(line), (right, bottom), (left, bottom)]
        scene.lay(scene.cut().polygon(outline), Tone(first=tone), depth=depth, shadow=hill)
    bars = scene.cut().box(left - 20, top - 20, right + 20, bottom + 20, radius=3)
    gap = 7
    half = (top + bottom) / 2 - 30
    for a, c in ((left, middle - gap), (middle + gap, right)):
        bars.hole(a, top, c, half - gap)
        bars.hole(a, half + gap, c, bottom)
    scene.lay(bars, Tone(first=SAND, second=blend(SAND, SAGE, 0.4)), depth=depth)
    sill = scene.cut().box(left - 44, bottom + 16, right + 44, bottom + 40, radius=3)
    scene.lay(sill, Tone(first=CREAM, second=SAND), depth=depth)


def shelf(scene: Scene, *, depth: float) -> None:
    """A shelf on the far wall with a few plain things on it."""
    things: list[tuple[Cut, Tone]] = []
    jar = scene.cut().box(1262, 258, 1322, 350, radius=14).box(1270, 244, 1314, 262, radius=5)
    things.append((jar, Tone(first=APRICOT, second=TERRACOTTA, begin=0.24, finish=0.36)))
    bowl = scene.cut().polygon(
        smooth([(1352, 300), (1362, 332), (1392, 350), (1432, 350), (1462, 332), (1472, 300)])
    )
    things.append((bowl, Tone(first=MIST, second=SAGE, begin=0.29, finish=0.36)))
    book = scene.cut().box(1186, 248, 1210, 350, radius=2)
    things.append((book, Tone(first=RUST)))
    book = scene.cut().box(1212, 262, 1240, 350, radius=2)
    things.append((book, Tone(first=SAND)))
    for cut, tone in things:
        scene.lay(cut, tone, depth=depth, shadow=Shadow(dx=8, dy=6, blur=10))
    board = scene.cut().box(1150, 350, 1510, 368, radius=2)
    scene.lay(board, Tone(first=UMBER), depth=depth, shadow=Shadow(dx=6, dy=14, blur=16))


def side_chair(
    scene: Scene, x: float, foot: float, scale: float, facing: int, tone: Tone, depth: float
) -> None:
    """A chair from the side; ``facing`` +1 looks to the right, its back on the left."""

    def at(a: float, b: float) -> Point:
        return (x + facing * a * scale, foot - b * scale)

    cut = scene.cut()
    cut.stroke(
        smooth([at(-74, 0), at(-66, 120), at(-70, 200), at(-92, 372)]),
        start=20 * scale,
        end=15 * scale,
    )
    cut.stroke(smooth([at(84, 0), at(76, 90), at(74, 176)]), start=17 * scale)
    cut.stroke([at(-70, 86), at(76, 86)], start=9 * scale)
    cut.polygon([at(-80, 190), at(-78, 164), at(92, 168), at(98, 184), at(92, 196)])
    far = scene.cut()
    far.stroke(smooth([at(-44, 22), at(-38, 120), at(-36, 170)]), start=13 * scale)
    far.stroke(smooth([at(58, 22), at(52, 100), at(50, 170)]), start=13 * scale)
    scene.lay(
        far, Tone(first=blend(tone.first, NIGHT, 0.45)), depth=depth, shadow=Shadow(strength=0.15)
    )
    scene.lay(cut, tone, depth=depth, shadow=Shadow(dx=7, dy=7, blur=12, strength=0.4))


def floor_shadow_of_chair(scene: Scene, x: float, foot: float, facing: int, depth: float) -> None:
    """The long evening shadow of a side chair, toward the viewer."""
    cut = scene.cut()

    def at(a: float, b: float) -> Point:
        return (x + facing * a + b * 0.10 * (1 if x > 800 else -1), foot + b * 0.62)

    cut.stroke([at(-76, 0), at(-70, 200), at(-100, 420)], start=17, end=26)
    cut.stroke([at(84, 0), at(78, 190)], start=15, end=18)
    cut.polygon([at(-84, 176), at(94, 176), at(104, 216), at(-86, 216)])
    scene.light(cut, UMBER, depth=depth, strength=0.5, blur=7)


def two_chairs() -> Scene:
    """Two chairs that look away from one another, and the evening between them."""
    scene = Scene(LANDSCAPE, seed=37)
    wall = Tone(first=blend(SAND, APRICOT, 0.25), second=blend(PEACH, APRICOT, 0.55), finish=0.7)
    scene.lay(everywhere(LANDSCAPE), wall, depth=0.0, shadow=NO_SHADOW)
    window(scene, (640, 92, 960, 560), depth=0.1, warm=True)
    sun = scene.cut().ellipse((884, 330), 44, 44)
    scene.glow((884, 330), 330, LAMPLIGHT, depth=0.1, strength=0.75)
    scene.light(sun, CREAM, depth=0.1, strength=0.85, blur=1)
    for side in (-1, 1):
        curtain(scene, 800 + side * 270, side, depth=0.2)
    rod = scene.cut().stroke([(400, 42), (1200, 42)], start=11)
    for end in (396, 1204):
        rod.ellipse((end, 42), 13, 13)
    scene.lay(rod, Tone(first=UMBER), depth=0.24)
    base = scene.cut().box(-10, 664, 1610, 690)
    scene.lay(base, Tone(first=blend(SAND, APRICOT, 0.1)), depth=0.22)
    ground = scene.cut().polygon([(-40, 690), (1640, 690), (1640, 1040), (-40, 1040)])
    scene.lay(
        ground,
        Tone(first=TERRACOTTA, second=RUST, begin=0.68, finish=1.0),
        depth=0.4,
        shadow=Shadow(dx=0, dy=-4, blur=10, strength=0.3),
    )
    for a in (-1, 1):
        pane = scene.cut().polygon(
            [(800 + a * 12, 700), (800 + a * 158, 700), (800 + a * 330, 1040), (800 + a * 26, 1040)]
        )
        scene.light(pane, LAMPLIGHT, depth=0.42, strength=0.55, blur=8)
    for x, facing in ((440, -1), (1160, 1)):
        floor_shadow_of_chair(scene, x, 838, facing, 0.5)
    wood = Tone(first=SEA, second=DEEP, begin=0.4, finish=0.86)
    side_chair(scene, 440, 840, 1.18, -1, wood, 0.7)
    side_chair(scene, 1160, 840, 1.18, 1, wood, 0.7)
    towel = scene.cut().polygon(
        smooth([(1034, 424), (1052, 396), (1078, 404), (1090, 500), (1084, 600), (1100, 668)])
        + smooth([(1092, 676), (1052, 664), (1010, 676)])
        + smooth([(1018, 600), (1014, 500), (1034, 424)])
    )
    cream = Tone(first=CREAM, second=SAND, begin=0.4, finish=0.7)
    scene.lay(towel, cream, depth=0.72, shadow=Shadow(dx=6, dy=8, blur=10))
    for y in (628, 644):
        stripe = scene.cut().stroke(smooth([(1014, y), (1052, y - 8), (1094, y - 2)]), start=6)
        scene.lay(stripe, Tone(first=SEA), depth=0.72, shadow=NO_SHADOW)
    return scene


def curtain(scene: Scene, x: float, side: int, *, depth: float) -> None:
    """A curtain drawn back to one side, in three folds."""
    for i in range(3):
        inner = x - side * (78 - i * 46)
        outer = x + side * (34 + i * 26)
        line = [(inner, 40), (inner + side * 14, 300), (inner + side * 30, 560), (inner, 676)]
        back = [(outer, 676), (outer, 40)]
        tone = Tone(first=blend(CREAM, PEACH, 0.2 + 0.16 * i), second=blend(SAND, APRICOT, 0.5))
        fold = scene.cut().polygon([*smooth(line), *back])
        scene.lay(fold, tone, depth=depth + i * 0.01, shadow=Shadow(dx=-side * 4, dy=4, blur=12))


def window_at_night() -> Scene:
    """A house on a hill; all asleep but one."""
    scene = Scene(LANDSCAPE, seed=41)
    sky = Tone(first=NIGHT, second=blend(SEA, SAGE, 0.25), begin=0.0, finish=0.85)
    scene.lay(everywhere(LANDSCAPE), sky, depth=0.0, shadow=NO_SHADOW)
    stars = scene.cut()
    for _ in range(70):
        x, y = scene.random.uniform(20, 1580), scene.random.uniform(20, 560)
        size = scene.random.choice((1.0, 1.3, 1.3, 1.8, 2.4))
        if math.hypot(x - 352, y - 236) > 110:
            stars.ellipse((x, y), size, size)
    scene.light(stars, CREAM, depth=0.02, strength=0.75, blur=0.5)
    scene.glow((352, 236), 300, MIST, depth=0.03, strength=0.35)
    moon = scene.cut().ellipse((352, 236), 66, 66).ellipse((384, 218), 60, 60, erase=True)
    scene.lay(
        moon,
        Tone(first=CREAM, second=LAMPLIGHT, begin=0.1, finish=0.4),
        depth=0.04,
        shadow=Shadow(strength=0.2),
    )
    for i, (height, swing, tone) in enumerate(
        ((620, 50, blend(SEA, TEAL, 0.3)), (700, 40, TEAL), (770, 30, blend(TEAL, DEEP, 0.6)))
    ):
        outline = ridge(scene, height=height, swing=swing, waves=0.8)
        scene.lay(
            scene.cut().polygon(outline),
            Tone(
                first=tone,
                second=blend(tone, SAGE, 0.22),
                begin=height / 1000 - 0.06,
                finish=height / 1000 + 0.2,
            ),
            depth=0.15 + 0.12 * i,
            shadow=Shadow(dx=0, dy=-7, blur=18, strength=0.3),
        )
    dark_house(scene, depth=0.6)
    hill = [(-40, 850), (240, 862), (560, 826), (900, 776), (1240, 772), (1660, 846)]
    scene.lay(
        scene.cut().polygon([*smooth(hill), (1660, 1040), (-40, 1040)]),
        Tone(first=DEEP, second=NIGHT, begin=0.76, finish=1.0),
        depth=0.66,
        shadow=Shadow(dx=0, dy=-7, blur=18, strength=0.36),
    )
    spill = scene.cut().polygon([(1000, 790), (1096, 786), (1080, 930), (760, 940)])
    scene.light(spill, HONEY, depth=0.67, strength=0.34, blur=26)
    bare_tree(scene, (330, 900), depth=0.8)
    near = [(-40, 930), (300, 884), (620, 930), (980, 976), (1320, 950), (1660, 960)]
    scene.lay(
        scene.cut().polygon([*smooth(near), (1660, 1040), (-40, 1040)]),
        Tone(first=NIGHT, second=blend(NIGHT, (0, 0, 0), 0.3), begin=0.9, finish=1.0),
        depth=0.86,
        shadow=Shadow(dx=0, dy=-8, blur=20, strength=0.4),
    )
    return scene


def dark_house(scene: Scene, *, depth: float) -> None:
    """The house of the night picture, large and plain, with one window lit upstairs."""
    walls = scene.cut().polygon([(930, 810), (930, 520), (1060, 400), (1190, 520), (1190, 810)])
    wing = scene.cut().polygon([(1190, 810), (1190, 560), (1420, 560), (1420, 810)])
    roof = scene.cut().polygon([(1050, 404), (1330, 446), (1458, 574), (1206, 560)])
    chimney = scene.cut().box(1290, 370, 1330, 500)
    scene.lay(chimney, Tone(first=DEEP), depth=depth)
    scene.lay(wing, Tone(first=blend(TEAL, DEEP, 0.5), second=DEEP), depth=depth)
    scene.lay(roof, Tone(first=NIGHT, second=DEEP, begin=0.4, finish=0.6), depth=depth)
    scene.lay(
        walls, Tone(first=blend(SEA, TEAL, 0.55), second=DEEP, begin=0.42, finish=0.8), depth=depth
    )
    scene.glow((1060, 564), 330, HONEY, depth=depth, strength=0.42)
    eaves = scene.cut().stroke([(908, 536), (1060, 394), (1212, 536)], start=20)
    scene.lay(eaves, Tone(first=NIGHT), depth=depth)
    for left, top in ((972, 672), (1108, 672), (1240, 640), (1330, 640)):
        dark = scene.cut().box(left, top, left + 46, top + 72)
        scene.lay(dark, Tone(first=NIGHT), depth=depth, shadow=NO_SHADOW)
    lit = scene.cut().box(1026, 516, 1094, 612)
    scene.glow((1060, 564), 150, HONEY, depth=depth, strength=0.5)
    scene.lay(
        lit,
        Tone(first=LAMPLIGHT, second=HONEY, begin=0.5, finish=0.62),
        depth=depth,
        shadow=NO_SHADOW,
        grain=0.3,
    )
    figure = scene.cut().ellipse((1072, 566), 10, 12)
    figure.polygon(smooth([(1052, 612), (1056, 590), (1072, 580), (1088, 590), (1092, 612)]))
    scene.lay(figure, Tone(first=UMBER), depth=depth, shadow=NO_SHADOW)
    bars = scene.cut().stroke([(1060, 514), (1060, 614)], start=6)
    bars.stroke([(1024, 556), (1096, 556)], start=6)
    frame = bars.box(1018, 508, 1102, 620, radius=2).hole(1026, 516, 1094, 612)
    frame.stroke([(1060, 514), (1060, 614)], start=5).stroke([(1024, 556), (1096, 556)], start=5)
    scene.lay(frame, Tone(first=NIGHT), depth=depth, shadow=NO_SHADOW)


def bare_tree(scene: Scene, foot: Point, *, depth: float) -> None:
    """A winter tree, grown by a seeded rule."""
    cut = scene.cut()

    def grow(x: float, y: float, angle: float, length: float, width: float, left: int) -> None:
        bend = angle + scene.random.uniform(-9, 9)
        middle = (
            x + math.cos(math.radians(angle)) * length * 0.5,
            y - math.sin(math.radians(angle)) * length * 0.5,
        )
        tip = (
            middle[0] + math.cos(math.radians(bend)) * length * 0.5,
            middle[1] - math.sin(math.radians(bend)) * length * 0.5,
        )
        cut.stroke(smooth([(x, y), middle, tip], steps=6), start=width, end=width * 0.68)
        if left:
            for turn in scene.random.choice(((-27, 21), (-19, 30), (-34, 8, 33))):
                reach = length * scene.random.uniform(0.66, 0.84)
                grow(*tip, bend + turn + scene.random.uniform(-5, 5), reach, width * 0.66, left - 1)

    grow(foot[0], foot[1] + 20, 92, 165, 25, 6)
    scene.lay(cut, Tone(first=NIGHT), depth=depth, shadow=Shadow(dx=8, dy=8, blur=12), rim=0.5)


def doorway_with_light() -> Scene:
    """A dark hall in nested sheets, and a door that stands open at its end."""
    scene = Scene(LANDSCAPE, seed=53)
    glow = Tone(first=LAMPLIGHT, second=PEACH, begin=0.2, finish=0.8)
    scene.lay(everywhere(LANDSCAPE), glow, depth=0.0, shadow=NO_SHADOW)
    garden(scene)
    tones = (
        blend(APRICOT, PEACH, 0.4),
        blend(APRICOT, TERRACOTTA, 0.25),
        blend(APRICOT, TERRACOTTA, 0.8),
        SEA,
        TEAL,
        NIGHT,
    )
    for i, tone in enumerate(tones):
        share = i / (len(tones) - 1)
        half = 118 + 560 * share**1.25
        top = 262 - 330 * share**1.1
        foot = 742 + 330 * share**1.25
        hole = scene.cut().box(-10, -10, 1610, 1010)
        hole.hole(800 - half, top, 800 + half, foot, radius=0)
        scene.lay(
            hole,
            Tone(first=tone, second=blend(tone, UMBER, 0.25), begin=0.3, finish=1.0),
            depth=0.15 + 0.15 * i,
            shadow=Shadow(dx=0, dy=10, blur=26, strength=0.5),
        )
    carpet = scene.cut().polygon([(690, 742), (910, 742), (1290, 1040), (310, 1040)])
    fade = Tone(first=(255, 255, 255), second=(70, 70, 70), begin=0.72, finish=1.0)
    scene.light(
        carpet, LAMPLIGHT, depth=0.5, strength=0.75, blur=9, fade=fade.fill(LANDSCAPE).convert("L")
    )
    scene.glow((800, 520), 420, LAMPLIGHT, depth=0.5, strength=0.30)
    door = scene.cut().polygon([(918, 262), (1010, 216), (1010, 800), (918, 742)])
    scene.lay(
        door,
        Tone(first=SEA, second=TEAL, begin=0.25, finish=0.8),
        depth=0.3,
        shadow=Shadow(dx=-6, dy=4, blur=16, strength=0.5),
    )
    knob = scene.cut().ellipse((994, 520), 8, 9)
    scene.lay(knob, Tone(first=HONEY), depth=0.3, shadow=Shadow(dx=3, dy=3, blur=4))
    coats(scene)
    return scene


def garden(scene: Scene) -> None:
    """What is seen through the open door: a hill and a low sun."""
    scene.lay(
        scene.cut().ellipse((770, 470), 54, 54),
        Tone(first=CREAM),
        depth=0.02,
        shadow=NO_SHADOW,
        rim=0,
    )
    scene.glow((770, 470), 300, CREAM, depth=0.02, strength=0.8)
    far = [(640, 620), (740, 584), (860, 612), (960, 580)]
    near = [(640, 690), (720, 664), (840, 690), (960, 654)]
    for line, tone in ((far, SAGE), (near, SEA)):
        outline = [*smooth(line), (960, 800), (640, 800)]
        scene.lay(
            scene.cut().polygon(outline),
            Tone(first=tone, second=blend(tone, PEACH, 0.4)),
            depth=0.05,
            shadow=Shadow(dx=0, dy=-3, blur=6, strength=0.2),
        )
    way = winding([(790, 664), (810, 690), (790, 720), (800, 770)], [10, 24, 44, 90])
    scene.lay(
        scene.cut().polygon(way),
        Tone(first=CREAM),
        depth=0.06,
        shadow=Shadow(dx=1, dy=2, blur=3, strength=0.2),
    )


def coats(scene: Scene) -> None:
    """Two coats on their hooks, near, in the dark."""
    rail = scene.cut().polygon([(96, 300), (392, 344), (392, 366), (96, 324)])
    scene.lay(rail, Tone(first=UMBER), depth=0.82)
    for x, top, scale, tone in (
        (190, 330, 1.15, Tone(first=SEA, second=DEEP, begin=0.3, finish=0.85)),
        (330, 352, 0.92, Tone(first=TERRACOTTA, second=RUST, begin=0.3, finish=0.8)),
    ):
        coat(scene, (x, top), scale, tone)


def coat(scene: Scene, hook: Point, scale: float, tone: Tone) -> None:
    """A coat that hangs by its collar, its sleeves beside it."""

    def at(a: float, b: float) -> Point:
        return (hook[0] + a * scale, hook[1] + b * scale)

    dark = Tone(first=blend(tone.first, NIGHT, 0.35), second=tone.second, begin=0.3, finish=0.8)
    shade = Shadow(dx=-10, dy=12, blur=18, strength=0.5)
    sleeves = scene.cut()
    for side in (-1, 1):
        arm = smooth([at(side * 44, 46), at(side * 72, 150), at(side * 78, 268)])
        sleeves.stroke(arm, start=40 * scale, end=30 * scale)
    scene.lay(sleeves, dark, depth=0.84, shadow=shade)
    right = [at(12, 0), at(46, 20), at(58, 60), at(54, 180), at(78, 372)]
    hem = [at(40, 384), at(0, 372), at(-40, 386), at(-78, 372)]
    left = [at(-54, 180), at(-58, 60), at(-46, 20), at(-12, 0)]
    body = scene.cut().polygon([*smooth(right), *smooth(hem), *smooth(left)])
    scene.lay(body, tone, depth=0.84, shadow=shade)
    seam = scene.cut().stroke(smooth([at(0, 92), at(7, 220), at(4, 376)]), start=3, end=4)
    scene.light(seam, NIGHT, depth=0.84, strength=0.55, blur=1)
    for side in (-1, 1):
        lapel = scene.cut().polygon([at(side * 10, 0), at(side * 40, 34), at(0, 96)])
        scene.lay(lapel, dark, depth=0.84, shadow=Shadow(dx=-2, dy=3, blur=4))
    peg = scene.cut().stroke([at(0, -22), at(0, 4)], start=9 * scale)
    scene.lay(peg, Tone(first=UMBER), depth=0.84, shadow=Shadow(dx=-3, dy=4, blur=4))
    edge = scene.cut().stroke(smooth([at(56, 62), at(54, 180), at(74, 366)]), start=7)
    scene.light(edge, LAMPLIGHT, depth=0.84, strength=0.4, blur=5)


def keys_on_a_shelf() -> Scene:
    """A shelf by the door: keys put down, a cloth, a jug with one branch."""
    scene = Scene(LANDSCAPE, seed=61)
    wall = Tone(first=blend(MIST, CREAM, 0.5), second=blend(MIST, SAGE, 0.45), angle=-38)
    scene.lay(everywhere(LANDSCAPE), wall, depth=0.0, shadow=NO_SHADOW)
    beam = scene.cut().polygon([(-40, 150), (520, -40), (1240, -40), (260, 760), (-40, 780)])
    scene.light(beam, CREAM, depth=0.05, strength=0.6, blur=40)
    branch_shadow = scene.cut()
    twig(branch_shadow, shift=(110, 60))
    scene.light(branch_shadow, TEAL, depth=0.1, strength=0.3, blur=9)
    board = scene.cut().polygon([(-40, 742), (1640, 742), (1640, 842), (-40, 842)])
    scene.lay(
        board,
        Tone(first=APRICOT, second=TERRACOTTA, begin=0.73, finish=0.84),
        depth=0.4,
        shadow=Shadow(dx=0, dy=30, blur=34, strength=0.5),
    )
    edge = scene.cut().box(-40, 806, 1640, 850)
    scene.lay(edge, Tone(first=RUST, second=UMBER, begin=0.8, finish=0.86), depth=0.42)
    for x, wide in ((520, 120), (960, 150), (1330, 190)):
        cast = scene.cut().polygon(
            [(x - wide, 782), (x + wide, 782), (x + wide + 170, 800), (x - wide + 80, 802)]
        )
        scene.light(cast, UMBER, depth=0.43, strength=0.5, blur=10)
    branch = scene.cut()
    twig(branch, shift=(0, 0))
    scene.lay(branch, Tone(first=SEA, second=TEAL, begin=0.05, finish=0.5), depth=0.5)
    jug(scene)
    folded_cloth(scene)
    bunch_of_keys(scene)
    return scene


def twig(cut: Cut, *, shift: Point) -> None:
    """Add a branch with leaves, rising from where the jug stands."""
    dx, dy = shift
    stem = smooth(
        [(520 + dx, 520 + dy), (540 + dx, 400 + dy), (600 + dx, 270 + dy), (720 + dx, 130 + dy)]
    )
    cut.stroke(stem, start=9, end=3)
    for i in range(9, len(stem) - 2, 5):
        x, y = stem[i]
        grow = 1.15 - i / len(stem) * 0.55
        for turn in (-1, 1):
            angle = 74 - i * 0.6 + turn * 58
            cut.polygon(leaf((x, y), length=108 * grow, width=36 * grow, angle=angle))
    cut.polygon(leaf(stem[-1], length=72, width=28, angle=46))


def jug(scene: Scene) -> None:
    """A plain jug."""
    left = [(478, 500), (484, 560), (438, 640), (432, 716), (470, 780)]
    right = [(570, 780), (608, 716), (602, 640), (556, 560), (562, 500)]
    handle = scene.cut().stroke(
        smooth([(556, 536), (640, 548), (660, 630), (602, 690)]), start=20, end=17
    )
    tone = Tone(first=CREAM, second=SAND, begin=0.5, finish=0.8)
    scene.lay(handle, tone, depth=0.55)
    body = scene.cut().polygon(smooth([*left, *right]))
    scene.lay(body, tone, depth=0.55, shadow=Shadow(dx=14, dy=4, blur=16, strength=0.4))
    shade = scene.cut().polygon(smooth([*right, (548, 640)], closed=True))
    scene.light(shade, SEA, depth=0.55, strength=0.35, blur=18)
    mouth = scene.cut().ellipse((520, 500), 42, 9)
    scene.lay(mouth, Tone(first=blend(SAND, UMBER, 0.5)), depth=0.55, shadow=NO_SHADOW)
    band = scene.cut().polygon(
        smooth([(434, 680), (520, 700), (606, 680)]) + smooth([(606, 700), (520, 722), (436, 700)])
    )
    scene.lay(band, Tone(first=TERRACOTTA), depth=0.55, shadow=NO_SHADOW)


def folded_cloth(scene: Scene) -> None:
    """A cloth folded in half and in half again, one corner hanging over the edge."""
    for i, tone in enumerate((TEAL, SEA, blend(SEA, SAGE, 0.4), SAGE)):
        y = 778 - i * 19
        fold = scene.cut().box(812 + i * 5, y - 20, 1108 - i * 4, y + 2, radius=10)
        scene.lay(
            fold,
            Tone(
                first=tone,
                second=blend(tone, DEEP, 0.3),
                begin=y / 1000 - 0.02,
                finish=y / 1000 + 0.01,
            ),
            depth=0.6,
            shadow=Shadow(dx=8, dy=6, blur=8, strength=0.36),
        )
    flap = scene.cut().polygon(
        [(848, 702), (990, 702), (996, 800), (990, 906), (842, 916), (844, 800)]
    )
    scene.lay(
        flap,
        Tone(first=SAGE, second=SEA, begin=0.7, finish=0.9),
        depth=0.62,
        shadow=Shadow(dx=9, dy=8, blur=12, strength=0.4),
    )
    stripe = scene.cut().polygon([(843, 868), (992, 858), (991, 874), (842, 884)])
    scene.lay(stripe, Tone(first=CREAM), depth=0.62, shadow=NO_SHADOW)


def bunch_of_keys(scene: Scene) -> None:
    """Three keys on a ring, just put down."""
    ring = scene.cut().ellipse((1226, 740), 58, 50).ellipse((1226, 740), 48, 41, erase=True)
    metal = Tone(first=HONEY, second=blend(HONEY, RUST, 0.55), begin=0.7, finish=0.8)
    for angle, length, tone in (
        (8, 230, metal),
        (-7, 262, Tone(first=MIST, second=SAGE, begin=0.72, finish=0.8)),
        (24, 190, Tone(first=APRICOT, second=RUST, begin=0.6, finish=0.8)),
    ):
        a = math.radians(angle)

        def at(along: float, across: float, a: float = a) -> Point:
            return (
                1256 + along * math.cos(a) - across * math.sin(a),
                772 - along * math.sin(a) * 0.6 - across * math.cos(a),
            )

        key = scene.cut().ellipse(at(26, 0), 38, 31).ellipse(at(10, 0), 13, 11, erase=True)
        key.stroke([at(56, 0), at(length, 0)], start=15)
        for tooth, deep in ((length - 10, 28), (length - 34, 20), (length - 56, 26)):
            key.stroke([at(tooth, 0), at(tooth, deep)], start=12)
        scene.lay(key, tone, depth=0.7, shadow=Shadow(dx=6, dy=6, blur=6, strength=0.5))
    scene.lay(ring, metal, depth=0.7, shadow=Shadow(dx=6, dy=6, blur=6, strength=0.5))


def path_over_hills() -> Scene:
    """A path that goes over the hills toward a low sun."""
    scene = Scene(LANDSCAPE, seed=71)
    sky = Tone(first=blend(TERRACOTTA, APRICOT, 0.4), second=LAMPLIGHT, begin=0.0, finish=0.52)
    scene.lay(everywhere(LANDSCAPE), sky, depth=0.0, shadow=NO_SHADOW)
    for y, left, right in ((150, 180, 760), (232, 860, 1500), (292, 320, 640)):
        cloud = scene.cut().polygon(
            smooth(
                [(left, y), ((left + right) / 2, y - 17), (right, y), ((left + right) / 2, y + 9)],
                closed=True,
            )
        )
        scene.light(cloud, CREAM, depth=0.03, strength=0.4, blur=3)
    scene.glow((720, 470), 560, CREAM, depth=0.04, strength=0.7)
    scene.lay(
        scene.cut().ellipse((720, 470), 128, 128),
        Tone(first=CREAM, second=HONEY, begin=0.3, finish=0.66),
        depth=0.05,
        shadow=Shadow(strength=0.1),
        rim=0.3,
    )
    rows = (
        (500, 24, 1.0, blend(APRICOT, SAGE, 0.55)),
        (560, 36, 0.9, blend(SAGE, APRICOT, 0.2)),
        (640, 40, 0.7, blend(SAGE, SEA, 0.6)),
    )
    for i, (height, swing, waves, tone) in enumerate(rows):
        scene.lay(
            scene.cut().polygon(ridge(scene, height=height, swing=swing, waves=waves)),
            Tone(
                first=tone,
                second=blend(tone, SAND, 0.35),
                begin=height / 1000 - 0.05,
                finish=height / 1000 + 0.17,
            ),
            depth=0.15 + 0.12 * i,
            shadow=Shadow(dx=0, dy=-7, blur=16, strength=0.22),
        )
    hill_with_path(
        scene,
        [(-40, 760), (260, 700), (620, 668), (980, 712), (1320, 770), (1660, 742)],
        [(668, 668), (700, 690), (640, 724), (590, 770), (680, 850)],
        [8, 16, 24, 40, 70],
        Tone(first=SEA, second=blend(SEA, TEAL, 0.6), begin=0.66, finish=0.86),
        depth=0.55,
    )
    hill_with_path(
        scene,
        [(-40, 800), (300, 842), (660, 800), (1000, 786), (1340, 846), (1660, 892)],
        [(730, 792), (800, 820), (930, 850), (960, 900), (820, 1040)],
        [22, 52, 84, 118, 190],
        Tone(first=TEAL, second=DEEP, begin=0.78, finish=1.0),
        depth=0.75,
    )
    trees = scene.cut()
    for x, y, tall in ((1230, 838, 210), (1276, 846, 280), (1330, 856, 190), (150, 838, 150)):
        cypress(trees, (x, y), height=tall)
    scene.lay(
        trees,
        Tone(first=DEEP, second=NIGHT, begin=0.5, finish=0.9),
        depth=0.78,
        shadow=Shadow(dx=14, dy=10, blur=14, strength=0.4),
    )
    near = [(-40, 900), (200, 930), (420, 990), (520, 1040)]
    grasses(scene, [(-10 + i * 19, 930 + i * 4) for i in range(21)], tall=160, depth=0.91)
    scene.lay(
        scene.cut().polygon([*smooth(near), (-40, 1040)]),
        Tone(first=NIGHT),
        depth=0.92,
        shadow=Shadow(dx=4, dy=-8, blur=20, strength=0.4),
    )
    return scene


def hill_with_path(
    scene: Scene,
    crest: list[Point],
    way: list[Point],
    widths: list[float],
    tone: Tone,
    *,
    depth: float,
) -> None:
    """A near hill, with the stretch of path that lies on it."""
    bottom = scene.size[1] + 40
    outline = [*smooth(crest), (crest[-1][0], bottom), (crest[0][0], bottom)]
    scene.lay(
        scene.cut().polygon(outline),
        tone,
        depth=depth,
        shadow=Shadow(dx=0, dy=-7, blur=16, strength=0.3),
    )
    strip = scene.cut().polygon(winding(way, widths))
    sand = Tone(first=PEACH, second=blend(SAND, APRICOT, 0.5), begin=0.66, finish=1.0)
    scene.lay(strip, sand, depth=depth, shadow=Shadow(dx=2, dy=3, blur=5, strength=0.3))


def boat(scene: Scene, x: float, y: float, scale: float, tone: Tone, depth: float) -> None:
    """A folded-paper boat, and its reflection."""

    def at(a: float, b: float, sign: int = 1) -> Point:
        return (x + a * scale, y - sign * b * scale)

    for sign, strength in ((-1, 0.34), (1, 1.0)):
        hull = scene.cut().polygon(
            [at(-120, 46, sign), at(-78, -4, sign), at(78, -4, sign), at(120, 46, sign)]
        )
        sail = scene.cut().polygon([at(0, 128, sign), at(-58, 40, sign), at(58, 40, sign)])
        if sign == -1:
            scene.light(sail, blend(tone.first, TEAL, 0.3), depth=depth, strength=strength, blur=4)
            scene.light(hull, blend(tone.first, TEAL, 0.4), depth=depth, strength=strength, blur=4)
            continue
        scene.lay(sail, tone, depth=depth, shadow=Shadow(dx=5, dy=5, blur=8, strength=0.25))
        half = scene.cut().polygon([at(0, 128), at(0, 40), at(58, 40)])
        scene.light(half, UMBER, depth=depth, strength=0.14)
        scene.lay(hull, tone, depth=depth, shadow=Shadow(dx=3, dy=6, blur=8, strength=0.35))
        fold = scene.cut().polygon([at(0, 20), at(78, -4), at(120, 46)])
        scene.light(fold, UMBER, depth=depth, strength=0.14)


def two_boats() -> Scene:
    """Two boats on a still lake, some way apart."""
    scene = Scene(LANDSCAPE, seed=83)
    sky = Tone(first=SEA, second=PEACH, begin=0.0, finish=0.46)
    scene.lay(everywhere(LANDSCAPE), sky, depth=0.0, shadow=NO_SHADOW)
    scene.glow((520, 400), 620, LAMPLIGHT, depth=0.03, strength=0.6)
    rows = (
        (330, 44, 0.9, blend(SAGE, PEACH, 0.35)),
        (392, 30, 1.2, blend(SAGE, SEA, 0.35)),
        (440, 16, 1.0, blend(SEA, TEAL, 0.3)),
    )
    for i, (height, swing, waves, tone) in enumerate(rows):
        scene.lay(
            scene.cut().polygon(ridge(scene, height=height, swing=swing, waves=waves)),
            Tone(
                first=tone,
                second=blend(tone, PEACH, 0.4),
                begin=height / 1000 - 0.05,
                finish=height / 1000 + 0.14,
            ),
            depth=0.1 + 0.1 * i,
            shadow=Shadow(dx=0, dy=-6, blur=14, strength=0.22),
        )
    lake = scene.cut().box(-10, 480, 1610, 1040)
    scene.lay(
        lake,
        Tone(first=blend(PEACH, SAGE, 0.35), second=TEAL, begin=0.47, finish=1.0),
        depth=0.4,
        shadow=Shadow(dx=0, dy=-2, blur=6, strength=0.3),
    )
    shore = scene.cut().polygon(
        [
            (x, 482 + abs(math.sin(x / 170 + 1)) * 24 + abs(math.sin(x / 61)) * 10)
            for x in range(-10, 1620, 10)
        ]
        + [(1620, 478), (-10, 478)]
    )
    scene.light(shore, TEAL, depth=0.41, strength=0.4, blur=5)
    for _ in range(46):
        y = scene.random.uniform(510, 990)
        x = scene.random.uniform(-60, 1560)
        wide = scene.random.uniform(40, 190) * (0.4 + (y - 480) / 420)
        line = scene.cut().polygon(leaf((x, y), length=wide, width=2.5 + (y - 480) / 130, angle=0))
        tint = CREAM if scene.random.random() < 0.6 else DEEP
        scene.light(line, tint, depth=0.44, strength=0.26, blur=0.8)
    boat(scene, 1120, 640, 0.72, Tone(first=CREAM, second=SAND, begin=0.55, finish=0.68), 0.55)
    boat(
        scene, 520, 776, 1.12, Tone(first=APRICOT, second=TERRACOTTA, begin=0.62, finish=0.8), 0.75
    )
    reeds(scene)
    return scene


def reeds(scene: Scene) -> None:
    """Reeds in the near corner."""
    blades = scene.cut()
    for i in range(15):
        x = 1290 + i * 23
        lean = scene.random.uniform(80, 104)
        tall = scene.random.uniform(190, 400) * (0.6 + i / 22)
        blades.polygon(leaf((x, 1030), length=tall, width=17, angle=lean))
        if i % 4 == 1:
            tip = (
                x + math.cos(math.radians(lean)) * tall * 1.02,
                1030 - math.sin(math.radians(lean)) * tall * 1.02,
            )
            blades.stroke([(x, 1030), tip], start=5)
            blades.stroke([tip, (tip[0] + 2, tip[1] - 46)], start=15)
    scene.lay(
        blades,
        Tone(first=DEEP, second=NIGHT, begin=0.6, finish=1.0),
        depth=0.95,
        shadow=Shadow(dx=8, dy=8, blur=12, strength=0.4),
    )


def coach_portrait() -> Scene:
    """A woman's profile in paper: nobody in particular."""
    scene = Scene(SQUARE, seed=97)
    wall = Tone(first=blend(MIST, CREAM, 0.35), second=blend(SAGE, MIST, 0.4))
    scene.lay(everywhere(SQUARE), wall, depth=0.0, shadow=NO_SHADOW)
    scene.glow((600, 520), 640, LAMPLIGHT, depth=0.02, strength=0.5)
    sun = scene.cut().ellipse((610, 540), 400, 400)
    scene.lay(
        sun,
        Tone(first=PEACH, second=APRICOT, begin=0.15, finish=0.8),
        depth=0.1,
        shadow=Shadow(dx=8, dy=14, blur=24, strength=0.3),
    )
    for side in (-1, 1):
        spray = scene.cut()
        stem = smooth(
            [
                (600 + side * 500, 1230),
                (600 + side * 540, 900),
                (600 + side * 470, 560),
                (600 + side * 400, 330),
            ]
        )
        spray.stroke(stem, start=12, end=4)
        for i in range(8, len(stem), 5):
            for turn in (-1, 1):
                spray.polygon(
                    leaf(
                        stem[i],
                        length=128 - i,
                        width=46 - i * 0.3,
                        angle=92 + side * 14 + turn * 48,
                    )
                )
        scene.lay(spray, Tone(first=SEA, second=TEAL, begin=0.2, finish=0.9), depth=0.3)
    hair_behind(scene)
    profile(scene)
    return scene


def hair_behind(scene: Scene) -> None:
    """The pinned-up hair, laid before the face so that the face overlaps it."""
    knot = scene.cut().ellipse((868, 296), 100, 94)
    scene.lay(
        knot, Tone(first=UMBER, second=blend(UMBER, RUST, 0.5), begin=0.2, finish=0.4), depth=0.5
    )


def profile(scene: Scene) -> None:
    """Face, neck, hair and a collar, looking to the left."""
    face = [
        (560, 280),
        (492, 350),
        (470, 420),
        (462, 470),
        (450, 500),
        (414, 560),
        (408, 578),
        (426, 592),
        (446, 600),
        (442, 622),
        (426, 640),
        (436, 656),
        (428, 672),
        (446, 694),
        (446, 716),
        (438, 744),
        (456, 782),
        (510, 798),
        (566, 782),
        (596, 806),
        (604, 880),
        (560, 980),
        (820, 980),
        (786, 870),
        (788, 740),
        (820, 600),
        (800, 400),
        (700, 280),
    ]
    skin = Tone(
        first=blend(PEACH, CREAM, 0.35), second=blend(PEACH, APRICOT, 0.35), begin=0.3, finish=0.85
    )
    scene.lay(
        scene.cut().polygon(smooth(face, closed=True, steps=8)),
        skin,
        depth=0.6,
        shadow=Shadow(dx=10, dy=14, blur=22, strength=0.35),
    )
    jaw = scene.cut().polygon(
        smooth(
            [(560, 778), (660, 730), (716, 640), (760, 700), (770, 860), (620, 900), (596, 820)],
            closed=True,
        )
    )
    scene.light(jaw, TERRACOTTA, depth=0.6, strength=0.26, blur=20)
    ear = scene.cut().ellipse((704, 606), 30, 46)
    hair = [
        (492, 356),
        (516, 276),
        (590, 216),
        (690, 196),
        (790, 232),
        (856, 320),
        (868, 440),
        (850, 560),
        (822, 660),
        (790, 716),
        (770, 700),
        (752, 640),
        (730, 556),
        (690, 540),
        (668, 560),
        (640, 500),
        (600, 440),
        (550, 396),
    ]
    scene.lay(
        scene.cut().polygon(smooth(hair, closed=True)),
        Tone(first=blend(UMBER, RUST, 0.5), second=UMBER, begin=0.2, finish=0.62),
        depth=0.65,
    )
    scene.lay(ear, skin, depth=0.66, shadow=Shadow(dx=3, dy=5, blur=7))
    for line in (
        [(516, 350), (610, 300), (730, 320), (820, 420)],
        [(560, 384), (660, 362), (760, 420), (812, 530)],
        [(620, 430), (700, 440), (764, 510), (794, 610)],
        [(560, 262), (680, 238), (780, 286), (838, 380)],
    ):
        scene.light(
            scene.cut().stroke(smooth(line), start=2, end=7),
            APRICOT,
            depth=0.66,
            strength=0.26,
            blur=1.8,
        )
    lash = scene.cut().stroke(smooth([(478, 512), (496, 524), (520, 518)]), start=3, end=5)
    scene.lay(lash, Tone(first=UMBER), depth=0.66, shadow=NO_SHADOW)
    earring = scene.cut().ellipse((702, 660), 11, 11)
    scene.lay(earring, Tone(first=HONEY), depth=0.68, shadow=Shadow(dx=3, dy=4, blur=4))
    shoulders = [
        (200, 1240),
        (236, 1130),
        (330, 1030),
        (470, 960),
        (560, 930),
        (610, 980),
        (700, 990),
        (772, 930),
        (880, 950),
        (1000, 1020),
        (1060, 1120),
        (1080, 1240),
    ]
    scene.lay(
        scene.cut().polygon(smooth(shoulders)),
        Tone(first=TEAL, second=NIGHT, begin=0.76, finish=1.0),
        depth=0.8,
        shadow=Shadow(dx=4, dy=-4, blur=20, strength=0.35),
    )
    collar = scene.cut().polygon(
        smooth(
            [
                (548, 926),
                (600, 976),
                (690, 992),
                (776, 922),
                (800, 960),
                (720, 1044),
                (600, 1040),
                (530, 970),
            ],
            closed=True,
        )
    )
    scene.lay(collar, Tone(first=SEA, second=TEAL, begin=0.76, finish=0.9), depth=0.85)


SCENES: dict[str, Callable[[], Scene]] = {
    "hills-at-dusk": hills_at_dusk,
    "kitchen-table-evening": kitchen_table_evening,
    "two-chairs": two_chairs,
    "window-at-night": window_at_night,
    "doorway-with-light": doorway_with_light,
    "keys-on-a-shelf": keys_on_a_shelf,
    "path-over-hills": path_over_hills,
    "two-boats": two_boats,
    "coach-portrait": coach_portrait,
}


def as_jpeg(picture: Image.Image) -> bytes:
    """The picture as the best JPEG that stays below MOST_BYTES."""
    for quality in range(92, 40, -3):
        target = io.BytesIO()
        picture.save(target, "JPEG", quality=quality, optimize=True, progressive=True)
        if target.tell() <= MOST_BYTES:
            return target.getvalue()
    raise ValueError("this picture does not fit: give it less grain")


def main(names: list[str]) -> None:
    """Draw the named pictures, or all of them."""
    IMAGES.mkdir(parents=True, exist_ok=True)
    for name in names or SCENES:
        data = as_jpeg(SCENES[name]().flatten().filter(ImageFilter.UnsharpMask(1.2, 40, 2)))
        (IMAGES / f"{name}.jpg").write_bytes(data)
        print(f"{name}.jpg  {len(data) // 1024} KB")


if __name__ == "__main__":
    main(sys.argv[1:])
