"""Keeps people's addresses out of whatever a log or a traceback would say."""

import logging
import re

_ADDRESS = re.compile(r"[^\s@<>\"'(),:;=]+(?:@|%40)[\w-]+(?:\.[\w-]+)+", re.IGNORECASE)


class ScrubbingFormatter(logging.Formatter):
    """Formats as usual, then replaces every email address, tracebacks included.

    A database error quotes the row it refused, so no rule about what we log ourselves is enough.
    """

    def format(self, record: logging.LogRecord) -> str:
        """Return the formatted record without addresses."""
        return scrub_addresses(super().format(record))


def scrub_addresses(text: str) -> str:
    """Return `text` with every email address replaced by `[address]`."""
    return _ADDRESS.sub("[address]", text)
