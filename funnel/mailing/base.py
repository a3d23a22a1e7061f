"""What every mail service must be able to do, and the ways it can fail.

The vocabulary is a mail service's: members and tags. Leads and consents are not known here.
"""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class MemberStatus(StrEnum):
    """A member's standing at the mail service, in one set of words for every vendor."""

    SUBSCRIBED = "subscribed"
    UNSUBSCRIBED = "unsubscribed"
    BOUNCED = "bounced"
    PENDING = "pending"
    ARCHIVED = "archived"
    OTHER = "other"


@dataclass(frozen=True, kw_only=True)
class Member:
    """What the mail service should know about one address.

    `first_name` may be empty, which leaves what is there; so may `videos_link`, which is for mails
    that the service sends itself. `may_be_mailed` decides how an address the service has not seen
    yet is entered; it never changes one that it has.
    """

    address: str
    first_name: str
    signed_up_at: datetime
    confirmed_at: datetime | None
    may_be_mailed: bool
    videos_link: str = ""


@dataclass(frozen=True, kw_only=True)
class RemoteMember:
    """What the mail service says about an address now."""

    status: MemberStatus
    changed_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class Receipt:
    """An answer worth keeping: its HTTP status, and which fields went out, by name."""

    status: int
    fields: tuple[str, ...]
    member: RemoteMember | None = None


@dataclass(frozen=True, kw_only=True)
class Health:
    """Whether the service can be reached with this site's key; the reason is a sentence."""

    ok: bool
    reason: str


class MailingError(Exception):
    """A call that did not do what it should; `advice` is a sentence for a person.

    `status` and `title` are the service's own words for the log of attempts, without any value.
    """

    def __init__(self, advice: str, *, status: int | None = None, title: str = "") -> None:
        super().__init__(advice)
        self.advice = advice
        self.status = status
        self.title = title


class UnreachableError(MailingError):
    """No answer. Whether the call was carried out is not known."""


class ThrottledError(MailingError):
    """The service asks for patience; nothing is wrong."""


class ServiceError(MailingError):
    """The service failed on its side; trying later may help."""


class ConfigurationError(MailingError):
    """This site's key or audience is wrong; trying again helps once a person has mended it."""


class RefusedError(MailingError):
    """The service refuses this member as it is; only a person can change that."""


class MailingBackend(ABC):
    """One mail service. Calls are blocking and bounded in time, and raise only `MailingError`."""

    @abstractmethod
    def announce(self, *, member: Member) -> Receipt:
        """Enter a member whose confirmed consent is new: subscribed, whatever was there before."""

    @abstractmethod
    def update(self, *, member: Member) -> Receipt:
        """Enter a member's facts, and leave the standing of an existing one untouched."""

    @abstractmethod
    def unsubscribe(self, *, address: str) -> Receipt:
        """Mark an existing member as gone; an address that is not there stays not there."""

    @abstractmethod
    def set_tags(
        self, *, address: str, add: frozenset[str], remove: frozenset[str], starts_journeys: bool
    ) -> Receipt:
        """Add and remove tags by name; every other tag stays."""

    @abstractmethod
    def read(self, *, address: str) -> RemoteMember | None:
        """Return what the service knows about an address; None where it knows nothing."""

    @abstractmethod
    def erase(self, *, address: str) -> None:
        """Delete an address and its history for good; one that is not there is erased already."""

    @abstractmethod
    def health(self) -> Health:
        """Ask the service whether this site's key and audience are well."""
