"""One person, one address."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from funnel.addresses import (
    InvalidAddressError,
    address_hash,
    is_disposable,
    mailbox_of,
    parse_address,
)


@pytest.mark.parametrize(
    ("typed", "key"),
    [
        ("ada@mail.test", "ada@mail.test"),
        (" Ada.Byron@MAIL.test ", "ada.byron@mail.test"),
        ("ada+videos@mail.test", "ada+videos@mail.test"),
        ("ada@bücher.test", "ada@xn--bcher-kva.test"),
        ("o'hara@mail.test", "o'hara@mail.test"),
    ],
)
def test_a_key_is_what_makes_two_spellings_one(typed: str, key: str) -> None:
    assert parse_address(typed).key == key


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "ada",
        "ada@",
        "@mail.test",
        "ada@mail",
        "ada@@mail.test",
        "ada @mail.test",
        "ada@mail..test",
        "\u212aada@mail.test",
        "ada@ma\u200bil.test",
        "ada%0d@mail.test\r\nBcc: x@y.test",
        f"{'a' * 65}@mail.test",
        "zoë@mail.test",
        "ada@mail.test\x00",
        "Ada <ada@mail.test>",
    ],
)
def test_what_is_no_address_is_refused_with_a_sentence(typed: str) -> None:
    with pytest.raises(InvalidAddressError, match="Please check it"):
        parse_address(typed)


@given(st.text(max_size=80))
def test_any_text_is_an_address_or_a_sentence(typed: str) -> None:
    try:
        address = parse_address(typed)
    except InvalidAddressError:
        return
    assert address.key.isascii()
    assert parse_address(address.key).key == address.key
    assert parse_address(address.typed).key == address.key


def test_a_hash_is_keyed(settings: object) -> None:
    first = address_hash("ada@mail.test")
    settings.FUNNEL = {**settings.FUNNEL, "ADDRESS_HASH_KEY": "another"}  # type: ignore[attr-defined]
    assert address_hash("ada@mail.test") != first


@pytest.mark.parametrize(
    ("key", "mailbox"),
    [
        ("ada@mail.test", "ada@mail.test"),
        ("ada+videos@mail.test", "ada@mail.test"),
        ("ada+a+b@mail.test", "ada@mail.test"),
        ("+ada@mail.test", "+ada@mail.test"),
        ("a.da@mail.test", "a.da@mail.test"),
    ],
)
def test_a_label_makes_no_mailbox(key: str, mailbox: str) -> None:
    assert mailbox_of(key) == mailbox


@pytest.mark.parametrize(
    ("key", "flag"),
    [
        ("ada@mailinator.com", True),
        ("ada@any.mailinator.com", True),
        ("ada@mailinator.com.mail.test", False),
        ("mailinator.com@mail.test", False),
    ],
)
def test_a_throw_away_provider_is_known(key: str, flag: bool) -> None:
    assert is_disposable(key) is flag
