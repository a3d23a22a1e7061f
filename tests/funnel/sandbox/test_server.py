"""Starting, stopping, remembering, and what a person is told when it can't start."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
import requests

from funnel.sandbox.server import API_KEY, Sandbox, running_sandbox
from funnel.sandbox.store import StoreError

from .conftest import Client, Clock

ANNA = "anna@letters.test"
ROOT = Path(__file__).resolve().parents[3]
PROGRAM = (
    "import sys; from pathlib import Path; from funnel.sandbox.server import run;"
    "sys.exit(run(host='127.0.0.1', port=int(sys.argv[1]), state_path=Path(sys.argv[2]),"
    " audience_id='0123456789', verbose=True, say=lambda line: print(line, flush=True)))"
)


def program(port: int, state: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", PROGRAM, str(port), str(state)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_down_for_a_while_it_forgets_nothing(api: Client, sandbox: Sandbox) -> None:
    api.put(ANNA, status_if_new="subscribed")
    port = sandbox.port
    sandbox.stop()
    with pytest.raises(requests.ConnectionError):
        api.get(ANNA)
    sandbox.start()
    assert sandbox.port == port
    assert api.get(ANNA).json()["status"] == "subscribed"


def test_everything_survives_a_restart(tmp_path: Path, clock: Clock) -> None:
    path = tmp_path / "deep" / "sandbox.sqlite3"
    with running_sandbox(state_path=path, clock=clock) as sandbox:
        api = Client(sandbox)
        api.field("FNAME")
        api.put(ANNA, status_if_new="subscribed", merge_fields={"FNAME": "Anna"})
        api.put("left@letters.test", status_if_new="subscribed")
        sandbox.act("unsubscribe", "left@letters.test")
        gone = api.put("gone@letters.test", status_if_new="subscribed").json()["id"]
        api.call("POST", f"members/{gone}/actions/delete-permanent")
        api.tag(ANNA, red="active", blue="active", is_syncing=True)
        api.call("POST", f"members/{ANNA}/events", {"name": "watched"})
        batch = {"operations": [{"method": "GET", "path": "/ping"}]}
        batch_id = api.call("POST", "/batches", batch).json()["id"]
        assert sandbox.settle()
        paths = ("members", "merge-fields", "segments", f"members/{ANNA}/events")
        before = [api.call("GET", path).json() for path in paths]
        url = sandbox.url
    with running_sandbox(state_path=path, clock=clock) as sandbox:
        api = Client(sandbox)
        assert sandbox.url != url
        assert [api.call("GET", path).json() for path in paths] == before
        assert api.put("gone@letters.test", status_if_new="subscribed").status_code == 400
        assert api.put("left@letters.test", status="subscribed").status_code == 400
        assert api.call("GET", f"/batches/{batch_id}").json()["status"] == "finished"
        api.tag(ANNA, red="inactive")
        assert sandbox.tags(ANNA) == {"blue"}


def test_what_was_answered_survives_a_kill(tmp_path: Path) -> None:
    path = tmp_path / "sandbox.sqlite3"
    process = program(0, path)
    assert process.stdout is not None
    url = process.stdout.readline().strip().removeprefix("Mailchimp sandbox ready at ")
    member = {"email_address": ANNA, "status": "subscribed"}
    answer = requests.post(
        f"{url}/3.0/lists/0123456789/members", json=member, auth=("a", API_KEY), timeout=10
    )
    assert answer.status_code == 200
    process.kill()
    process.communicate(timeout=10)
    with running_sandbox(state_path=path, audience_id="0123456789") as sandbox:
        assert sandbox.member(ANNA) is not None


def test_one_file_serves_one_sandbox(tmp_path: Path) -> None:
    path = tmp_path / "sandbox.sqlite3"
    with running_sandbox(state_path=path), pytest.raises(StoreError, match="in use"):
        Sandbox(state_path=path)
    (tmp_path / "other").write_text("not a database, " * 100)
    with pytest.raises(StoreError, match="can't be read"):
        Sandbox(state_path=tmp_path / "other")


@pytest.mark.parametrize("host", ["0.0.0.0", "192.0.2.1", "::", "letters.test"])  # noqa: S104
def test_it_listens_on_this_machine_only(host: str) -> None:
    with pytest.raises(ValueError, match="this machine only"):
        Sandbox(host=host)


def test_a_file_that_cannot_be_made_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StoreError, match="can't be opened"):
        Sandbox(state_path=tmp_path / "file" / "state")
    with pytest.raises(StoreError, match="can't be opened"):
        Sandbox(state_path=tmp_path)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_it_quietly_and_it_says_little(tmp_path: Path, number: int) -> None:
    process = program(0, tmp_path / "state")
    assert process.stdout is not None
    ready = process.stdout.readline().strip()
    url = ready.removeprefix("Mailchimp sandbox ready at ")
    answer = requests.get(
        f"{url}/3.0/lists/0123456789/members/{ANNA}?fields=id", auth=("a", API_KEY), timeout=10
    )
    assert answer.status_code == 404
    os.kill(process.pid, number)
    out, err = process.communicate(timeout=10)
    assert (process.returncode, err) == (0, "")
    [line] = out.splitlines()
    assert line.startswith("GET /3.0/lists/0123456789/members/(address) 404")


def test_a_taken_port_is_one_sentence(sandbox: Sandbox, tmp_path: Path) -> None:
    process = program(sandbox.port, tmp_path / "state")
    out, err = process.communicate(timeout=10)
    assert (process.returncode, out) == (1, "")
    assert err == (
        f"The Mailchimp sandbox can't start: port {sandbox.port} is in use on 127.0.0.1. "
        "Stop what uses it, or choose another with SANDBOX_PORT.\n"
    )
