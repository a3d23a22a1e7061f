"""Odd requests at every public form and address, on each engine: none is answered with a 5xx."""

import os

from soak.shared.engines import chosen_seed, engines, try_tests
from starter import say

INPUTS = int(os.environ.get("SOAK_INPUTS", "20000"))


def main() -> int:
    """Return 1 where any answer is a 5xx, or not what an answer must be."""
    seed, worst = chosen_seed(), 0
    for name, database in engines():
        say.line(f"  {name}: {INPUTS:,} requests, SOAK_SEED={seed}")
        worst |= try_tests(
            "tests/outside/test_any_request.py",
            database=database,
            SOAK_INPUTS=str(INPUTS),
            SOAK_SEED=str(seed),
        )
    return worst
