"""`make format`: lay out code and templates the way `make check` wants them."""

import sys

from starter.interpreter import require_suitable_python

require_suitable_python()

from pathlib import Path  # noqa: E402

from starter import say  # noqa: E402
from starter.processes import CommandFailed, run_to_end  # noqa: E402
from starter.tools import ROOT, clean_environment, run_with_tools, templates, tool  # noqa: E402


def lay_out(python: Path) -> int:
    """Rewrite files in place; 1 where ruff found something that only a person can mend."""
    code = 0
    for command in (
        [tool("ruff"), "check", "--fix", "."],
        [tool("ruff"), "format", "."],
        [tool("djhtml"), *templates()],
    ):
        try:
            say.line(run_to_end(command, environment=clean_environment(), folder=ROOT).rstrip())
        except CommandFailed as error:
            say.line(error.output.rstrip())
            code = 1
    return code


if __name__ == "__main__":
    sys.exit(run_with_tools(lay_out))
