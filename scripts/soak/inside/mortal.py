"""Runs inside a process that is to die: at its n-th step it is killed, as by a power cut.

A step is the moment before or after a statement, a commit, a mail, or a call to the mail service:
nothing that is kept or sent lies between two of them.
"""

import functools
import http.client
import os
import signal
import threading
from collections.abc import Callable
from typing import Any

_lock = threading.Lock()
_left = 0


def _step() -> None:
    global _left
    with _lock:
        _left -= 1
        if _left == 0:
            os.killpg(0, signal.SIGKILL)


def _around(owner: type, name: str) -> None:
    inner: Callable[..., Any] = getattr(owner, name)

    @functools.wraps(inner)
    def counted(*args: Any, **kwargs: Any) -> Any:
        _step()
        result = inner(*args, **kwargs)
        _step()
        return result

    setattr(owner, name, counted)


def arm(life: int) -> None:
    """Begin to count to the step at which this process dies; 0 lets it live."""
    global _left
    _left = life
    if not life:
        return
    from django.db.backends.base.base import BaseDatabaseWrapper
    from django.db.backends.utils import CursorWrapper

    from cms.local_mailbox import MaildirBackend

    _around(CursorWrapper, "_execute")
    _around(BaseDatabaseWrapper, "_commit")
    _around(MaildirBackend, "send_messages")
    _around(http.client.HTTPConnection, "request")
    _around(http.client.HTTPConnection, "getresponse")
