"""What `make run` goes by: names, ports, secrets, and what a second terminal may know."""

import json
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from starter.environment import (
    PROMISED,
    child_environment,
    ensure_secrets,
    read_env_file,
    read_environment,
    record_run,
)
from starter.say import Problem

ROOT = Path(__file__).resolve().parent.parent.parent
EVERYWHERE = "0.0.0.0"  # noqa: S104


def test_nothing_set_is_the_demo_on_the_promised_ports(tmp_path: Path) -> None:
    environment = read_environment({}, root=tmp_path)
    assert (environment.port, environment.sandbox_port) == (8000, 8025)
    assert environment.demo
    assert environment.site_url == "http://localhost:8000"
    assert environment.wants_sandbox


def test_the_process_environment_goes_before_dotenv(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("PORT=9001\nDEMO=0\n# PORT=1\n")
    environment = read_environment({"PORT": "9002"}, root=tmp_path)
    assert environment.port == 9002
    assert environment.site_url == "http://localhost:9002"
    assert not environment.demo


@pytest.mark.parametrize("written", ["abc", "0", "65536", "-1", "80 80", "٨٠٠٠"])
def test_a_port_that_is_none_is_one_sentence(tmp_path: Path, written: str) -> None:
    with pytest.raises(Problem, match=r"^SANDBOX_PORT must be a port number"):
        read_environment({"SANDBOX_PORT": written}, root=tmp_path)


def test_both_ports_alike_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(Problem, match="PORT and SANDBOX_PORT are both 8025"):
        read_environment({"PORT": "8025"}, root=tmp_path)


@pytest.mark.parametrize("url", ["https://unstuck.example", "http://192.168.1.7:8000"])
def test_the_demo_is_refused_off_loopback(tmp_path: Path, url: str) -> None:
    with pytest.raises(Problem, match="demo is for this machine only"):
        read_environment({"SITE_URL": url}, root=tmp_path)
    assert not read_environment({"SITE_URL": url, "DEMO": "0"}, root=tmp_path).demo


@pytest.mark.parametrize("bind", [EVERYWHERE, "::", "192.168.1.7", "unstuck.example"])
@pytest.mark.parametrize(
    "names", [{}, {"EMAIL_URL": "smtp://mail.test"}, {"DEMO": "0"}, {"DEMO": "0", "EMAIL_URL": ""}]
)
def test_what_is_for_this_machine_is_not_shown_to_others(
    tmp_path: Path, names: dict[str, str], bind: str
) -> None:
    """A demo has a printed password, and the local mailbox everybody’s private links."""
    with pytest.raises(Problem, match=rf"^BIND is {bind}, .* other machines"):
        read_environment({"BIND": bind, **names}, root=tmp_path)


@pytest.mark.parametrize(
    "names",
    [
        *({"BIND": bind} for bind in ("127.0.0.1", "127.0.0.2", "::1", "localhost")),
        {"BIND": EVERYWHERE, "DEMO": "0", "EMAIL_URL": "smtp://mail.test"},
        {"BIND": EVERYWHERE, "DEMO": "0", "SITE_URL": "https://unstuck.example"},
    ],
)
def test_other_addresses_to_listen_on_are_fine(tmp_path: Path, names: dict[str, str]) -> None:
    assert read_environment(names, root=tmp_path).bind == names["BIND"]


def test_secrets_are_made_once_and_for_their_owner_only(tmp_path: Path) -> None:
    environment = read_environment({}, root=tmp_path)
    made = ensure_secrets(environment)
    kept = tmp_path / "var" / "secrets.env"
    assert set(made) == {"SECRET_KEY", "ADDRESS_HASH_KEY", "DEMO_PASSWORD"}
    assert len(set(made.values())) == 3
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    before = kept.read_bytes()
    assert ensure_secrets(environment) == made
    assert kept.read_bytes() == before


def test_a_given_secret_is_taken_and_not_written_down(tmp_path: Path) -> None:
    environment = read_environment({"DEMO_PASSWORD": "given by a person"}, root=tmp_path)
    assert ensure_secrets(environment)["DEMO_PASSWORD"] == "given by a person"
    assert "DEMO_PASSWORD" not in read_env_file(tmp_path / "var" / "secrets.env")


def test_a_site_of_ones_own_gets_no_demo_password(tmp_path: Path) -> None:
    assert "DEMO_PASSWORD" not in ensure_secrets(read_environment({"DEMO": "0"}, root=tmp_path))


def test_an_empty_secret_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("ADDRESS_HASH_KEY=\n")
    with pytest.raises(Problem, match="ADDRESS_HASH_KEY is set to nothing"):
        ensure_secrets(read_environment({}, root=tmp_path))


def test_what_a_second_terminal_could_not_know_is_recorded(tmp_path: Path) -> None:
    process = {"PORT": "9003", "DATABASE_URL": "sqlite:////tmp/elsewhere.sqlite3", "LANG": "C"}
    environment = read_environment(process, root=tmp_path)
    child = child_environment(environment, ensure_secrets(environment))
    record_run(child, process=process, var=tmp_path / "var")
    recorded = tmp_path / "var" / "run.env"
    assert read_env_file(recorded) == {
        "PORT": "9003",
        "SANDBOX_PORT": "8025",
        "SITE_URL": "http://localhost:9003",
        "DATABASE_URL": "sqlite:////tmp/elsewhere.sqlite3",
        "DEMO": "1",
    }
    assert stat.S_IMODE(recorded.stat().st_mode) == 0o600


def _settings_seen(**names: str) -> dict[str, object]:
    """What the settings make of an environment, in a process of their own."""
    script = (
        "import json; from cms.settings import base as s; "
        "print(json.dumps({n: getattr(s, n) for n in ('PORT', 'SANDBOX_PORT', 'SITE_URL', "
        "'DEMO', 'USE_SANDBOX', 'SITE_IS_LOOPBACK')}))"
    )
    seen = subprocess.run(
        [sys.executable, "-c", script],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "SECRET_KEY": "x", **names},
        capture_output=True,
        text=True,
        check=True,
    )
    return dict(json.loads(seen.stdout))


@pytest.mark.parametrize(
    "names",
    [
        {"PORT": "9004"},
        {"SITE_URL": "http://[::1]:9005/"},
        {"SITE_URL": "https://unstuck.example", "DEMO": "0"},
        {"MAILCHIMP_API_KEY": "0-us1"},
        {"MAILCHIMP_API_URL": "http://127.0.0.1:9006/3.0"},
    ],
)
def test_the_starter_and_the_settings_agree(tmp_path: Path, names: dict[str, str]) -> None:
    """Also by way of `var/run.env`, which is all that a second terminal has."""
    process = {"VAR_DIR": str(tmp_path), **names}
    environment = read_environment(process, root=tmp_path)
    record_run(
        child_environment(environment, ensure_secrets(environment)), process=process, var=tmp_path
    )
    expected = {
        "PORT": environment.port,
        "SANDBOX_PORT": environment.sandbox_port,
        "SITE_URL": environment.site_url,
        "DEMO": environment.demo,
        "USE_SANDBOX": environment.wants_sandbox,
        "SITE_IS_LOOPBACK": environment.is_loopback,
    }
    if (ROOT / ".env").exists():
        pytest.skip("A .env of this checkout goes before what is recorded.")
    assert _settings_seen(VAR_DIR=str(tmp_path)) == expected


@pytest.mark.parametrize("name", PROMISED)
def test_every_promised_name_is_explained(name: str) -> None:
    example = (ROOT / ".env.example").read_text()
    assert f"\n# {name}=" in example
    assert f"| `{name}` |" in (ROOT / "README.md").read_text()


def test_the_example_sets_nothing_by_itself() -> None:
    assert read_env_file(ROOT / ".env.example") == {}
