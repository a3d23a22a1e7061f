"""Sixty payloads through every field, and all they come out at: judged, and opened in Chromium."""

from soak.shared.engines import try_tests
from starter import say


def main() -> int:
    """Return 1 where a payload has become more than a text anywhere."""
    say.line("  No seed: each payload goes through every field once.")
    judged = try_tests("tests/outside/test_payloads.py", SOAK_PAYLOADS="1")
    return judged | try_tests("tests/outside/test_payloads_in_a_browser.py", SOAK_PAYLOADS="1")
