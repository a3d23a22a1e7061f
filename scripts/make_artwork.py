"""Draws the demo's pictures: quiet scenes in cut paper, the same ones at every run.

Run from the project's root, with the project's Python::

    .venv/bin/python scripts/make_artwork.py [NAME ...]

It writes JPEGs below 200 KB into ``home/demo/content/images/``; with names, only those.
"""

import io
import sys
from collections.abc import Callable
from pathlib import Path

from PIL import Image, ImageFilter

from artwork_hallway import doorway_with_light, keys_on_a_shelf
from artwork_indoors import kitchen_table_evening, two_chairs
from artwork_outdoors import hills_at_dusk, path_over_hills, two_boats, window_at_night
from artwork_portrait import coach_portrait
from paper_cut import Scene

IMAGES = Path(__file__).resolve().parents[1] / "home" / "demo" / "content" / "images"
MOST_BYTES = 190_000

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
