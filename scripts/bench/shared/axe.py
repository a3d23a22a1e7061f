"""What axe, and a ruler, find wrong with an open page."""

from typing import Any

from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Page

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
TOO_WIDE = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
# axe takes a text's color from -webkit-text-fill-color, which a browser with forced colors leaves
# as it was, and so finds the page's own color on the person's background. What can go wrong there
# is text that refuses the person's colors.
KEEPS_ITS_COLORS = """() => [...document.querySelectorAll("body *")].filter((element) =>
    getComputedStyle(element).forcedColorAdjust === "none" && element.textContent.trim()
    && !element.closest("svg")).map((element) => element.outerHTML.slice(0, 120))"""


def faults(page: Page, *, has_forced_colors: bool = False) -> list[str]:
    """Return axe's violations and how far the page is wider than its window, in words."""
    found = []
    if (excess := page.evaluate(TOO_WIDE)) > 0:
        found.append(f"{excess} px too wide")
    options: dict[str, Any] = {"runOnly": {"type": "tag", "values": RULES}}
    if has_forced_colors:
        options["rules"] = {"color-contrast": {"enabled": False}}
        found += [f"keeps its own colors: {part}" for part in page.evaluate(KEEPS_ITS_COLORS)]
    result = Axe().run(page, options=options)
    for violation in result.response["violations"]:
        nodes = [node["html"][:120] for node in violation["nodes"]]
        found.append(f"axe {violation['id']}: {nodes[:3]}")
    return found
