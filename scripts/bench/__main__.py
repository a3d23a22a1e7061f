"""Takes one measurement, with the packages of `.venv`; scripts/bench.py starts it."""

import importlib
import signal
import sys

from bench.shared.missing import Missing
from starter import say
from starter.processes import Stopped, stop_on_signals
from starter.say import Problem


def take(name: str, *, package: str = "bench") -> int:
    """Return 0 where the measurement was met or cannot be taken here, 1 where it was not met."""
    stop_on_signals()
    try:
        return int(importlib.import_module(f"{package}.{name}").main())
    except Stopped:
        return 130
    except Missing as missing:
        say.line(f"  Skipped: {missing}")
        return 0
    except Problem as problem:
        say.line(f"  {problem}")
        return 1
    finally:
        # The watch over the terminal must not outlive Python's own handler for its signal.
        signal.setitimer(signal.ITIMER_REAL, 0)


if __name__ == "__main__":
    sys.exit(take(sys.argv[1]))
