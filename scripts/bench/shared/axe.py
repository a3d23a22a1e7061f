"""What axe, and a ruler, find wrong with an open page."""

from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Page

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
TOO_WIDE = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"


def faults(page: Page) -> list[str]:
    """Return axe's violations and how far the page is wider than its window, in words."""
    found = []
    if (excess := page.evaluate(TOO_WIDE)) > 0:
        found.append(f"{excess} px too wide")
    result = Axe().run(page, options={"runOnly": {"type": "tag", "values": RULES}})
    for violation in result.response["violations"]:
        nodes = [node["html"][:120] for node in violation["nodes"]]
        found.append(f"axe {violation['id']}: {nodes[:3]}")
    return found
