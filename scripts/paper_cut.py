"""Cut paper, as Pillow can show it: sheets with a grain, a lit edge and a soft shadow.

The demo's pictures are built from sheets laid over one another. A sheet is a shape, a colour
that may run from one tone into another, the shadow it throws and its distance from the eye, so
that the same scene can be flattened into a still or moved, layer by layer, in a film.
Everything random comes from a seed: the same script gives the same picture.

Units: points are in pixels of the finished picture; shapes are cut at twice that size and
reduced, so that their edges are smooth.
"""

import math
import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Self

from PIL import Image, ImageChops, ImageDraw, ImageEnhance, ImageFilter

Colour = tuple[int, int, int]
Point = tuple[float, float]
Size = tuple[int, int]

FINENESS = 2
SHADOW_COLOUR: Colour = (14, 26, 24)


def colour(code: str) -> Colour:
    """The three channels of a colour written as ``#rrggbb``."""
    return (int(code[1:3], 16), int(code[3:5], 16), int(code[5:7], 16))


def blend(first: Colour, second: Colour, share: float) -> Colour:
    """The colour ``share`` (0 to 1) of the way from the first to the second."""
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(first, second, strict=True))
    return (red, green, blue)


def smooth(points: Sequence[Point], *, closed: bool = False, steps: int = 14) -> list[Point]:
    """A Catmull-Rom curve through the points: what a hand with scissors would cut."""
    count = len(points)
    if closed:
        around = [points[-1], *points, points[0], points[1]]
    else:
        around = [points[0], *points, points[-1]]
    curve: list[Point] = []
    for i in range(count if closed else count - 1):
        a, b, c, d = around[i : i + 4]
        for step in range(steps):
            t = step / steps
            curve.append((_catmull(a[0], b[0], c[0], d[0], t), _catmull(a[1], b[1], c[1], d[1], t)))
    if not closed:
        curve.append(points[-1])
    return curve


def _catmull(a: float, b: float, c: float, d: float, t: float) -> float:
    return 0.5 * (
        2 * b
        + (c - a) * t
        + (2 * a - 5 * b + 4 * c - d) * t * t
        + (3 * b - a - 3 * c + d) * t * t * t
    )


def leaf(base: Point, *, length: float, width: float, angle: float) -> list[Point]:
    """A pointed leaf growing from ``base``; ``angle`` in degrees, 0 to the right, 90 up."""
    along = (math.cos(math.radians(angle)), -math.sin(math.radians(angle)))
    across = (-along[1], along[0])
    right: list[Point] = []
    left: list[Point] = []
    for step in range(21):
        t = step / 20
        half = width / 2 * math.sin(math.pi * t**0.8) ** 1.1
        x, y = base[0] + along[0] * length * t, base[1] + along[1] * length * t
        right.append((x + across[0] * half, y + across[1] * half))
        left.append((x - across[0] * half, y - across[1] * half))
    return right + left[::-1]


class Cut:
    """A shape being cut: what is added is paper, what is erased is a hole."""

    def __init__(self, size: Size) -> None:
        self.size = size
        self._mask = Image.new("L", (size[0] * FINENESS, size[1] * FINENESS), 0)
        self._draw = ImageDraw.Draw(self._mask)

    def polygon(self, points: Sequence[Point], *, erase: bool = False) -> Self:
        """Add (or take away) a filled outline."""
        self._draw.polygon([_fine(p) for p in points], fill=0 if erase else 255)
        return self

    def ellipse(self, centre: Point, rx: float, ry: float, *, erase: bool = False) -> Self:
        """Add (or take away) an ellipse by its centre and two radii."""
        low = _fine((centre[0] - rx, centre[1] - ry))
        high = _fine((centre[0] + rx, centre[1] + ry))
        self._draw.ellipse((low, high), fill=0 if erase else 255)
        return self

    def box(
        self, left: float, top: float, right: float, bottom: float, *, radius: float = 0
    ) -> Self:
        """Add an upright rectangle, its corners rounded by ``radius``."""
        corners = (_fine((left, top)), _fine((right, bottom)))
        self._draw.rounded_rectangle(corners, radius=radius * FINENESS, fill=255)
        return self

    def hole(
        self, left: float, top: float, right: float, bottom: float, *, radius: float = 0
    ) -> Self:
        """Take away an upright rectangle."""
        corners = (_fine((left, top)), _fine((right, bottom)))
        self._draw.rounded_rectangle(corners, radius=radius * FINENESS, fill=0)
        return self

    def stroke(self, points: Sequence[Point], *, start: float, end: float | None = None) -> Self:
        """Add a strip along the points, ``start`` wide at first and ``end`` wide at last."""
        last = start if end is None else end
        for i, (a, b) in enumerate(pairwise(points)):
            width = start + (last - start) * i / max(1, len(points) - 2)
            length = math.hypot(b[0] - a[0], b[1] - a[1]) or 1.0
            nx, ny = -(b[1] - a[1]) / length * width / 2, (b[0] - a[0]) / length * width / 2
            self.polygon(
                [
                    (a[0] + nx, a[1] + ny),
                    (b[0] + nx, b[1] + ny),
                    (b[0] - nx, b[1] - ny),
                    (a[0] - nx, a[1] - ny),
                ]
            )
            self.ellipse(a, width / 2, width / 2)
            self.ellipse(b, width / 2, width / 2)
        return self

    def mask(self) -> Image.Image:
        """The shape at the size of the picture, its edges smooth."""
        return self._mask.resize(self.size, Image.Resampling.BOX)


def _fine(point: Point) -> Point:
    return (point[0] * FINENESS, point[1] * FINENESS)


def everywhere(size: Size) -> Cut:
    """The whole sheet, uncut."""
    return Cut(size).box(0, 0, size[0], size[1])


@dataclass(frozen=True, kw_only=True)
class Tone:
    """A colour that may run into another, downward (``angle`` 0) or turned by ``angle`` degrees.

    ``begin`` and ``finish`` say, as shares of the sheet's height, where the run begins and ends.
    """

    first: Colour
    second: Colour | None = None
    begin: float = 0.0
    finish: float = 1.0
    angle: float = 0.0

    def fill(self, size: Size) -> Image.Image:
        """The tone over a whole sheet."""
        sheet = Image.new("RGB", size, self.first)
        if self.second is None:
            return sheet
        ramp = Image.linear_gradient("L")
        spread = max(1e-6, self.finish - self.begin)
        table = [max(0, min(255, round((i / 255 - self.begin) / spread * 255))) for i in range(256)]
        ramp = ramp.point(table).resize((size[0], size[1]), Image.Resampling.BICUBIC)
        if self.angle:
            diagonal = math.ceil(math.hypot(*size))
            ramp = ramp.resize((diagonal, diagonal)).rotate(self.angle, Image.Resampling.BICUBIC)
            left, top = (diagonal - size[0]) // 2, (diagonal - size[1]) // 2
            ramp = ramp.crop((left, top, left + size[0], top + size[1]))
        return Image.composite(Image.new("RGB", size, self.second), sheet, ramp)


@dataclass(frozen=True, kw_only=True)
class Shadow:
    """What a sheet throws on those below it: offset and blur in pixels, strength 0 to 1."""

    dx: float = 5
    dy: float = 9
    blur: float = 12
    strength: float = 0.34


NO_SHADOW = Shadow(strength=0)


@dataclass(frozen=True, kw_only=True)
class Layer:
    """One finished sheet: RGBA, and its depth (0 the far wall, 1 the nearest thing)."""

    image: Image.Image
    depth: float


@dataclass
class Scene:
    """Sheets from the farthest to the nearest."""

    size: Size
    seed: int
    layers: list[Layer] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.random = random.Random(self.seed)  # noqa: S311 (a picture, not a secret)

    def cut(self) -> Cut:
        """An uncut shape of the scene's size."""
        return Cut(self.size)

    def lay(
        self,
        cut: Cut,
        tone: Tone,
        *,
        depth: float,
        shadow: Shadow | None = None,
        grain: float = 1.0,
        rim: float = 1.0,
    ) -> None:
        """Lay a sheet on top of what is there."""
        shade = shadow or Shadow()
        mask = cut.mask()
        paper = _with_grain(tone.fill(self.size), seed=self.random.random(), strength=grain)
        paper = _with_rim(paper, mask, strength=rim)
        sheet = Image.new("RGBA", self.size, (*SHADOW_COLOUR, 0))
        if shade.strength:
            fall = _shifted(mask, round(shade.dx), round(shade.dy))
            fall = fall.filter(ImageFilter.GaussianBlur(shade.blur))
            sheet.putalpha(fall.point(lambda value: round(value * shade.strength)))
        paper.putalpha(mask)
        sheet.alpha_composite(paper)
        self.layers.append(Layer(image=sheet, depth=depth))

    def light(
        self,
        cut: Cut,
        tint: Colour,
        *,
        depth: float,
        strength: float,
        blur: float = 0,
        fade: Image.Image | None = None,
    ) -> None:
        """Let light (or with a dark tint, shade) fall in a shape, its border softened by blur.

        ``fade`` is an L image of the scene's size that weakens the light where it is dark.
        """
        mask = cut.mask()
        if blur:
            mask = mask.filter(ImageFilter.GaussianBlur(blur))
        if fade is not None:
            mask = ImageChops.multiply(mask, fade)
        wash = Image.new("RGBA", self.size, (*tint, 0))
        wash.putalpha(mask.point(lambda value: round(value * strength)))
        self.layers.append(Layer(image=wash, depth=depth))

    def glow(
        self, centre: Point, radius: float, tint: Colour, *, depth: float, strength: float
    ) -> None:
        """A round glow that thins out evenly toward ``radius``."""
        side = round(radius * 2)
        falloff = ImageChops.invert(Image.radial_gradient("L"))
        falloff = falloff.point(lambda value: round(255 * (max(0, value - 74) / 181) ** 1.6))
        disc = falloff.resize((side, side), Image.Resampling.BICUBIC)
        alpha = Image.new("L", self.size, 0)
        alpha.paste(disc, (round(centre[0] - radius), round(centre[1] - radius)))
        wash = Image.new("RGBA", self.size, (*tint, 0))
        wash.putalpha(alpha.point(lambda value: round(value * strength)))
        self.layers.append(Layer(image=wash, depth=depth))

    def flatten(self, *, grain: float = 1.0) -> Image.Image:
        """The still picture: all layers, a breath of vignette, and the tooth of the paper."""
        picture = Image.new("RGBA", self.size, (0, 0, 0, 255))
        for layer in self.layers:
            picture.alpha_composite(layer.image)
        still = _with_vignette(picture.convert("RGB"))
        return _with_grain(still, seed=self.seed + 0.5, strength=grain)


def _shifted(image: Image.Image, dx: int, dy: int) -> Image.Image:
    """The image moved by whole pixels, its outermost rows and columns repeated behind it."""
    width, height = image.size
    margin = max(abs(dx), abs(dy), 1)
    padded = Image.new(image.mode, (width + 2 * margin, height + 2 * margin))
    padded.paste(image.resize(padded.size), (0, 0))
    padded.paste(image.crop((0, 0, 1, height)).resize((margin, height)), (0, margin))
    right = image.crop((width - 1, 0, width, height)).resize((margin, height))
    padded.paste(right, (margin + width, margin))
    padded.paste(image.crop((0, 0, width, 1)).resize((width, margin)), (margin, 0))
    below = image.crop((0, height - 1, width, height)).resize((width, margin))
    padded.paste(below, (margin, margin + height))
    padded.paste(image, (margin, margin))
    left, top = margin - dx, margin - dy
    return padded.crop((left, top, left + width, top + height))


def _noise(size: Size, *, seed: float, cell: float) -> Image.Image:
    """Grey noise with patches about ``cell`` pixels wide."""
    small = (max(2, round(size[0] / cell)), max(2, round(size[1] / cell)))
    source = random.Random(f"{seed}/{cell}")  # noqa: S311 (likewise)
    grey = Image.frombytes("L", small, source.randbytes(small[0] * small[1]))
    return grey.resize(size, Image.Resampling.BICUBIC)


def _with_grain(picture: Image.Image, *, seed: float, strength: float) -> Image.Image:
    """Lay the tooth of handmade paper over a picture: fine fibres and wide, faint clouds."""
    if strength <= 0:
        return picture
    fibres = _noise(picture.size, seed=seed, cell=2.2).filter(ImageFilter.GaussianBlur(0.7))
    clouds = _noise(picture.size, seed=seed, cell=150)
    tooth = ImageChops.blend(fibres, clouds, 0.45)
    reach = 0.17 * strength
    tooth = tooth.point(lambda value: round(128 + (value - 128) * reach))
    return ImageChops.soft_light(picture, Image.merge("RGB", (tooth, tooth, tooth)))


def _with_rim(paper: Image.Image, mask: Image.Image, *, strength: float) -> Image.Image:
    """Light the upper left edge of a sheet and dim the lower right one, as thickness does."""
    if strength <= 0:
        return paper
    lit = ImageChops.subtract(mask, _shifted(mask, 2, 2))
    dim = ImageChops.subtract(mask, _shifted(mask, -2, -2))
    lit = lit.filter(ImageFilter.GaussianBlur(0.6)).point(lambda v: round(v * 0.55 * strength))
    dim = dim.filter(ImageFilter.GaussianBlur(0.6)).point(lambda v: round(v * 0.22 * strength))
    lighter = ImageEnhance.Brightness(paper).enhance(1.5)
    paper = Image.composite(lighter, paper, lit)
    return Image.composite(Image.new("RGB", paper.size, SHADOW_COLOUR), paper, dim)


def _with_vignette(picture: Image.Image) -> Image.Image:
    """Darken the corners a little, so that the eye stays in the picture."""
    width, height = picture.size
    wide, high = round(width * 1.15), round(height * 1.15)
    falloff = Image.radial_gradient("L").resize((wide, high), Image.Resampling.BICUBIC)
    left, top = (wide - width) // 2, (high - height) // 2
    falloff = falloff.crop((left, top, left + width, top + height))
    corners = falloff.point(lambda value: round(max(0, value - 120) / 135 * 52))
    return Image.composite(Image.new("RGB", picture.size, SHADOW_COLOUR), picture, corners)
