"""Whether time or text of an answer tells if an address is known: thousands of each kind, mixed.

The AUC is how often a stranger who guesses by the clock alone is right: 0.5 is a coin.
"""

import http.client
import json
import os
import random
import time
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import combinations, cycle
from urllib.parse import urlencode, urlsplit

from soak.shared.engines import chosen_seed, engines
from soak.shared.own_site import inside, own_environment, web_server
from starter import say
from starter.say import Problem

EACH = int(os.environ.get("SOAK_EACH", "2000"))
LIMIT = 0.55
WARM_UP = 200
# Enough that none of them meets its limit.
NETWORKS = max(500, EACH)
# Of an answer, only the moment differs from one to the next.
_OF_THE_MOMENT = frozenset({"date"})

Answer = tuple[int, bytes, tuple[tuple[str, str], ...]]


def auc(first: Sequence[float], second: Sequence[float]) -> float:
    """Return how well the two are told apart, from 0.5 (not at all) to 1.

    The chance that one of the second is larger than one of the first; ties count half.
    """
    ordered = sorted(first)
    larger = sum(
        (bisect_left(ordered, value) + bisect_right(ordered, value)) / 2 for value in second
    )
    share = larger / (len(first) * len(second))
    return max(share, 1 - share)


class Visitor:
    """One connection, which sends the form for one address after the other.

    Each comes from the next network in turn, with a stamp of that network's.
    """

    def __init__(self, url: str, *, wording: str, stamps: list[tuple[str, str]]) -> None:
        self._url, self._wording, self._stamps = url, wording, cycle(stamps)
        self._connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=60)

    def send(self, address: str) -> tuple[float, Answer]:
        """Send the form; return the seconds it took, and the answer."""
        network, stamp = next(self._stamps)
        told = {"email": address, "cycle": "criticism", "wording": self._wording, "stamp": stamp}
        body = urlencode(told)
        headers = {
            "Origin": self._url,
            "Content-Type": "application/x-www-form-urlencoded",
            "X-Forwarded-For": network.partition("/")[0],
        }
        began = time.perf_counter()
        self._connection.request("POST", "/free-videos/", body, headers)
        answer = self._connection.getresponse()
        content = answer.read()
        took = time.perf_counter() - began
        pairs = [(name.lower(), value) for name, value in answer.getheaders()]
        lasting = tuple(sorted(pair for pair in pairs if pair[0] not in _OF_THE_MOMENT))
        return took, (answer.status, content, lasting)


def _mixed(people: dict[str, list[str]], rng: random.Random) -> Iterator[tuple[str, str]]:
    """Yield everybody in rounds of one of each kind, so that what drifts meets all alike."""
    for number in range(EACH):
        kinds = list(people)
        rng.shuffle(kinds)
        for kind in kinds:
            yield kind, people[kind][number]


def _try(url: str, seed: int) -> bool:
    """Return whether nothing tells the kinds apart on one engine."""
    rng = random.Random(seed)  # noqa: S311
    took: dict[str, list[float]] = defaultdict(list)
    answers: dict[Answer, set[str]] = defaultdict(set)
    networks = [f"10.{number // 250}.{number % 250}.0/24" for number in range(NETWORKS)]
    with own_environment(url, OPT_INS_AN_HOUR="1000000") as environment:
        wording = inside("prepare", environment=environment).strip().splitlines()[-1]
        filled = json.loads(inside("people", str(EACH), *networks, environment=environment))
        people = filled["people"]
        with web_server(environment) as site:
            visitor = Visitor(site, wording=wording, stamps=list(filled["stamps"].items()))
            for number in range(WARM_UP):
                visitor.send(f"warm{number:06}@p{number:06}.test")
            for kind, address in _mixed(people, rng):
                seconds, answer = visitor.send(address)
                took[kind].append(seconds)
                answers[answer].add(kind)
    (first, *others) = answers
    if others or first[0] != 302:
        told = "; ".join(f"{sorted(kinds)}: {answer[0]}" for answer, kinds in answers.items())
        raise Problem(f"Not one and the same answer for everybody. {told}")
    worst = max(
        (auc(took[one], took[other]), one, other) for one, other in combinations(sorted(took), 2)
    )
    middle = sorted(took["new"])[EACH // 2] * 1000
    say.line(
        f"  {len(took)} kinds of {EACH:,}: one answer, {middle:.1f} ms; told apart at worst "
        f"{worst[1]} and {worst[2]}, AUC {worst[0]:.3f} (limit {LIMIT})"
    )
    return worst[0] <= LIMIT


def main() -> int:
    """Return 1 where an answer, or the time it took, tells one kind of address from another."""
    seed, is_blind = chosen_seed(), True
    for name, url in engines():
        say.line(f"  {name}: SOAK_SEED={seed}")
        is_blind &= _try(url, seed)
    return int(not is_blind)
