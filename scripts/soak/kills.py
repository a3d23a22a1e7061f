"""Web and worker killed at any step, on each engine: nothing is lost, and hardly a mail doubled."""

import base64
import hashlib
import json
import mailbox
import os
import queue
import random
import re
import subprocess
import sys
import threading
import time
import urllib.request
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPException
from pathlib import Path
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import urlencode

from bench.shared.site import free_ports
from soak.shared.engines import chosen_seed, engines
from soak.shared.own_site import inside, own_environment
from starter import say
from starter.processes import end, spawn
from starter.say import Problem
from starter.tools import ROOT

KILLS = int(os.environ.get("SOAK_KILLS", "100"))
AT_ONCE = 12
# The stamp of a form must be older than this.
FILLING_IN = 2.2
# A killed worker's claim ends after a minute and a half.
PATIENCE = 150
# Steps that a life lasts at most: about what three opt-ins, or three mails, take.
LONGEST_LIFE = {"web": 160, "worker": 300}
_NOBODY = 1
MORTAL = ("web", "worker", "worker 2")


@dataclass
class Person:
    """Somebody on her way through the double opt-in, and what she was told."""

    number: int
    stamp: str = ""
    may_send_at: float = 0
    is_sent: bool = False
    is_acknowledged: bool = False
    is_confirmed: bool = False

    @property
    def address(self) -> str:
        """Each at a domain of her own, since a domain gets only so many mails an hour."""
        return f"reader@p{self.number}.test"

    @property
    def network(self) -> str:
        """Each in a network of her own."""
        return f"10.{self.number // 250}.{self.number % 250}.7"


@dataclass
class Trial:
    """One site whose processes die and are started again, and the people who visit it."""

    environment: dict[str, str]
    rng: random.Random
    kills: Counter[str] = field(default_factory=Counter)
    people: list[Person] = field(default_factory=list)
    may_die: bool = True
    pause: threading.Event = field(default_factory=threading.Event)
    _read: dict[str, tuple[str, str]] = field(default_factory=dict)
    told: "queue.SimpleQueue[str]" = field(default_factory=queue.SimpleQueue)
    nursery: "subprocess.Popen[str] | None" = None
    sandbox: "subprocess.Popen[bytes] | None" = None

    @property
    def url(self) -> str:
        """The site's address."""
        return self.environment["SITE_URL"]

    @property
    def mails(self) -> dict[str, list[str]]:
        """The text of every mail that was sent, by recipient."""
        folder = mailbox.Maildir(Path(self.environment["VAR_DIR"]) / "demo-mail")
        for key in folder.iterkeys():
            if key not in self._read:
                message = folder[key]
                plain = next(p for p in message.walk() if p.get_content_type() == "text/plain")
                text = bytes(plain.get_payload(decode=True) or b"").decode()
                self._read[key] = (str(message["To"]).strip("<>"), text)
        found: dict[str, list[str]] = {}
        for to, text in self._read.values():
            found.setdefault(to, []).append(text)
        return found

    def begin(self) -> None:
        """Start what nobody kills: the mail service, and what bears the others."""
        with (Path(self.environment["VAR_DIR"]) / "trial.log").open("ab") as log:
            port, state = (self.environment[f"SANDBOX_{name}"] for name in ("PORT", "STATE"))
            words = ("--port", port, "--state", state)
            self.sandbox = spawn(
                [sys.executable, "manage.py", "mailchimp_sandbox", *words],
                environment=self.environment,
                folder=ROOT,
                stdout=log.fileno(),
            )
            self.nursery = subprocess.Popen(
                [sys.executable, "-m", "soak.inside.nursery"],
                env=self.environment,
                cwd=ROOT,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log.fileno(),
                text=True,
            )
        threading.Thread(target=self._listen, args=(self.nursery,), daemon=True).start()
        for name in MORTAL:
            self.bear(name)

    def _listen(self, nursery: "subprocess.Popen[str]") -> None:
        assert nursery.stdout is not None
        for line in nursery.stdout:
            self.told.put(line)
        self.told.put("")

    def finish(self) -> None:
        """End all of it."""
        if self.nursery is not None and self.nursery.stdin is not None:
            self.nursery.stdin.close()
            self.nursery.wait(30)
        if self.sandbox is not None:
            end(self.sandbox, patience=5)

    def bear(self, name: str) -> None:
        """Have a process started, to die at a step of its own while anybody may."""
        assert self.nursery is not None
        assert self.nursery.stdin is not None
        life = self.rng.randint(1, LONGEST_LIFE[name.split()[0]]) if self.may_die else 0
        self.nursery.stdin.write(f"{name} {life}\n")
        self.nursery.stdin.flush()

    def mend(self) -> None:
        """Count who has died, and start it again."""
        while not self.told.empty():
            words = self.told.get().split()
            if not words:
                raise Problem("The processes could not be started; trial.log is lost.")
            if words[0] == "born":
                continue
            name = words[1].replace("_", " ")
            if words[2] != "9":
                raise Problem(f"{name} ended by itself.\n{self.log()}")
            self.kills[name.split()[0]] += 1
            self.may_die = self.kills.total() < KILLS
            self.bear(name)

    def log(self) -> str:
        """What the processes said last."""
        file = Path(self.environment["VAR_DIR"]) / "trial.log"
        return file.read_text(encoding="utf-8", errors="replace")[-3000:]

    def ask(self, path: str, sent: dict[str, str] | None = None, *, of: Person) -> tuple[int, str]:
        """Return an answer’s status and text; 0 where none came, 1 where nobody listens."""
        request = urllib.request.Request(  # noqa: S310
            self.url + path,
            data=urlencode(sent).encode() if sent is not None else None,
            headers={"Origin": self.url, "X-Forwarded-For": of.network},
        )
        try:
            with _OPENER.open(request, timeout=30) as answer:
                return answer.status, answer.read().decode()
        except HTTPError as error:
            return error.code, ""
        except URLError as error:
            return (_NOBODY if isinstance(error.reason, ConnectionRefusedError) else 0), ""
        except (OSError, HTTPException):
            return 0, ""

    def take_a_step(self, person: Person, mails: dict[str, list[str]]) -> None:
        """Let somebody do what comes next for her, where it is time."""
        if not person.stamp:
            status, text = self.ask("/free-videos/stamp/", of=person)
            if status == 200:
                person.stamp, person.may_send_at = text, time.monotonic() + FILLING_IN
        elif not person.is_sent and time.monotonic() > person.may_send_at:
            sent = {"email": person.address, "stamp": person.stamp, "wording": self.wording}
            status, _ = self.ask("/free-videos/", sent, of=person)
            person.is_sent = status != _NOBODY
            person.is_acknowledged = status == 302
            if status not in (0, 302, _NOBODY):
                raise Problem(f"An opt-in was answered with {status}.")
        elif person.is_sent and not person.is_confirmed:
            for text in mails.get(person.address, []):
                link = re.search(r"(/free-videos/confirm/\S+)", text)
                if link:
                    status, _ = self.ask(link[1], {}, of=person)
                    person.is_confirmed = status == 303
                    if status not in (0, 303, _NOBODY):
                        raise Problem(f"A confirmation was answered with {status}.")
                    break

    @property
    def wording(self) -> str:
        """The digest of the words under the form."""
        return self.environment["WORDING"]

    def run(self) -> None:
        """Send people through until enough processes have died, then until all is delivered."""
        self.begin()
        until = time.monotonic() + 60 + KILLS * 12
        while self.kills.total() < KILLS:
            if time.monotonic() > until:
                raise Problem(f"Only {self.kills.total()} processes died in time.")
            self.mend()
            while sum(not person.is_sent for person in self.people) < AT_ONCE:
                self.people.append(Person(len(self.people) + 1))
            mails = self.mails
            for person in self.people:
                if not person.is_confirmed:
                    self.take_a_step(person, mails)
            self.pause.wait(0.02)
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            self.mend()
            mails = self.mails
            for person in self.people:
                if person.is_acknowledged and not person.is_confirmed:
                    self.take_a_step(person, mails)
            waits = any(p.is_acknowledged and not p.is_confirmed for p in self.people)
            if not waits and not self.ledger()["waiting"]:
                return
            self.pause.wait(1)

    def ledger(self) -> dict[str, Any]:
        """What is on disk."""
        return dict(json.loads(inside("ledger", environment=self.environment)))

    def is_subscribed(self, person: Person) -> bool:
        """Whether the mail service has her."""
        port = self.environment["SANDBOX_PORT"]
        (audience,) = self._sandbox(port, "lists")["lists"]
        digest = hashlib.md5(person.address.encode(), usedforsecurity=False).hexdigest()
        try:
            member = self._sandbox(port, f"lists/{audience['id']}/members/{digest}")
        except HTTPError:
            return False
        return bool(member["status"] == "subscribed")

    def _sandbox(self, port: str, path: str) -> dict[str, Any]:
        request = urllib.request.Request(f"http://127.0.0.1:{port}/3.0/{path}")
        key = base64.b64encode(f"soak:{'0' * 32}-us1".encode()).decode()
        request.add_header("Authorization", f"Basic {key}")
        with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310
            return dict(json.load(answer))

    def verdict(self) -> list[str]:
        """Return every promise that is broken, as a sentence each; print what was counted."""
        ledger, mails = self.ledger(), self.mails
        on_disk, broken = ledger["people"], []
        extra = 0
        for person in self.people:
            facts = on_disk.get(person.address)
            texts = mails.get(person.address, [])
            asked = sum("/free-videos/confirm/" in text for text in texts)
            videos = sum("/free-videos/open/" in text for text in texts)
            extra += max(asked - 1, 0) + max(videos - 1, 0)
            if person.is_acknowledged and not (facts and asked):
                broken.append(f"Acknowledged, and lost: opt-in of person {person.number}.")
            if facts and not facts["opt_ins"] == facts["requested"] == facts["entries"] == 1:
                broken.append(f"Half of an opt-in is on disk: person {person.number}, {facts}.")
            if person.is_confirmed and not (
                facts and facts["confirmed"] == 1 and videos and self.is_subscribed(person)
            ):
                broken.append(f"Acknowledged, and lost: confirmation of person {person.number}.")
        if extra > self.kills["worker"]:
            broken.append(f"{extra} mails too many for {self.kills['worker']} killed workers.")
        if ledger["waiting"] or ledger["parked"]:
            broken.append(f"{ledger['waiting']} deliveries wait, {ledger['parked']} are parked.")
        say.line(
            f"  {self.kills['worker']} workers and {self.kills['web']} web servers killed; "
            f"{sum(p.is_acknowledged for p in self.people)} opt-ins and "
            f"{sum(p.is_confirmed for p in self.people)} confirmations acknowledged, "
            f"{sum(map(len, mails.values()))} mails, {extra} of them twice, {len(broken)} lost"
        )
        return broken


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: Any) -> None:
        return None


_OPENER = urllib.request.build_opener(_NoRedirect)


@contextmanager
def _trial(url: str, seed: int) -> Iterator[Trial]:
    with own_environment(url, OPT_INS_AN_HOUR="100000") as environment:
        (port,) = free_ports(1)
        environment["SANDBOX_PORT"] = str(port)
        environment["SANDBOX_STATE"] = f"{environment['VAR_DIR']}/sandbox.sqlite3"
        environment["WORDING"] = inside("prepare", environment=environment).split()[-1]
        trial = Trial(environment, random.Random(seed))  # noqa: S311
        try:
            yield trial
        finally:
            trial.finish()


def main() -> int:
    """Return 1 where anything acknowledged is lost, or a kill has cost more than one mail."""
    seed, worst = chosen_seed(), 0
    for name, url in engines():
        say.line(f"  {name}: {KILLS} kills, SOAK_SEED={seed}")
        began = time.monotonic()
        with _trial(url, seed) as trial:
            trial.run()
            broken = trial.verdict()
        for sentence in broken:
            say.line(f"  {sentence}")
        worst |= bool(broken)
        say.line(f"  {time.monotonic() - began:.0f} s")
    return int(worst)
