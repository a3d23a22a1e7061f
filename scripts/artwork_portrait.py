"""The coach, who is invented, in profile."""

from artwork_palette import (
    APRICOT,
    CREAM,
    HONEY,
    LAMPLIGHT,
    MIST,
    NIGHT,
    PEACH,
    RUST,
    SAGE,
    SEA,
    SQUARE,
    TEAL,
    TERRACOTTA,
    UMBER,
)
from paper_cut import NO_SHADOW, Scene, Shadow, Tone, blend, everywhere, leaf, smooth


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
