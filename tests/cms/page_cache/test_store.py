"""The store holds what it may hold, and lets go of what was not asked for."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cms.page_cache.encodings import preferred_encoding
from cms.page_cache.keys import Key
from cms.page_cache.store import Answer, PageStore
from tests.cms.page_cache.visitors import Clock

HTML = [("Content-Type", "text/html; charset=utf-8")]


def key(path: str) -> Key:
    return Key(False, "localhost", "", path, "")


def answer(size: int) -> Answer:
    return Answer(headers=HTML, body=bytes(range(256)) * (size // 256))


def test_the_least_recently_used_page_goes_first() -> None:
    store = PageStore(max_bytes=60_000, clock=Clock())
    for path in ("a", "b"):
        store.put(key(path), answer(20_480), generation=1)
    assert store.get(key("a"), generation=1, encoding="identity")
    store.put(key("c"), answer(20_480), generation=1)
    assert [each.path for each in store] == ["a", "c"]


@given(st.lists(st.tuples(st.sampled_from("abcdef"), st.integers(0, 40_000)), max_size=30))
def test_it_never_holds_more_than_it_may(puts: list[tuple[str, int]]) -> None:
    store = PageStore(max_bytes=50_000, clock=Clock())
    for path, size in puts:
        store.put(key(path), answer(size), generation=1)
        store.get(key(path), generation=1, encoding="br")
        assert 0 <= store.bytes <= 50_000
    store.clear()
    assert (store.bytes, len(store)) == (0, 0)


def test_compressed_bytes_count_too() -> None:
    store = PageStore(max_bytes=100_000, clock=Clock())
    store.put(key("a"), answer(20_480), generation=1)
    before = store.bytes
    found = store.get(key("a"), generation=1, encoding="br")
    assert found is not None
    store.get(key("a"), generation=1, encoding="identity")
    assert store.bytes == before + len(found.body)


def test_another_generation_finds_nothing() -> None:
    store = PageStore(max_bytes=100_000, clock=Clock())
    store.put(key("a"), answer(256), generation=1)
    assert store.get(key("a"), generation=2, encoding="identity") is None


@pytest.mark.parametrize(
    ("header", "encoding"),
    [
        ("gzip, deflate, br, zstd", "br"),
        ("gzip", "gzip"),
        ("", "identity"),
        ("identity", "identity"),
        ("br;q=0, gzip", "gzip"),
        ("br;q=0.1, gzip;q=0.9", "gzip"),
        ("BR", "br"),
        ("*", "identity"),
        ("br;q=x, gzip;q=0", "identity"),
    ],
)
def test_the_encoding_a_browser_likes_best(header: str, encoding: str) -> None:
    assert preferred_encoding(header) == encoding


@given(st.text(max_size=60))
def test_any_header_names_an_encoding(header: str) -> None:
    assert preferred_encoding(header) in {"br", "gzip", "identity"}
