"""Which network a request comes from, as the limits count it."""

from collections.abc import Iterable
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

# Nobody's: what a request without a readable address counts as, all of them together.
UNKNOWN = "unknown"
# What one household, or one phone's provider, hands around among its devices.
_IPV4_BITS = 24
_IPV6_BITS = 64
# Whoever sends more of them is no chain of proxies.
_MAX_HOPS = 20


def network_of(*, peer: str, forwarded_for: str, trusted: Iterable[str]) -> str:
    """Return the network (/24 or /64) of whoever sent a request.

    `forwarded_for` is believed as far as proxies we trust have written it: read from its end, the
    first address that is no trusted proxy's is the visitor's. Anything before it anybody can write.
    """
    proxies = [ip_network(text, strict=False) for text in trusted]
    hops = forwarded_for.split(",")[-_MAX_HOPS:] if forwarded_for else []
    address = _address(peer)
    while hops and address is not None and any(address in proxy for proxy in proxies):
        told = _address(hops.pop())
        if told is None:
            break
        address = told
    if address is None:
        return UNKNOWN
    bits = _IPV4_BITS if address.version == 4 else _IPV6_BITS
    return str(ip_network(f"{address}/{bits}", strict=False))


def _address(text: str) -> IPv4Address | IPv6Address | None:
    text = text.strip()
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        address = ip_address(text.partition("%")[0])
    except ValueError:
        return None
    mapped = getattr(address, "ipv4_mapped", None)
    return mapped or address
