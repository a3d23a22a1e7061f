"""Which addresses Mailchimp takes, and what it says of the others."""

from __future__ import annotations

import re

from funnel.sandbox import errors

# RFC 2606 names, except ``.test``: a sandbox exists to be tried with addresses that nobody has.
_FAKE_DOMAINS = frozenset({"example.com", "example.net", "example.org", "example.edu"})
_FAKE_ENDINGS = (".example", ".invalid", ".localhost", ".local")
_LOCAL = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
_DOMAIN = re.compile(r"([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z0-9-]*[a-z][a-z0-9-]*")


def check_address(address: str) -> None:
    """Raise a Problem unless a member may have this address."""
    local, at, domain = address.rpartition("@")
    if not at or not local or not domain:
        raise errors.not_an_address()
    domain = domain.lower()
    if domain in _FAKE_DOMAINS or domain.endswith(_FAKE_ENDINGS):
        raise errors.fake_address(address)
    well_formed = _LOCAL.fullmatch(local) and _DOMAIN.fullmatch(domain)
    if not well_formed or len(local) > 64 or len(address) > 254:
        raise errors.fake_address(address)
