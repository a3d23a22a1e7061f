"""Makes the sandbox fail on purpose, as the real service and the network between do.

A plan names what happens, to which requests, and how often; the first that fits a request is used
up by it. Requests are those of the API; ``method`` is exact, ``path`` is searched for as a regular
expression in the path as sent (``/3.0/lists/…``), and empty fits all::

    sandbox.faults.drop_before()                       # the line breaks, nothing happened
    sandbox.faults.drop_after(method="PUT")            # it happened, the answer is lost
    sandbox.faults.answer_empty(429, times=3)          # throttled: no body, no content type
    sandbox.faults.answer_html(500, path="/tags$")     # a proxy's error page
    sandbox.faults.answer_problem(401, "API Key Invalid", "Your API key may be invalid, …")
    hold = sandbox.faults.hold()                       # the answer waits for hold.release()
    sandbox.faults.clear()
"""

from __future__ import annotations

import re
import threading
from collections.abc import Callable
from dataclasses import dataclass, field

DROP_BEFORE = "dropped before it was carried out"
DROP_AFTER = "carried out, answer dropped"
ANSWER = "answered by a planned fault"
HOLD = "held"


@dataclass
class Fault:
    """One planned failure; ``status``, ``body`` and ``content_type`` serve ``ANSWER``.

    ``title`` and ``detail`` make a problem document where given. ``arrived`` is set once a held
    request is there, ``came`` can be acquired once for each, ``released`` lets them go on.
    """

    kind: str
    method: str = ""
    path: str = ""
    times: int = 1
    status: int = 0
    body: bytes = b""
    content_type: str = ""
    title: str = ""
    detail: str = ""
    arrived: threading.Event = field(default_factory=threading.Event)
    released: threading.Event = field(default_factory=threading.Event)
    came: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))

    def release(self) -> None:
        """Let every request that this fault holds go on."""
        self.released.set()

    def fits(self, method: str, path: str) -> bool:
        """Whether this request is one of those meant."""
        return self.method in ("", method) and re.search(self.path, path) is not None


class Faults:
    """The plans, in the order in which they were made."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._plans: list[Fault] = []
        self._held: list[Fault] = []

    def drop_before(self, *, times: int = 1, method: str = "", path: str = "") -> Fault:
        """Close the connection without carrying the request out."""
        return self._plan(Fault(DROP_BEFORE, method, path, times))

    def drop_after(self, *, times: int = 1, method: str = "", path: str = "") -> Fault:
        """Carry the request out, then close the connection without an answer."""
        return self._plan(Fault(DROP_AFTER, method, path, times))

    def answer_empty(
        self, status: int, *, times: int = 1, method: str = "", path: str = ""
    ) -> Fault:
        """Answer the status with no body and no content type, and carry nothing out."""
        return self._plan(Fault(ANSWER, method, path, times, status=status))

    def answer_html(
        self, status: int, *, times: int = 1, method: str = "", path: str = ""
    ) -> Fault:
        """Answer an error page, as a proxy before the service does."""
        body = f"<html><body><h1>{status}</h1></body></html>".encode()
        fault = Fault(ANSWER, method, path, times, status, body, "text/html; charset=utf-8")
        return self._plan(fault)

    def answer_problem(
        self,
        status: int,
        title: str,
        detail: str,
        *,
        times: int = 1,
        method: str = "",
        path: str = "",
    ) -> Fault:
        """Answer one of Mailchimp's own errors and carry nothing out."""
        fault = Fault(ANSWER, method, path, times, status, title=title, detail=detail)
        return self._plan(fault)

    def hold(self, *, times: int = 1, method: str = "", path: str = "") -> Fault:
        """Let the request wait, before it is carried out, until ``release`` is called."""
        return self._plan(Fault(HOLD, method, path, times))

    def clear(self) -> None:
        """Forget all plans and let every held request go on."""
        with self._lock:
            self._plans.clear()
            held, self._held = self._held, []
        for fault in held:
            fault.release()

    @property
    def pending(self) -> int:
        """How many requests are still meant to fail."""
        with self._lock:
            return sum(plan.times for plan in self._plans)

    def take(self, method: str, path: str) -> Fault | None:
        """The fault for this request, if one is planned."""
        with self._lock:
            for plan in self._plans:
                if plan.fits(method, path):
                    plan.times -= 1
                    if plan.times == 0:
                        self._plans.remove(plan)
                    return plan
        return None

    def wait_out(self, fault: Fault, *, or_until: Callable[[], bool]) -> None:
        """Hold the calling thread until the fault is released, or ``or_until`` says so."""
        fault.arrived.set()
        fault.came.release()
        while not fault.released.wait(timeout=0.05) and not or_until():
            pass

    def _plan(self, fault: Fault) -> Fault:
        with self._lock:
            self._plans.append(fault)
            if fault.kind == HOLD:
                self._held.append(fault)
        return fault
