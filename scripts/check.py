"""`make check`: everything about the code that a machine can judge without running the tests.

All of it runs, even after one has failed: a person wants the whole list.
"""

import sys

from starter.interpreter import require_suitable_python

require_suitable_python()

import time  # noqa: E402
from pathlib import Path  # noqa: E402

from starter import say  # noqa: E402
from starter.processes import CommandFailed, run_to_end  # noqa: E402
from starter.tools import (  # noqa: E402
    ROOT,
    clean_environment,
    run_with_tools,
    templates,
    tool,
)

# A site on a real domain, as far as Django's checks can tell. None of it leads anywhere.
MADE_UP_SITE = {
    "SITE_URL": "https://unstuck.example",
    "SECRET_KEY": "made-up-for-the-checks-0123456789-abcdefghijklmnopqrstuvwxyz",
    "ADDRESS_HASH_KEY": "made-up-for-the-checks-too-0123456789-abcdefghijklmnopqrst",
    "EMAIL_URL": "smtp+tls://nobody:nothing@mail.unstuck.example:587",
    "MAILCHIMP_API_KEY": f"{'0' * 32}-us1",
    "MAILCHIMP_AUDIENCE_ID": "made-up",
    "MAILCHIMP_API_URL": "",
    "DATABASE_URL": "sqlite://:memory:",
    "REDIS_URL": "",
    "DEMO": "0",
    "DEBUG": "0",
    "DJANGO_SETTINGS_MODULE": "cms.settings.production",
}


def checks(python: Path) -> dict[str, list[str]]:
    """Return each check's name and command."""
    manage = [str(python), "manage.py"]
    return {
        "ruff": [tool("ruff"), "check", "."],
        "format": [tool("ruff"), "format", "--check", "."],
        "mypy": [tool("mypy")],
        "djhtml": [tool("djhtml"), "--check", *templates()],
        "import-linter": [tool("lint-imports"), "--no-cache"],
        "manage.py check": [*manage, "check", "--fail-level", "WARNING"],
        "makemigrations": [*manage, "makemigrations", "--check", "--dry-run"],
        "check --deploy": [*manage, "check", "--deploy", "--fail-level", "WARNING"],
    }


def run_checks(python: Path) -> int:
    """Run every check, print each one's verdict and what a failed one said; 1 where any failed."""
    environment = {**clean_environment(), **MADE_UP_SITE}
    failed = []
    for name, command in checks(python).items():
        began = time.monotonic()
        try:
            run_to_end(command, environment=environment, folder=ROOT)
        except CommandFailed as error:
            failed.append(name)
            say.line(f"FAILED  {name} ({time.monotonic() - began:.1f} s):")
            say.line(error.output.rstrip())
        else:
            say.line(f"ok      {name} ({time.monotonic() - began:.1f} s)")
    if failed:
        say.line(f"Checks that failed: {', '.join(failed)}.")
        return 1
    say.line("All checks passed.")
    return 0


if __name__ == "__main__":
    sys.exit(run_with_tools(run_checks))
