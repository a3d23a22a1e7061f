"""`make bench`: every measurement; `make bench ARGS="page_cache"` takes one."""

import sys

from starter.interpreter import require_suitable_python

require_suitable_python()

from starter.measures import work_of  # noqa: E402
from starter.tools import run_with_tools  # noqa: E402

if __name__ == "__main__":
    sys.exit(run_with_tools(work_of("bench", kind="measurement")))
