"""What an article page weighs on a first visit, compressed, by kind; and how its pictures come."""

from collections import Counter
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser

from bench.shared.browser import chromium
from bench.shared.site import Site, running_site
from starter import say
from starter.say import Problem

KILOBYTE = 1024
LIMITS = {"in all, without photographs": 90, "JavaScript": 8, "CSS": 12}
KINDS = {
    "Document": "HTML",
    "Stylesheet": "CSS",
    "Script": "JavaScript",
    "Font": "fonts",
    "Image": "pictures",
}
PHONE = {"viewport": {"width": 412, "height": 823}, "device_scale_factor": 1.75, "is_mobile": True}
MODERN = ("image/avif", "image/webp", "image/svg+xml")
PICTURES = """() => [...document.images].map((image) => {
    const box = image.getBoundingClientRect();
    return {
        shown: image.currentSrc || image.src,
        width: image.getAttribute("width"),
        height: image.getAttribute("height"),
        loading: image.loading,
        isBelowTheFold: box.top + scrollY > innerHeight,
        natural: image.naturalWidth,
        needed: Math.round(box.width * devicePixelRatio),
    };
})"""
# How much wider than what the phone shows a picture may be: the next step of `srcset`.
TOO_WIDE = 1.6


def picture_faults(pictures: list[dict[str, Any]], types: dict[str, str]) -> list[str]:
    """Return what is wrong with the pictures of a page; `types` are the answers' content types."""
    faults = []
    for picture in pictures:
        name = urlsplit(picture["shown"]).path.rpartition("/")[2]
        if not picture["width"] or not picture["height"]:
            faults.append(f"{name} has no width and height")
        if picture["isBelowTheFold"] and picture["loading"] != "lazy":
            faults.append(f"{name} is below the fold and does not load lazily")
        if not picture["isBelowTheFold"] and picture["loading"] == "lazy":
            faults.append(f"{name} is seen at once and loads lazily")
        kind = types.get(picture["shown"])
        if kind is not None and kind not in MODERN:
            faults.append(f"{name} comes as {kind}")
        if picture["needed"] and picture["natural"] > picture["needed"] * TOO_WIDE:
            faults.append(
                f"{name} is {picture['natural']} px wide where {picture['needed']} px are shown"
            )
    return faults


def weigh(browser: Browser, url: str) -> tuple[Counter[str], list[str]]:
    """Return the bytes on the wire by kind, headers left out, and the faults of the pictures."""
    context = browser.new_context(**PHONE)  # type: ignore[arg-type]
    page = context.new_page()
    session = context.new_cdp_session(page)
    session.send("Network.enable")
    kinds: dict[str, str] = {}
    heads: dict[str, int] = {}
    types: dict[str, str] = {}
    bytes_by_kind = Counter[str]()

    def answered(event: dict[str, Any]) -> None:
        answer = event["response"]
        kinds[event["requestId"]] = KINDS.get(event["type"], "other")
        heads[event["requestId"]] = answer["encodedDataLength"]
        types[answer["url"]] = answer["mimeType"]

    def finished(event: dict[str, Any]) -> None:
        identity = event["requestId"]
        if identity in kinds:
            bytes_by_kind[kinds[identity]] += event["encodedDataLength"] - heads[identity]

    session.on("Network.responseReceived", answered)
    session.on("Network.loadingFinished", finished)
    page.goto(url, wait_until="networkidle")
    faults = picture_faults(page.evaluate(PICTURES), types)
    context.close()
    return bytes_by_kind, faults


def over(weights: Counter[str]) -> list[str]:
    """Return the limits that these weights miss, in words."""
    judged = {
        "in all, without photographs": weights.total() - weights["pictures"],
        "JavaScript": weights["JavaScript"],
        "CSS": weights["CSS"],
    }
    return [
        f"{name}: {judged[name] / KILOBYTE:.1f} KB, at most {limit}"
        for name, limit in LIMITS.items()
        if judged[name] > limit * KILOBYTE
    ]


def _article(site: Site) -> str:
    path = site.first("ArticlePage")
    if path is None:
        raise Problem("The site has no article to weigh.")
    return path


def main() -> int:
    """Return 1 where the page is too heavy, or a picture comes the wrong way."""
    with running_site() as site, chromium() as browser:
        path = _article(site)
        weights, faults = weigh(browser, site.url + path)
    say.line(f"  {path}")
    for kind in ("HTML", "CSS", "JavaScript", "fonts", "other", "pictures"):
        say.line(f"  {kind:<12}{weights[kind] / KILOBYTE:>7.1f} KB")
    without = weights.total() - weights["pictures"]
    say.line(f"  {'in all':<12}{without / KILOBYTE:>7.1f} KB without photographs")
    faults = [*over(weights), *faults]
    for fault in faults:
        say.line(f"  {fault}")
    return 1 if faults else 0
