"""Runs beside the tests: the same act in several processes, all let go at the same moment.

`at_once.py opt_in JSON` takes one list of addresses for each process and sends the form for each,
from a network of its own; `at_once.py take_places JSON` takes places under one limit, as many in
each process as the list says;
`at_once.py work JSON` runs `funnel_worker --once` in as many processes as the list is long. Prints
one JSON list: what each process saw, or its traceback.
"""

import json
import multiprocessing
import os
import sys
import traceback
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[4]))

import django

django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connections  # noqa: E402
from django.test import Client  # noqa: E402
from django.urls import get_resolver  # noqa: E402
from django.utils import timezone  # noqa: E402

from funnel.models import ConsentWording, FunnelSettings  # noqa: E402
from funnel.services.limits import Count, Limit, take  # noqa: E402
from funnel.services.stamps import make_stamp  # noqa: E402

ORIGIN = {"Origin": "http://localhost", "Host": "localhost"}


def opt_in(addresses: list[str]) -> list[int]:
    """Send the form for each address; return the answers' statuses."""
    wording = ConsentWording.digest_of(**FunnelSettings.load().wording)
    client = Client()
    statuses = []
    for number, address in enumerate(addresses):
        network = f"10.{os.getpid() % 256}.{number}"
        minute_ago = timezone.now() - timedelta(minutes=1)
        data = {
            "email": address,
            "cycle": "criticism",
            "wording": wording,
            "stamp": make_stamp(network=f"{network}.0/24", now=minute_ago),
        }
        headers = {**ORIGIN, "X-Forwarded-For": f"{network}.1"}
        statuses.append(client.post("/free-videos/", data, headers=headers).status_code)
    return statuses


def take_places(times: int) -> list[int]:
    """Take a place under one limit so many times; 1 for each that was got."""
    count = Count(limit=Limit(name="crowd", most=20, window=timedelta(days=1)))
    return [int(take([count], now=timezone.now()) is None) for _ in range(times)]


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
    acts = {"opt_in": opt_in, "take_places": take_places, "work": work}
    main(acts[sys.argv[1]], json.loads(sys.argv[2]))
