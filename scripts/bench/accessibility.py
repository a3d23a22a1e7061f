"""axe over every look of the running site, as different people have it in front of them."""

from typing import Any

from bench.shared.axe import faults
from bench.shared.browser import chromium, open_look, staff_context
from bench.shared.looks import Staff, looks
from bench.shared.site import running_site
from starter import say

VIEWS: dict[str, dict[str, Any]] = {
    "light, 320 px": {"color_scheme": "light", "viewport": {"width": 320, "height": 800}},
    "dark, 320 px": {"color_scheme": "dark", "viewport": {"width": 320, "height": 800}},
    "light, 1280 px": {"color_scheme": "light", "viewport": {"width": 1280, "height": 900}},
    "dark, 1280 px": {"color_scheme": "dark", "viewport": {"width": 1280, "height": 900}},
    # 200 % zoom on a window of 1280 px: half as many CSS pixels, each twice as large.
    "200 % zoom": {"viewport": {"width": 640, "height": 450}, "device_scale_factor": 2},
    "forced colors": {"forced_colors": "active", "viewport": {"width": 1280, "height": 900}},
}


def main() -> int:
    """Return 1 where axe finds a violation, or a page is wider than its window."""
    found: dict[str, list[str]] = {}
    with running_site() as site, chromium() as browser:
        staff = Staff(site)
        shown = looks(site, staff=staff)
        for view, options in VIEWS.items():
            with say.step(f"{len(shown)} looks, {view}"):
                visitor = browser.new_context(reduced_motion="reduce", **options)
                insider = staff_context(browser, staff=staff, reduced_motion="reduce", **options)
                for look in shown:
                    page = (insider if look.is_staff else visitor).new_page()
                    open_look(page, look, url=site.url)
                    for fault in faults(page, has_forced_colors="forced_colors" in options):
                        if fault not in found:
                            say.line(f"  {look.name}, {view}: {fault}")
                        found.setdefault(fault, []).append(f"{look.name}, {view}")
                    page.close()
                visitor.close()
                insider.close()
        looked = len(VIEWS) * len(shown)
    say.line(f"  {looked} times looked, {sum(map(len, found.values()))} violations.")
    for fault, places in sorted(found.items(), key=lambda entry: -len(entry[1])):
        say.line(f"  {fault}\n      {len(places)} ×: {'; '.join(places[:4])}")
    return 1 if found else 0
