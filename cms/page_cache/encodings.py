"""Compression: which encoding a browser wants, and the bytes in it."""

import gzip
from functools import lru_cache

import brotli

BROTLI = "br"
GZIP = "gzip"
IDENTITY = "identity"
# Below this, compression saves no packet.
MIN_BYTES = 200
_COMPRESSIBLE = frozenset(
    {
        "application/atom+xml",
        "application/json",
        "application/ld+json",
        "application/manifest+json",
        "application/rss+xml",
        "application/xml",
        "image/svg+xml",
    }
)


@lru_cache(maxsize=256)
def preferred_encoding(accept_encoding: str) -> str:
    """Return the best encoding named in an Accept-Encoding header; identity needs no naming."""
    weights = {}
    for part in accept_encoding.lower().split(","):
        name, _, parameters = part.partition(";")
        weights[name.strip()] = _weight(parameters)
    brotli_weight, gzip_weight = weights.get(BROTLI, 0.0), weights.get(GZIP, 0.0)
    if brotli_weight > 0 and brotli_weight >= gzip_weight:
        return BROTLI
    return GZIP if gzip_weight > 0 else IDENTITY


def _weight(parameters: str) -> float:
    name, _, value = parameters.partition("=")
    if name.strip() != "q":
        return 1.0
    try:
        return float(value)
    except ValueError:
        return 0.0


def is_compressible(content_type: str) -> bool:
    """Whether bytes of this type are text."""
    media_type = content_type.partition(";")[0].strip().lower()
    return media_type.startswith("text/") or media_type in _COMPRESSIBLE


def compress(body: bytes, encoding: str, *, is_kept: bool) -> bytes:
    """Return the body in this encoding: with care where it is kept, else as fast as it pays."""
    if encoding == BROTLI:
        return brotli.compress(body, mode=brotli.MODE_TEXT, quality=9 if is_kept else 4)
    if encoding == GZIP:
        return gzip.compress(body, compresslevel=9 if is_kept else 5, mtime=0)
    return body
