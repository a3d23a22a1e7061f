"""A mail service in memory, for tests and for a host that has none yet.

It subclasses the real interface and keeps a state that can be asserted.
"""

from dataclasses import dataclass, field
from datetime import datetime

from funnel.mailing.base import (
    Health,
    MailingBackend,
    MailingError,
    Member,
    MemberStatus,
    Receipt,
    RemoteMember,
)


@dataclass
class StoredMember:
    """One member as the service would keep it."""

    address: str
    status: MemberStatus
    first_name: str = ""
    videos_link: str = ""
    tags: set[str] = field(default_factory=set)
    confirmed_at: datetime | None = None
    changed_at: datetime | None = None


@dataclass
class LocmemService:
    """The state all backends of one process share; `failures` are raised before the next calls.

    `started_journeys` lists (address, tag) for every tag that could have started one.
    """

    members: dict[str, StoredMember] = field(default_factory=dict)
    started_journeys: list[tuple[str, str]] = field(default_factory=list)
    announced: list[str] = field(default_factory=list)
    failures: list[MailingError] = field(default_factory=list)

    def reset(self) -> None:
        """Forget everything, as a test begins."""
        self.__init__()  # type: ignore[misc]


service = LocmemService()


class LocmemBackend(MailingBackend):
    """The interface over `service`."""

    def _begin(self) -> None:
        if service.failures:
            raise service.failures.pop(0)

    def announce(self, *, member: Member) -> Receipt:
        """See the interface."""
        self._begin()
        service.announced.append(member.address)
        stored = self._stored(member, MemberStatus.SUBSCRIBED)
        stored.status = MemberStatus.SUBSCRIBED
        stored.confirmed_at = member.confirmed_at
        return self._receipt(stored, ("status", "first_name", "confirmed_at"))

    def update(self, *, member: Member) -> Receipt:
        """See the interface."""
        self._begin()
        unseen = MemberStatus.SUBSCRIBED if member.may_be_mailed else MemberStatus.UNSUBSCRIBED
        return self._receipt(self._stored(member, unseen), ("first_name",))

    def unsubscribe(self, *, address: str) -> Receipt:
        """See the interface."""
        self._begin()
        stored = service.members.get(address.lower())
        if stored is None:
            return Receipt(status=404, fields=("status",))
        stored.status = MemberStatus.UNSUBSCRIBED
        return self._receipt(stored, ("status",))

    def set_tags(
        self, *, address: str, add: frozenset[str], remove: frozenset[str], starts_journeys: bool
    ) -> Receipt:
        """See the interface."""
        self._begin()
        stored = service.members[address.lower()]
        if starts_journeys:
            service.started_journeys += [(address, tag) for tag in sorted(add - stored.tags)]
        stored.tags = (stored.tags | add) - remove
        return Receipt(status=204, fields=("tags",))

    def read(self, *, address: str) -> RemoteMember | None:
        """See the interface."""
        self._begin()
        stored = service.members.get(address.lower())
        if stored is None:
            return None
        return RemoteMember(status=stored.status, changed_at=stored.changed_at)

    def erase(self, *, address: str) -> None:
        """See the interface."""
        self._begin()
        service.members.pop(address.lower(), None)

    def health(self) -> Health:
        """See the interface."""
        return Health(ok=True, reason="Mail goes to a service in this process’s memory.")

    @staticmethod
    def _stored(member: Member, unseen: MemberStatus) -> StoredMember:
        stored = service.members.setdefault(
            member.address.lower(), StoredMember(address=member.address, status=unseen)
        )
        stored.first_name = member.first_name or stored.first_name
        stored.videos_link = member.videos_link or stored.videos_link
        return stored

    @staticmethod
    def _receipt(stored: StoredMember, fields: tuple[str, ...]) -> Receipt:
        remote = RemoteMember(status=stored.status, changed_at=stored.changed_at)
        return Receipt(status=200, fields=fields, member=remote)
