"""One person, one address: how an address is read, compared and remembered."""

import hashlib
import hmac
from dataclasses import dataclass

from disposable_email_domains import blocklist
from email_validator import EmailNotValidError, validate_email

from funnel.conf import address_hash_key


class InvalidAddressError(ValueError):
    """Not an address that a mail can be sent to; the message says what to do."""


@dataclass(frozen=True)
class Address:
    """An address as a person typed it, and the key under which it is the same as another."""

    typed: str
    key: str


def parse_address(text: str) -> Address:
    """Read an address, or raise `InvalidAddressError` with a sentence for the person who typed it.

    The key is lower-case with an ASCII (IDNA) domain, which is also what Mailchimp hashes. Dots
    and +tags stay: they are different mailboxes for all we know. The local part must be ASCII,
    because a look-alike letter would make a second person out of one.
    """
    try:
        valid = validate_email(
            text.strip(),
            allow_smtputf8=False,
            check_deliverability=False,
            test_environment=True,
            strict=True,
        )
    except EmailNotValidError as error:
        raise InvalidAddressError(
            "This does not look like a complete email address. Please check it, "
            "for example name@mail.com."
        ) from error
    return Address(
        typed=f"{valid.local_part}@{valid.domain}",
        key=f"{valid.local_part}@{valid.ascii_domain}".lower(),
    )


def address_hash(key: str) -> str:
    """Return the keyed hash (64 hex digits) by which a suppression outlives the address itself."""
    return hmac.new(address_hash_key(), key.encode(), hashlib.sha256).hexdigest()


def domain_of(key: str) -> str:
    """Return what stands behind the @ of an address’s key."""
    return key.rpartition("@")[2]


def mailbox_of(key: str) -> str:
    """Return the key without a +label: where a mail arrives, for what limits it.

    People are told apart by the whole key.
    """
    local, _, domain = key.rpartition("@")
    return f"{local.partition('+')[0] or local}@{domain}"


def is_disposable(key: str) -> bool:
    """Whether an address is from a provider of throw-away addresses, or a domain below one's."""
    labels = domain_of(key).split(".")
    return any(".".join(labels[start:]) in blocklist for start in range(len(labels) - 1))
