"""Keeps addresses and private links out of whatever a log or a traceback would say."""

import logging
import re

_TOKEN = re.compile(r"(?<=/)[\w-]{40,}")
_ADDRESS = re.compile(r"[^\s@<>\"'(),:;=]+(?:@|%40)[\w-]+(?:\.[\w-]+)+", re.IGNORECASE)


class ScrubbingFormatter(logging.Formatter):
    """Formats as usual, then replaces email addresses and private links' tokens.

    A database error quotes the row it refused, so no rule about what we log ourselves is
    enough; a traceback is scrubbed, too.
    """

    def format(self, record: logging.LogRecord) -> str:
        """Return the formatted record, scrubbed."""
        return scrub(super().format(record))


def scrub(text: str) -> str:
    """Return `text` with `[address]` for every email address and `[token]` for every token."""
    return _TOKEN.sub("[token]", _ADDRESS.sub("[address]", text))
