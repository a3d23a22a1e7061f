"""The names that the outside may set, and where a started site finds their values.

A value is taken from the process environment (`make run PORT=9000` puts it there), else from
`.env`, which a person writes, else from what `make run` wrote down: `var/secrets.env`, made once,
and `var/run.env`, made at every start. The last one is what lets `manage.py` in a second terminal
speak to the site that is running. `cms/settings/base.py` reads the same files in the same order.
The process environment alone may name another folder than `var`, as VAR_DIR.
"""

import ipaddress
import os
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from starter.say import Problem

PROMISED = (
    "PORT",
    "SANDBOX_PORT",
    "SITE_URL",
    "SECRET_KEY",
    "ADDRESS_HASH_KEY",
    "DEBUG",
    "DATABASE_URL",
    "EMAIL_URL",
    "REDIS_URL",
    "MAILCHIMP_API_KEY",
    "MAILCHIMP_AUDIENCE_ID",
    "MAILCHIMP_API_URL",
    "DEMO",
    "DEMO_PASSWORD",
)
LOOPBACK_HOSTS = {"localhost", "127.0.0.1", "::1"}
ON = {"1", "true", "yes", "on", "y", "ok"}
OFF = {"0", "false", "no", "off", "n", ""}
# No 0/o, 1/l/i: the password is read off a screen and typed.
TYPEABLE = "abcdefghjkmnpqrstuvwxyz23456789"


def read_env_file(path: Path) -> dict[str, str]:
    """Return the `NAME=value` lines of a file as django-environ reads them; {} without a file."""
    values: dict[str, str] = {}
    if not path.is_file():
        return values
    for text in path.read_text(encoding="utf-8").splitlines():
        match = re.match(r"\A(?:export )?([A-Za-z_0-9]+)=(.*)\Z", text)
        if match:
            name, value = match.groups()
            quoted = re.match(r"\A(['\"])(.*)\1\Z", value)
            values[name] = quoted.group(2) if quoted else value
    return values


def write_env_file(path: Path, values: Mapping[str, str], *, first_line: str) -> None:
    """Replace a file of `NAME=value` lines in one go; nobody but its owner may read it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_suffix(".new")
    unfinished.unlink(missing_ok=True)
    descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(f"# {first_line}\n")
        file.writelines(f"{name}={value}\n" for name, value in values.items())
        file.flush()
        os.fsync(file.fileno())
    unfinished.replace(path)


@dataclass(frozen=True)
class SiteEnvironment:
    """What one start of the site goes by. Ports are TCP ports on this machine."""

    values: dict[str, str]
    var: Path
    port: int
    sandbox_port: int
    demo: bool
    site_url: str
    bind: str

    @property
    def site_host(self) -> str:
        """The host name in SITE_URL, which is the only one the site answers to."""
        return urlsplit(self.site_url).hostname or "localhost"

    @property
    def is_loopback(self) -> bool:
        """Whether the site is for this machine only."""
        return self.site_host in LOOPBACK_HOSTS

    @property
    def shows_mail(self) -> bool:
        """Whether everybody's mail can be read at /mail/ (`SHOW_LOCAL_MAILBOX` of the settings)."""
        return self.is_loopback and not self.values.get("EMAIL_URL")

    @property
    def wants_sandbox(self) -> bool:
        """Whether the sandbox stands in for Mailchimp (`USE_SANDBOX` of the settings)."""
        return (
            self.is_loopback
            and not self.values.get("MAILCHIMP_API_KEY")
            and not self.values.get("MAILCHIMP_API_URL")
        )


def _is_loopback_address(bind: str) -> bool:
    try:
        return ipaddress.ip_address(bind).is_loopback
    except ValueError:
        return bind == "localhost"


def _port(values: Mapping[str, str], name: str, default: int) -> int:
    written = values.get(name, "").strip()
    if not written:
        return default
    if not written.isascii() or not written.isdigit() or not 1 <= int(written) <= 65535:
        raise Problem(f"{name} must be a port number between 1 and 65535, and is {written!r}.")
    return int(written)


def _demo(values: Mapping[str, str]) -> bool:
    if "DEMO" not in values:
        return True
    written = values["DEMO"].strip().lower()
    if written in ON:
        return True
    if written in OFF:
        return False
    raise Problem(f"DEMO must be 1 (the demo site) or 0 (a site of your own), and is {written!r}.")


def read_environment(process: Mapping[str, str], *, root: Path) -> SiteEnvironment:
    """Return what the site is to go by; raises `Problem` where a value can't be meant.

    `process` is the environment of this process. What an earlier start recorded is not read:
    every `make run` begins from the defaults.
    """
    values = {**read_env_file(root / ".env"), **process}
    port = _port(values, "PORT", 8000)
    sandbox_port = _port(values, "SANDBOX_PORT", 8025)
    if port == sandbox_port:
        raise Problem(f"PORT and SANDBOX_PORT are both {port}: give one of them another number.")
    site_url = values.get("SITE_URL", "").rstrip("/") or f"http://localhost:{port}"
    if urlsplit(site_url).scheme not in {"http", "https"} or not urlsplit(site_url).hostname:
        raise Problem(f"SITE_URL must look like https://www.example.org, and is {site_url!r}.")
    environment = SiteEnvironment(
        values=values,
        var=Path(process.get("VAR_DIR") or root / "var"),
        port=port,
        sandbox_port=sandbox_port,
        demo=_demo(values),
        site_url=site_url,
        bind=values.get("BIND", "").strip() or "127.0.0.1",
    )
    if environment.demo and not environment.is_loopback:
        raise Problem(
            f"The demo is for this machine only, and SITE_URL is {site_url}: "
            "say `make run DEMO=0`, or put DEMO=0 into .env."
        )
    if not _is_loopback_address(environment.bind) and (environment.demo or environment.shows_mail):
        raise Problem(
            f"BIND is {environment.bind}, which lets other machines in, and "
            f"{'the demo' if environment.demo else 'the mailbox at /mail/'} is for this machine "
            "only: take BIND away, or set DEMO=0, SITE_URL and EMAIL_URL for a site of your own."
        )
    return environment


def _typeable_password() -> str:
    groups = ("".join(secrets.choice(TYPEABLE) for _ in range(4)) for _ in range(3))
    return "-".join(groups)


def ensure_secrets(environment: SiteEnvironment) -> dict[str, str]:
    """Return SECRET_KEY, ADDRESS_HASH_KEY and, for a demo, DEMO_PASSWORD; make up what is unset.

    What is made up is written to `var/secrets.env` once and never changed by this program: a new
    ADDRESS_HASH_KEY would forget everybody who asked to be forgotten.
    """
    path = environment.var / "secrets.env"
    kept = read_env_file(path)
    makers = {
        "SECRET_KEY": lambda: secrets.token_urlsafe(50),
        "ADDRESS_HASH_KEY": lambda: secrets.token_urlsafe(50),
    }
    if environment.demo:
        makers["DEMO_PASSWORD"] = _typeable_password
    made = {}
    chosen = {}
    for name, make in makers.items():
        given = environment.values.get(name, "")
        if name in environment.values and not given:
            raise Problem(f"{name} is set to nothing: give it a value, or remove its line in .env.")
        if not given and not kept.get(name):
            made[name] = make()
        chosen[name] = given or kept.get(name) or made[name]
    if made:
        write_env_file(
            path,
            {**kept, **made},
            first_line="Made once by `make run`. Keep it: it belongs to the data beside it.",
        )
    return chosen


def child_environment(
    environment: SiteEnvironment, chosen_secrets: Mapping[str, str]
) -> dict[str, str]:
    """Return the process environment of everything that is started."""
    child = {
        **environment.values,
        **chosen_secrets,
        "PORT": str(environment.port),
        "SANDBOX_PORT": str(environment.sandbox_port),
        "SANDBOX_STATE": environment.values.get("SANDBOX_STATE")
        or str(environment.var / f"{'demo-' if environment.demo else ''}sandbox.sqlite3"),
        "BIND": environment.bind,
        "SITE_URL": environment.site_url,
        "DEMO": "1" if environment.demo else "0",
        "DJANGO_SETTINGS_MODULE": "cms.settings.production",
        "PYTHONUNBUFFERED": "1",
    }
    # Another project's modules must not slip in, nor make's own variables into other makes.
    for name in ("PYTHONPATH", "PYTHONHOME", "MAKEFLAGS", "MFLAGS", "MAKELEVEL"):
        child.pop(name, None)
    return child


def record_run(child: Mapping[str, str], *, process: Mapping[str, str], var: Path) -> None:
    """Write down what this start goes by and what a second terminal could not know.

    These are the ports, the site's address and DEMO, and every promised name that came from the
    process environment.
    """
    always = {"PORT", "SANDBOX_PORT", "SITE_URL", "DEMO"}
    known = {"SECRET_KEY", "ADDRESS_HASH_KEY", "DEMO_PASSWORD"} - set(process)
    recorded = {
        name: child[name]
        for name in PROMISED
        if name in child and name not in known and (name in always or name in process)
    }
    write_env_file(
        var / "run.env",
        recorded,
        first_line="How `make run` last started the site, for manage.py in a second terminal.",
    )
