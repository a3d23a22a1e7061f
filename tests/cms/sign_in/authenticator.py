"""An authenticator app, as RFC 6238 has it, written apart from the one on trial."""

import base64
import hmac
import re
from datetime import datetime


class App:
    """A phone that holds one secret."""

    def __init__(self, secret: str) -> None:
        self.key = base64.b32decode(secret.replace(" ", ""), casefold=True)

    def code(self, now: datetime, *, later: int = 0) -> str:
        """The six digits shown at this moment, or `later` codes after it."""
        counter = int(now.timestamp()) // 30 + later
        digest = hmac.digest(self.key, counter.to_bytes(8, "big"), "sha1")
        offset = digest[-1] & 15
        number = int.from_bytes(digest[offset : offset + 4], "big") & 0x7FFFFFFF
        return f"{number % 1_000_000:06}"


def secret_on(page: str) -> str:
    """The secret that a page shows as text."""
    found = re.search(r"<code[^>]*>([A-Z2-7 ]{20,})</code>", page)
    assert found, page
    return found[1].replace(" ", "")


def recovery_codes_on(page: str) -> list[str]:
    """The recovery codes that a page lists."""
    return re.findall(r"<li><code>(\d{8})</code></li>", page)
