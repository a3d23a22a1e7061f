"""The hall, its door and the shelf beside it."""

import math

from artwork_outdoors import winding
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
