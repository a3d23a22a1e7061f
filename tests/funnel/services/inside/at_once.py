"""Runs beside the tests: the same act in several processes, all let go at the same moment.

`at_once.py opt_in JSON` takes one list of addresses for each process and sends the form for each;
`at_once.py work JSON` runs `funnel_worker --once` in as many processes as the list is long. Prints
one JSON list: what each process saw, or its traceback.
"""

import json
import multiprocessing
import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[4]))

import django

django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connections  # noqa: E402
from django.test import Client  # noqa: E402
from django.urls import get_resolver  # noqa: E402

from funnel.models import ConsentWording, FunnelSettings  # noqa: E402

ORIGIN = {"Origin": "http://localhost", "Host": "localhost"}


def opt_in(addresses: list[str]) -> list[int]:
    """Send the form for each address; return the answers' statuses."""
    wording = ConsentWording.digest_of(**FunnelSettings.load().wording)
    client = Client()
    return [
        client.post(
            "/free-videos/",
            {"email": address, "cycle": "criticism", "wording": wording},
            headers=ORIGIN,
        ).status_code
        for address in addresses
    ]


def work(_: Any) -> list[int]:
    """Deliver what is due."""
    call_command("funnel_worker", "--once")
    return []


def take_part(act: Callable[[Any], list[int]], share: Any, start: Any, results: Any) -> None:
    """Wait for the others, then act; an error is a result like any other."""
    start.wait(60)
    try:
        results.put(act(share))
    except BaseException:
        results.put(traceback.format_exc())


def main(act: Callable[[Any], list[int]], shares: list[Any]) -> None:
    """Let go of all processes at once, and print what they saw."""
    get_resolver().url_patterns  # noqa: B018 - loaded once here, not in every process
    connections.close_all()
    context = multiprocessing.get_context("fork")
    start, results = context.Barrier(len(shares)), context.Queue()
    processes = [
        context.Process(target=take_part, args=(act, share, start, results)) for share in shares
    ]
    for process in processes:
        process.start()
    seen = [results.get(timeout=60) for _ in processes]
    for process in processes:
        process.join(60)
    print(json.dumps(seen))


if __name__ == "__main__":
    main({"opt_in": opt_in, "work": work}[sys.argv[1]], json.loads(sys.argv[2]))
