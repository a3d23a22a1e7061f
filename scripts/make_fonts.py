"""Make the typefaces in `static/fonts/`: `python scripts/make_fonts.py FOLDER`.

FOLDER holds the unpacked npm packages that `static/fonts/LICENCES.md` names. Wants fonttools and
brotli, which the project itself does not need; any environment that has both will do.

A phone on a slow line gets about 10 KB of each file that arrives at the same time with one answer
and waits another round for the rest. So each face is split: what running English needs, which fits
into that, and the accents of names and rare signs, which a browser fetches for a page that has
one. Of the kerning only pairs that the eye catches stay, for the same reason.
"""

import io
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fontTools import subset
from fontTools.feaLib.builder import addOpenTypeFeaturesFromString
from fontTools.ttLib import TTFont
from fontTools.varLib import instancer

TARGET = Path(__file__).resolve().parents[1] / "static" / "fonts"
RUNNING = (
    "U+20-22,U+26-29,U+2C-3B,U+3F-5A,U+61-7A,U+A0,U+A9,U+B7,U+2013,U+2014,U+2018,U+2019,U+201C,"
    "U+201D,U+2026,U+2192"
)
MORE = (
    "U+23-25,U+2A,U+2B,U+3C-3E,U+5B-60,U+7B-7E,U+A3,U+AB,U+BB,U+C0,U+C1,U+C4,U+C5,U+C7-C9,U+D1,U+D3,"
    "U+D6,U+D8,U+DC,U+DF-EF,U+F1-F6,U+F8-FD,U+2010,U+2011,U+2022,U+20AC,U+2190"
)


@dataclass(frozen=True)
class Face:
    """One face: its original, what it is pinned to, and the weakest kerning kept, in 1/1000 em."""

    name: str
    original: str
    limits: dict[str, Any]
    kerning: int
    family: str | None = None


FACES = (
    Face("newsreader-display", "newsreader-latin-standard-normal", {"opsz": 40, "wght": 480}, 15),
    Face("newsreader-italic", "newsreader-latin-standard-italic", {"opsz": 24, "wght": 420}, 15),
    Face(
        *("unstuck-sans", "source-sans-3-latin-wght-normal", {"wght": (400, 600)}, 25),
        family="Unstuck Sans",
    ),
    Face(
        *("unstuck-sans-italic", "source-sans-3-latin-wght-italic", {"wght": 400}, 25),
        family="Unstuck Sans",
    ),
)


def pinned(original: Path, limits: dict[str, Any]) -> TTFont:
    """Return a variable font within limits; read anew, since the subsetter wants whole tables."""
    whole = io.BytesIO()
    font = instancer.instantiateVariableFont(TTFont(original), limits)
    font.flavor = None
    font.save(whole)
    whole.seek(0)
    return TTFont(whole)


def renamed(font: TTFont, family: str) -> TTFont:
    """Give a font its own family name; a changed one must not bear a reserved name."""
    for record in font["name"].names:
        if record.nameID in (1, 4, 16):
            record.string = family
        elif record.nameID in (3, 6):
            record.string = family.replace(" ", "")
    return font


def part(font: TTFont, unicodes: str, features: list[str]) -> None:
    """Keep some letters of a font, and of its tables what a browser reads."""
    options = subset.Options(hinting=False, layout_features=features, name_IDs=[0, 1, 2, 13])
    options.drop_tables += ["STAT", "BASE", "MVAR"]
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=subset.parse_unicodes(unicodes))
    subsetter.subset(font)


def kerning_of(font: TTFont) -> dict[tuple[str, str], int]:
    """Return what each pair of glyphs is moved by, in font units."""
    table = font["GPOS"].table
    lookups = sorted(
        {
            index
            for record in table.FeatureList.FeatureRecord
            if record.FeatureTag == "kern"
            for index in record.Feature.LookupListIndex
        }
    )
    pairs: dict[tuple[str, str], int] = {}
    for index in lookups:
        found: dict[tuple[str, str], int] = {}
        for subtable in table.LookupList.Lookup[index].SubTable:
            subtable = subtable.ExtSubTable if subtable.LookupType == 9 else subtable
            if subtable.LookupType != 2:
                continue
            for pair, value in _pairs_of(subtable, font.getGlyphOrder()):
                found.setdefault(pair, getattr(value, "XAdvance", 0) if value else 0)
        for pair, units in found.items():
            pairs.setdefault(pair, units)
    return pairs


def _pairs_of(subtable: Any, glyphs: list[str]) -> list[tuple[tuple[str, str], Any]]:
    covered = subtable.Coverage.glyphs
    if subtable.Format == 1:
        return [
            ((first, record.SecondGlyph), record.Value1)
            for first, pair_set in zip(covered, subtable.PairSet, strict=True)
            for record in pair_set.PairValueRecord
        ]
    first_class, second_class = subtable.ClassDef1.classDefs, subtable.ClassDef2.classDefs
    return [
        (
            (first, second),
            subtable.Class1Record[first_class.get(first, 0)]
            .Class2Record[second_class.get(second, 0)]
            .Value1,
        )
        for first in covered
        for second in glyphs
    ]


def keep_strong_kerning(font: TTFont, *, weakest: int) -> None:
    """Leave pairs moved by at least `weakest` thousandths of an em, to the nearest hundredth."""
    em = font["head"].unitsPerEm
    step = em / 100
    letters = set(font.getBestCmap().values())
    rules = [
        f"pos {first} {second} {round(round(units / step) * step)};"
        for (first, second), units in kerning_of(font).items()
        if abs(units) * 1000 >= weakest * em and first in letters and second in letters
    ]
    del font["GPOS"]
    feature = "languagesystem DFLT dflt; languagesystem latn dflt; feature kern { %s } kern;"
    addOpenTypeFeaturesFromString(font, feature % "\n".join(rules), tables=["GPOS"])


def main(folder: Path) -> None:
    """Write every face, in its two parts."""
    for face in FACES:
        original = next(folder.rglob(f"{face.original}.woff2"))
        for suffix, unicodes in (("", RUNNING), ("-more", MORE)):
            font = pinned(original, face.limits)
            if face.family:
                renamed(font, face.family)
            part(font, unicodes, ["kern", "liga"] if face.family is None else ["kern"])
            if not suffix:
                keep_strong_kerning(font, weakest=face.kerning)
            font.flavor = "woff2"
            path = TARGET / f"{face.name}{suffix}.woff2"
            font.save(path)
            print(f"{path.name:<36} {path.stat().st_size:>6} bytes")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        raise SystemExit(__doc__)
    main(Path(sys.argv[1]))
