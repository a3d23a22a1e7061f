"""What the funnel's tests share: a person's acts, in the order in which they happen."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from funnel.mailing import mailing_backend
from funnel.models import FunnelSettings, Lead, OutboxEntry
from funnel.services.delivery import deliver_due

ORIGIN = {"Origin": "http://testserver", "Host": "testserver"}


@dataclass
class Clock:
    """A clock that stands until it is moved."""

    moment: datetime

    def __call__(self) -> datetime:
        return self.moment

    def move(self, **duration: float) -> datetime:
        """Move on by the given timedelta arguments."""
        self.moment += timedelta(**duration)
        return self.moment


@dataclass
class Visitor:
    """A person with a browser and a mailbox, and the worker that serves them."""

    clock: Clock
    time_machine: Any
    client: Client = field(default_factory=Client)
    forms_sent: int = 0

    def opt_in(self, address: str = "ada@mail.test", **answers: Any) -> Any:
        """Send the form as a browser does, with the wording it shows now, each from elsewhere."""
        wording = FunnelSettings.load().wording
        from funnel.models import ConsentWording

        data = {
            "email": address,
            "wording": ConsentWording.digest_of(**wording),
            **answers,
        }
        self.forms_sent += 1
        network = f"10.{self.forms_sent // 256 % 256}.{self.forms_sent % 256}.7"
        return self.client.post(reverse("funnel:opt_in"), data, headers=ORIGIN, REMOTE_ADDR=network)

    def work(self) -> int:
        """Let a worker deliver everything that is due now."""
        delivered = 0
        while count := deliver_due(clock=self.clock, backend=mailing_backend(), rng=Random(1)):
            delivered += count
        return delivered

    def move(self, **duration: float) -> None:
        """Let time pass, for the clock and for whoever asks Django."""
        self.time_machine.move_to(self.clock.move(**duration), tick=False)

    def links(self) -> list[str]:
        """All links of the newest mail's plain text, as paths."""
        return re.findall(r"http://localhost:8000(/\S+)", str(mail.outbox[-1].body))

    def confirm(self) -> Any:
        """Press the button behind the newest mail's link."""
        return self.client.post(self.links()[0], headers=ORIGIN)

    def become_confirmed(self, address: str = "ada@mail.test", **answers: Any) -> Lead:
        """Walk the whole way from the form to the mail service."""
        self.opt_in(address, **answers)
        self.work()
        self.move(minutes=5)
        self.confirm()
        self.work()
        self.move(minutes=1)
        return Lead.objects.get(address_key=address.lower())


@pytest.fixture
def visitor(db: None, now: datetime, time_machine: Any) -> Visitor:
    """A visitor at a fixed time, whom nobody knows yet."""
    time_machine.move_to(now, tick=False)
    return Visitor(clock=Clock(now), time_machine=time_machine)


@pytest.fixture
def entry_of() -> Callable[[Lead, str], OutboxEntry]:
    """Find a lead's newest outbox entry of a kind."""

    def find(lead: Lead, kind: str) -> OutboxEntry:
        return OutboxEntry.objects.filter(lead=lead, kind=kind).latest("pk")

    return find
