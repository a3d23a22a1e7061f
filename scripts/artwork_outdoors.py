"""Hills, a lake and a night: the demo's pictures from out of doors."""

import math

from artwork_palette import (
    APRICOT,
    CREAM,
    DEEP,
    HONEY,
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
from paper_cut import NO_SHADOW, Cut, Point, Scene, Shadow, Tone, blend, everywhere, leaf, smooth


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
