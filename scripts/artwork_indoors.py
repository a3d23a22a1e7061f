"""The kitchen and the two chairs: the demo's pictures of a living room at evening."""

import math

from artwork_palette import (
    APRICOT,
    CREAM,
    DEEP,
    LAMPLIGHT,
    LANDSCAPE,
    MIST,
    NIGHT,
    PEACH,
    RUST,
    SAGE,
    SAND,
    SEA,
    TEAL,
    TERRACOTTA,
    UMBER,
)
from paper_cut import NO_SHADOW, Cut, Point, Scene, Shadow, Tone, blend, everywhere, smooth


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
    shade = scene.cut().polygon([*smooth([*under, *other]), (x + rim * 0.35, foot - tall)])
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
