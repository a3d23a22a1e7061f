"""Makes one trial, with the packages of `.venv`; scripts/soak.py starts it."""

import sys

from bench.__main__ import take

if __name__ == "__main__":
    sys.exit(take(sys.argv[1], package="soak"))
