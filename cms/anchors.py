"""Names for places in a page, which links and labels point to: no two alike on one page."""

from django.http import HttpRequest
from django.utils.text import slugify

# Those that templates write themselves.
TAKEN = frozenset({"main", "read-on", "picture-credits", "about-this", "the-videos", "query"})
WITHOUT_WORDS = "part"


def new_anchor(request: HttpRequest | None, words: str) -> str:
    """Return an id made of these words that nothing else on the page has.

    Two headings may be the same, and one in signs only makes no id at all.
    """
    wanted = slugify(words)[:60].strip("-") or WITHOUT_WORDS
    if request is None:
        return wanted
    given: set[str] = request.__dict__.setdefault("_anchors", set(TAKEN))
    anchor, number = wanted, 1
    while anchor in given:
        number += 1
        anchor = f"{wanted}-{number}"
    given.add(anchor)
    return anchor
