"""Has the site loaded once, and forks processes of it that are to die; each begins in no time.

On stdin: `web 120` or `worker 7` for one that dies at this step, 0 for one that lives. On stdout:
`born NAME PID` and `dead NAME SIGNAL`.
"""

import os
import select
import signal
import socket
import sys
import traceback
from typing import Any

import django

django.setup()

from django.core.management import call_command  # noqa: E402
from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler  # noqa: E402
from django.db import connections  # noqa: E402

from cms.wsgi import application  # noqa: E402
from soak.inside import mortal  # noqa: E402


class _Quiet(WSGIRequestHandler):
    def log_message(self, *_: Any) -> None:
        return None


class _Server(ThreadedWSGIServer):
    daemon_threads = True
    allow_reuse_address = True


def _serve() -> None:
    server = _Server(("127.0.0.1", int(os.environ["PORT"])), _Quiet)
    server.set_app(application)
    server.serve_forever()


def _live(name: str, life: int) -> None:
    os.setsid()
    mortal.arm(life)
    if name.startswith("web"):
        _serve()
    else:
        call_command("funnel_worker")


def _bear(name: str, life: int) -> int:
    connections.close_all()
    child = os.fork()
    if child:
        return child
    try:
        sys.stdin.close()
        os.dup2(2, 1)
        _live(name, life)
    except BaseException:
        traceback.print_exc()
    os._exit(3)


def main() -> None:
    """Bear and bury until stdin ends; then end whatever lives."""
    alive: dict[int, str] = {}
    socket.setdefaulttimeout(30)
    while True:
        if select.select([sys.stdin], [], [], 0.02)[0]:
            order = sys.stdin.readline()
            if not order:
                break
            name, _, life = order.strip().rpartition(" ")
            child = _bear(name, int(life))
            alive[child] = name
            print("born", name.replace(" ", "_"), child, flush=True)
        while alive:
            gone, status = os.waitpid(-1, os.WNOHANG)
            if not gone:
                break
            ended_by = os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0
            print("dead", alive.pop(gone).replace(" ", "_"), ended_by, flush=True)
    for child in alive:
        os.kill(child, signal.SIGKILL)


main()
