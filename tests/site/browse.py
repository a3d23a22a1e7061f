"""Looks at rendered pages in a Chromium and prints what is wrong with them, as JSON.

A process of its own, since Playwright's loop and Django's database don't share a thread. Called
with a folder that holds `pages.json`: a list of pages (name, url, status, headers, body), and the
folders that `/static/` and `/media/` stand for. Nothing else answers: there is no server.
"""

import json
import mimetypes
import sys
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, Route, sync_playwright

from tests.browser import find_chromium

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
VIEWS = [("light", 320), ("dark", 1280)]
TOO_WIDE = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
FOCUS_IS_HIDDEN = """() => {
    const focused = document.activeElement;
    if (!focused || focused === document.body) return "";
    const shown = [focused, focused.closest(".card")].some(
        (element) => element && getComputedStyle(element).outlineStyle !== "none");
    return shown ? "" : focused.outerHTML.slice(0, 120);
}"""
TABS = 25


def _answer(route: Route, site: dict[str, Any]) -> None:
    path = urlsplit(route.request.url).path
    page = next((page for page in site["pages"] if page["url"] == route.request.url), None)
    if page:
        route.fulfill(status=page["status"], headers=page["headers"], body=page["body"])
        return
    for prefix, folders in site["files"].items():
        for folder in folders:
            file = Path(folder) / path.removeprefix(prefix)
            if path.startswith(prefix) and file.is_file():
                kind = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
                route.fulfill(body=file.read_bytes(), content_type=kind)
                return
    route.fulfill(status=404, body="")


def _faults(page: Page) -> list[str]:
    faults = []
    if (excess := page.evaluate(TOO_WIDE)) > 0:
        faults.append(f"{excess} px too wide")
    result = Axe().run(page, options={"runOnly": {"type": "tag", "values": RULES}})
    for violation in result.response["violations"]:
        nodes = [node["html"][:120] for node in violation["nodes"]]
        faults.append(f"axe {violation['id']}: {nodes[:3]}")
    return faults


def _lost_focus(page: Page) -> list[str]:
    lost = []
    for _ in range(TABS):
        page.keyboard.press("Tab")
        if hidden := page.evaluate(FOCUS_IS_HIDDEN):
            lost.append(f"focus can’t be seen on {hidden}")
    return lost


def look(browser: Browser, site: dict[str, Any]) -> dict[str, list[str]]:
    """Return what is wrong, by page and view; pages without a fault are left out."""
    found: dict[str, list[str]] = {}
    for scheme, width in VIEWS:
        context = browser.new_context(
            color_scheme=scheme,  # type: ignore[arg-type]
            viewport={"width": width, "height": 900},
            reduced_motion="reduce",
        )
        context.route("**/*", lambda route: _answer(route, site))
        for known in site["pages"]:
            said: list[str] = []
            page = context.new_page()
            page.on("console", lambda message, said=said: said.append(message.text))
            page.on("pageerror", lambda error, said=said: said.append(str(error)))
            page.goto(known["url"])
            faults = [*_faults(page), *(text for text in said if "Failed to load" not in text)]
            if scheme == "light":
                faults += _lost_focus(page)
            if faults:
                found[f"{known['name']}, {scheme}, {width} px"] = faults
            page.close()
        context.close()
    return found


if __name__ == "__main__":
    site = json.loads((Path(sys.argv[1]) / "pages.json").read_text())
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=find_chromium(), args=["--no-sandbox", "--disable-dev-shm-usage"]
        )
        print(json.dumps(look(browser, site)))
        browser.close()
