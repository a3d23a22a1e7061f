"""`make run`: from a fresh checkout to a running site, in one terminal.

It asks for the ports first, then makes `.venv`, secrets, database and static files where they are
missing, starts the programs of the Procfile, prints where everything is, and ends all of it on
Ctrl-C. docs/decisions/ says why this is a program of ours.
"""

import sys

from starter.interpreter import require_suitable_python

require_suitable_python()

import http.client  # noqa: E402
import json  # noqa: E402
import os  # noqa: E402
from pathlib import Path  # noqa: E402
from typing import Any  # noqa: E402

from starter import say  # noqa: E402
from starter.environment import (  # noqa: E402
    SiteEnvironment,
    child_environment,
    ensure_secrets,
    read_environment,
    record_run,
)
from starter.ports import require_free_port  # noqa: E402
from starter.processes import Stopped, end, spawn, stop_on_signals  # noqa: E402
from starter.requirements import ensure_packages, setup_lock  # noqa: E402
from starter.say import Problem  # noqa: E402
from starter.supervisor import Supervisor, read_procfile, wait_until_ready  # noqa: E402

ROOT = Path(__file__).resolve().parent.parent
READY_WITHIN_SECONDS = 60.0


def require_free_ports(environment: SiteEnvironment) -> None:
    """Raise `Problem` where a port that is needed is taken."""
    require_free_port("PORT", environment.port, host=environment.bind)
    if environment.wants_sandbox:
        require_free_port("SANDBOX_PORT", environment.sandbox_port)


def prepare(python: Path, *, environment: dict[str, str]) -> dict[str, Any]:
    """Run `starter/prepare.py`, which prints its own steps, and return what it found."""
    reading, writing = os.pipe()
    with setup_lock(ROOT), os.fdopen(reading, encoding="utf-8") as answer:
        process = spawn(
            [str(python), str(ROOT / "scripts" / "starter" / "prepare.py"), str(writing)],
            environment=environment,
            folder=ROOT,
            pass_fds=[writing],
        )
        os.close(writing)
        try:
            facts = answer.read()
            code = process.wait()
        finally:
            end(process, patience=5)
    if code or not facts:
        raise Problem("The site could not be made ready; the reason stands above.")
    return dict(json.loads(facts))


def ask_whether_ready(environment: SiteEnvironment) -> str | None:
    """Return "" when /readyz is content, its reason when not, None where nothing answers."""
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(environment.bind, environment.bind)  # noqa: S104
    connection = http.client.HTTPConnection(host, environment.port, timeout=5)
    try:
        connection.request("GET", "/readyz", headers={"Host": environment.site_host})
        answer = connection.getresponse()
        body = answer.read()
    except (OSError, http.client.HTTPException):
        return None
    finally:
        connection.close()
    if answer.status == 200:
        return ""
    try:
        return str(json.loads(body)["reason"])
    except (ValueError, KeyError, TypeError):
        return f"/readyz answered {answer.status}."


def print_addresses(
    environment: SiteEnvironment, facts: dict[str, Any], *, demo_password: str
) -> None:
    """Print where everything is, and how to log in."""
    site = environment.site_url
    say.line()
    say.line(f"  Site     {site}/")
    say.line(f"  Admin    {site}/admin/")
    if facts["uses_sandbox"]:
        say.line(
            f"  Sandbox  http://localhost:{environment.sandbox_port}/  (stands in for Mailchimp)"
        )
    if facts["shows_mail"]:
        say.line(f"  Mail     {site}/mail/  (what the site sent; nothing leaves this machine)")
    say.line()
    if environment.demo:
        say.line("  Log in at the admin with one of these; each sees what that person may do:")
        for name in ("coach", "marketing", "admin"):
            say.line(f"    {name:<10} {demo_password}")
    elif not facts["has_administrator"]:
        say.line("  Nobody can log in yet. Create the first administrator in a second terminal:")
        say.line("    .venv/bin/python manage.py createsuperuser")
    else:
        say.line("  Log in at the admin with your own account.")
    say.line()
    say.line("  Ctrl-C stops everything.")
    say.line()


def run() -> None:
    """Start the site and keep it until somebody stops it; raises `Problem` or `Stopped`."""
    process = dict(os.environ)
    environment = read_environment(process, root=ROOT)
    require_free_ports(environment)
    say.line(f"Unstuck: {'the demo site' if environment.demo else 'a site of your own'}")
    chosen_secrets = ensure_secrets(environment)
    child = child_environment(environment, chosen_secrets)
    python = ensure_packages(ROOT, for_tests=False, environment=child)
    facts = prepare(python, environment=child)
    record_run(child, process=process, var=environment.var)
    require_free_ports(environment)
    commands = read_procfile(ROOT / "Procfile")
    if not facts["uses_sandbox"]:
        commands.pop("sandbox")
    supervisor = Supervisor(commands, environment=child, folder=ROOT)
    try:
        with say.step(f"Starting {', '.join(commands)}"):
            supervisor.start()
            reason = wait_until_ready(
                supervisor,
                ask=lambda: ask_whether_ready(environment),
                seconds=READY_WITHIN_SECONDS,
            )
        supervisor.is_ready = True
        if reason:
            say.line(f"  The site answers, but says it is not ready yet: {reason}")
        print_addresses(environment, facts, demo_password=chosen_secrets.get("DEMO_PASSWORD", ""))
        while True:
            supervisor.watch(seconds=0.5)
    finally:
        supervisor.stop()


def main() -> int:
    """Return the exit code: 0 after somebody stopped it, 1 after a problem."""
    stop_on_signals()
    try:
        run()
    except Stopped:
        say.line()
        say.line("Stopped. Nothing is left running; `make run` starts it again.")
        return 0
    except Problem as problem:
        sys.stderr.write(f"{problem}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
