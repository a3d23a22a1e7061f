"""What the sandbox knows: audiences, members, tags, merge fields, webhooks, batches.

Plain records and a lock. Rules live elsewhere; whoever changes a record says so with one of the
``save_…`` methods, and ``commit`` hands all that changed to the store at once.

Times are text in Mailchimp's form, ``2026-01-31T12:00:00+00:00``, and ``""`` where unset.
"""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from typing import Any, Protocol

DEFAULT_AUDIENCE_ID = "5a4d8b0c21"
# Arbitrary, as any first number is: taken from a conversation recorded with the real service, so
# that replaying it needs no exception for the ids of tags.
FIRST_TAG_ID = 4788452
TAG_ID_STEP = 4

Key = tuple[str, str, str]


@dataclass
class TagLink:
    """That a member carries a tag: since when, and whether it was added without automations."""

    tag_id: int
    date_added: str
    is_syncing: bool = False


@dataclass
class Member:
    """One contact of one audience.

    ``compliance`` is empty, or why only the person can undo it: unsubscribed, bounced, complained.
    ``confirmations`` are the times at which Mailchimp would have mailed a confirmation link.
    ``tags`` is in the order in which Mailchimp lists them; ``past_tags`` were carried once.
    """

    email: str
    contact_id: str
    web_id: int
    status: str
    last_changed: str
    created: str
    source: str = "API - Generic"
    email_type: str = "html"
    merge_values: dict[str, Any] = field(default_factory=dict)
    interests: dict[str, bool] = field(default_factory=dict)
    permissions: dict[str, bool] = field(default_factory=dict)
    tags: list[TagLink] = field(default_factory=list)
    past_tags: list[int] = field(default_factory=list)
    events: list[dict[str, Any]] = field(default_factory=list)
    confirmations: list[str] = field(default_factory=list)
    compliance: str = ""
    unsubscribe_reason: str = ""
    ip_signup: str = ""
    ip_opt: str = ""
    timestamp_signup: str = ""
    timestamp_opt: str = ""
    language: str = ""
    vip: bool = False
    latitude: float = 0
    longitude: float = 0

    @property
    def id(self) -> str:
        """What the member is called in paths; changes with the address."""
        return subscriber_hash(self.email)

    @classmethod
    def from_json(cls, record: dict[str, Any]) -> Member:
        """Read what ``dataclasses.asdict`` wrote."""
        tags = [TagLink(**link) for link in record.pop("tags")]
        return cls(**record, tags=tags)


@dataclass
class MergeField:
    """A column of the audience; members keep its value under ``tag``."""

    merge_id: int
    tag: str
    name: str
    type: str
    required: bool = False
    default_value: str = ""
    public: bool = True
    display_order: int = 0
    help_text: str = ""
    options: dict[str, Any] = field(default_factory=dict)


@dataclass
class Segment:
    """A tag (``static``), or a saved set of conditions (``saved``)."""

    id: int
    name: str
    created_at: str
    updated_at: str
    type: str = "static"
    options: dict[str, Any] | None = None


@dataclass
class Webhook:
    """An address that wants to be told; ``disabled`` once it answered 410."""

    id: str
    url: str
    events: dict[str, bool]
    sources: dict[str, bool]
    disabled: bool = False


@dataclass
class Audience:
    """One list, its columns, tags and members."""

    id: str
    name: str
    date_created: str
    web_id: int = 1
    double_optin: bool = False
    permissions: dict[str, str] = field(default_factory=dict)
    merge_fields: list[MergeField] = field(default_factory=list)
    segments: dict[int, Segment] = field(default_factory=dict)
    webhooks: list[Webhook] = field(default_factory=list)
    forgotten: set[str] = field(default_factory=set)
    next_tag_id: int = FIRST_TAG_ID
    next_merge_id: int = 1
    next_web_id: int = 100000001
    next_webhook: int = 1
    members: dict[str, Member] = field(default_factory=dict)

    @classmethod
    def from_json(cls, record: dict[str, Any]) -> Audience:
        """Read what ``audience_record`` wrote."""
        return cls(
            **{
                **record,
                "merge_fields": [MergeField(**item) for item in record["merge_fields"]],
                "segments": {item["id"]: Segment(**item) for item in record["segments"]},
                "webhooks": [Webhook(**item) for item in record["webhooks"]],
                "forgotten": set(record["forgotten"]),
            }
        )

    def merge_field(self, tag: str) -> MergeField | None:
        """The column called ``tag``, if there is one."""
        return next((item for item in self.merge_fields if item.tag == tag), None)

    def tag_named(self, name: str) -> Segment | None:
        """The tag of that name; names differ by more than case."""
        folded = name.casefold()
        return next(
            (
                segment
                for segment in self.segments.values()
                if segment.type == "static" and segment.name.casefold() == folded
            ),
            None,
        )


@dataclass
class Batch:
    """Operations that run after they were accepted; ``results`` is what came of each."""

    id: str
    submitted_at: str
    operations: list[dict[str, Any]]
    status: str = "pending"
    completed_at: str = ""
    errored: int = 0
    results: list[dict[str, Any]] = field(default_factory=list)


@dataclass(frozen=True)
class Happening:
    """Something a webhook may want to know: from whom it came, and what to tell."""

    audience_id: str
    source: str
    type: str
    fired_at: str
    data: dict[str, Any]


class Keeper(Protocol):
    """Where records survive a restart; ``None`` as a record means that it is gone."""

    def load(self) -> list[tuple[Key, dict[str, Any]]]: ...

    def save(self, records: dict[Key, dict[str, Any] | None]) -> None: ...

    def close(self) -> None: ...


def subscriber_hash(address: str) -> str:
    """Mailchimp's id of a member: md5 of the lower-case address."""
    return hashlib.md5(address.lower().encode(), usedforsecurity=False).hexdigest()


def derived_id(*parts: object, length: int) -> str:
    """A stable hexadecimal id, made of what it identifies."""
    text = "/".join(str(part) for part in parts)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:length]


def as_timestamp(moment: datetime) -> str:
    """A moment in Mailchimp's form, to the second, in UTC."""
    return moment.astimezone(UTC).replace(microsecond=0).isoformat()


def audience_record(audience: Audience) -> dict[str, Any]:
    """The audience without its members, which are kept one by one."""
    record = {name: value for name, value in vars(audience).items() if name not in _KEPT_APART}
    record["merge_fields"] = [asdict(item) for item in audience.merge_fields]
    record["segments"] = [asdict(item) for item in audience.segments.values()]
    record["webhooks"] = [asdict(item) for item in audience.webhooks]
    record["forgotten"] = sorted(audience.forgotten)
    return record


_KEPT_APART = frozenset({"members"})


class State:
    """All records, under one lock that whoever reads or changes them holds."""

    def __init__(
        self,
        *,
        clock: Callable[[], datetime],
        keeper: Keeper | None = None,
        audience_id: str = DEFAULT_AUDIENCE_ID,
        audience_name: str = "Letters",
    ) -> None:
        self.lock = threading.RLock()
        self.audiences: dict[str, Audience] = {}
        self.batches: dict[str, Batch] = {}
        self.outgoing: list[Happening] = []
        self._clock = clock
        self._keeper = keeper
        self._changed: dict[Key, dict[str, Any] | None] = {}
        self._load()
        if audience_id not in self.audiences:
            audience = Audience(
                id=audience_id,
                name=audience_name,
                date_created=self.now(),
                permissions={derived_id(audience_id, "permission", length=10): "Email"},
            )
            self.audiences[audience_id] = audience
            self.save_audience(audience)
            self.commit()

    def now(self) -> str:
        """The present time in Mailchimp's form."""
        return as_timestamp(self._clock())

    def save_audience(self, audience: Audience) -> None:
        """Note that the audience itself changed, its tags or columns included."""
        self._changed["audience", audience.id, ""] = audience_record(audience)

    def save_member(self, audience: Audience, member: Member) -> None:
        """Put the member under its present address and note that it changed."""
        audience.members[member.id] = member
        self._changed["member", audience.id, member.id] = asdict(member)

    def drop_member(self, audience: Audience, member_id: str) -> None:
        """Take the member away from under that id."""
        audience.members.pop(member_id, None)
        self._changed["member", audience.id, member_id] = None

    def save_batch(self, batch: Batch) -> None:
        """Note that the batch changed."""
        self.batches[batch.id] = batch
        self._changed["batch", "", batch.id] = asdict(batch)

    def drop_batch(self, batch_id: str) -> None:
        """Take the batch away."""
        self.batches.pop(batch_id, None)
        self._changed["batch", "", batch_id] = None

    def announce(self, audience: Audience, *, source: str, kind: str, data: dict[str, Any]) -> None:
        """Note something for the audience's webhooks; sent once it is on disk."""
        self.outgoing.append(Happening(audience.id, source, kind, self.now(), data))

    def take_outgoing(self) -> list[Happening]:
        """What was announced since the last call."""
        taken, self.outgoing = self.outgoing, []
        return taken

    def commit(self) -> None:
        """Keep all that changed since the last commit, in one step."""
        changed, self._changed = self._changed, {}
        if changed and self._keeper is not None:
            self._keeper.save(changed)

    def close(self) -> None:
        """Keep what is left and let go of the file."""
        with self.lock:
            self.commit()
            if self._keeper is not None:
                self._keeper.close()

    def _load(self) -> None:
        records = self._keeper.load() if self._keeper is not None else []
        for (kind, _, key), record in records:
            if kind == "audience":
                audience = Audience.from_json(record)
                self.audiences[audience.id] = audience
            elif kind == "batch":
                self.batches[key] = Batch(**record)
        for (kind, audience_id, key), record in records:
            if kind == "member":
                self.audiences[audience_id].members[key] = Member.from_json(record)
