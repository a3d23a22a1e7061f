"""Pictures of every look, on a phone, a tablet and a desk, light and dark, with a sheet of all.

No figure: somebody has to look at them. They lie in `var/screenshots`, or where SCREENSHOTS says;
`sheet-…png` shows all of one width and scheme side by side.
"""

import os
import re
from pathlib import Path

from PIL import Image, ImageDraw

from bench.shared.browser import chromium, open_look, staff_context
from bench.shared.looks import Staff, looks
from bench.shared.site import running_site
from starter import say
from starter.tools import ROOT

WIDTHS = {360: 780, 768: 1024, 1440: 900}
SCHEMES = ("light", "dark")
THUMB_WIDTH = 300
# Of a long page the sheet shows the beginning; the picture itself has all of it.
THUMB_HEIGHT = 900
LABEL_HEIGHT = 16
COLUMNS = 8
# What waits until a reader comes near, pictures and paragraphs, is to be seen, too.
SHOW_ALL = """() => {
    for (const image of document.images) image.loading = "eager";
    const sheet = new CSSStyleSheet();
    sheet.replaceSync("* { content-visibility: visible !important }");
    document.adoptedStyleSheets.push(sheet);
}"""


def file_name(name: str) -> str:
    """Return a name of a look that any file system takes."""
    return re.sub(r"[^a-z0-9]+", "-", re.sub(r"(?<=[a-z])(?=[A-Z])", "-", name).lower()).strip("-")


def sheet(files: list[Path]) -> Image.Image:
    """Return one picture with the beginnings of all these, named."""
    rows = -(-len(files) // COLUMNS)
    canvas = Image.new(
        "RGB",
        (COLUMNS * (THUMB_WIDTH + 8), rows * (THUMB_HEIGHT + LABEL_HEIGHT + 8)),
        (128, 128, 128),
    )
    pen = ImageDraw.Draw(canvas)
    for number, file in enumerate(files):
        left = number % COLUMNS * (THUMB_WIDTH + 8)
        top = number // COLUMNS * (THUMB_HEIGHT + LABEL_HEIGHT + 8)
        with Image.open(file) as picture:
            height = round(picture.height * THUMB_WIDTH / picture.width)
            small = picture.convert("RGB").resize((THUMB_WIDTH, height), Image.Resampling.LANCZOS)
        pen.text((left + 2, top + 2), file.stem[:46], fill=(255, 255, 255))
        shown = small.crop((0, 0, THUMB_WIDTH, min(height, THUMB_HEIGHT)))
        canvas.paste(shown, (left, top + LABEL_HEIGHT))
    return canvas


def main() -> int:
    """Return 0: whether the pictures please is for a person to say."""
    named = os.environ.get("SCREENSHOTS") or Path(os.environ.get("VAR_DIR") or ROOT / "var")
    folder = Path(named) if isinstance(named, str) else named / "screenshots"
    folder.mkdir(parents=True, exist_ok=True)
    with running_site() as site, chromium() as browser:
        staff = Staff(site)
        shown = looks(site, staff=staff)
        for width, height in WIDTHS.items():
            for scheme in SCHEMES:
                options = {
                    "viewport": {"width": width, "height": height},
                    "color_scheme": scheme,
                    "reduced_motion": "reduce",
                }
                files = []
                with say.step(f"{len(shown)} looks, {width} px, {scheme}"):
                    visitor = browser.new_context(**options)  # type: ignore[arg-type]
                    insider = staff_context(browser, staff=staff, **options)
                    for look in shown:
                        page = (insider if look.is_staff else visitor).new_page()
                        open_look(page, look, url=site.url)
                        page.evaluate(SHOW_ALL)
                        page.wait_for_load_state("networkidle")
                        file = folder / f"{file_name(look.name)}-{width}-{scheme}.png"
                        page.screenshot(path=file, full_page=True)
                        files.append(file)
                        page.close()
                    visitor.close()
                    insider.close()
                sheet(files).save(folder / f"sheet-{width}-{scheme}.png")
    say.line(f"  {folder}")
    return 0
