"""Whose network a request counts for, and whom nobody can pretend to be."""

from ipaddress import ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from funnel.networks import UNKNOWN, network_of

PROXIES = ("127.0.0.1", "10.0.0.0/8", "::1")


@pytest.mark.parametrize(
    ("peer", "forwarded_for", "network"),
    [
        ("203.0.113.9", "", "203.0.113.0/24"),
        ("203.0.113.9", "198.51.100.1", "203.0.113.0/24"),
        ("127.0.0.1", "198.51.100.1", "198.51.100.0/24"),
        ("127.0.0.1", "192.0.2.66, 198.51.100.1, 10.1.2.3", "198.51.100.0/24"),
        ("::1", "2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("127.0.0.1", "[2001:db8:1:2::7]:4711", "2001:db8:1:2::/64"),
        ("127.0.0.1", "198.51.100.1:4711", "198.51.100.0/24"),
        ("::ffff:203.0.113.9", "", "203.0.113.0/24"),
        ("127.0.0.1", "198.51.100.1, nonsense", "127.0.0.0/24"),
        ("127.0.0.1", "", "127.0.0.0/24"),
        ("", "198.51.100.1", UNKNOWN),
    ],
)
def test_a_proxy_that_we_trust_is_believed(peer: str, forwarded_for: str, network: str) -> None:
    assert network_of(peer=peer, forwarded_for=forwarded_for, trusted=PROXIES) == network


def test_without_trusted_proxies_nobody_is_believed() -> None:
    network = network_of(peer="127.0.0.1", forwarded_for="198.51.100.1", trusted=())
    assert network == "127.0.0.0/24"


@given(st.text(max_size=80), st.ip_addresses())
def test_what_a_visitor_writes_before_the_proxy_changes_nothing(text: str, visitor: object) -> None:
    told = f"{text}, {visitor}"
    network = network_of(peer="127.0.0.1", forwarded_for=told, trusted=("127.0.0.1",))
    alone = network_of(peer="127.0.0.1", forwarded_for=str(visitor), trusted=("127.0.0.1",))
    if str(visitor) != "127.0.0.1":
        assert network == alone


@given(st.text(max_size=80), st.text(max_size=200))
def test_anything_may_come(peer: str, forwarded_for: str) -> None:
    network = network_of(peer=peer, forwarded_for=forwarded_for, trusted=PROXIES)
    assert network == UNKNOWN or ip_network(network).prefixlen in (24, 64)
