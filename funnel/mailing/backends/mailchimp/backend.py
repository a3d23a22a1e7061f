"""Members and tags in one Mailchimp audience."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cached_property
from typing import Any

from mailchimp_marketing.api_client import ApiClientError

from funnel.conf import funnel_setting
from funnel.mailing.base import (
    ConfigurationError,
    Health,
    MailingBackend,
    MailingError,
    Member,
    MemberStatus,
    Receipt,
    RemoteMember,
)

from .errors import is_not_found, translate
from .transport import make_client

FIRST_NAME_FIELD = "FNAME"
VIDEOS_LINK_FIELD = "VIDEOSLINK"
_FIELD_NAMES = {FIRST_NAME_FIELD: "First Name", VIDEOS_LINK_FIELD: "Link to the videos"}
_STATUSES = {
    "subscribed": MemberStatus.SUBSCRIBED,
    "unsubscribed": MemberStatus.UNSUBSCRIBED,
    "cleaned": MemberStatus.BOUNCED,
    "pending": MemberStatus.PENDING,
    "archived": MemberStatus.ARCHIVED,
}
# Mailchimp allows 255 bytes in a text field.
_MAX_TEXT_BYTES = 255


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except ApiClientError as error:
        raise translate(error) from None


class MailchimpBackend(MailingBackend):
    """The official SDK behind the house's interface. Safe to keep for a process's whole life."""

    @cached_property
    def _client(self) -> Any:
        api_key = str(funnel_setting("MAILCHIMP_API_KEY"))
        if not api_key:
            raise ConfigurationError(
                "No Mailchimp key is set, so leads wait here. Set MAILCHIMP_API_KEY."
            )
        return make_client(api_key=api_key, api_url=str(funnel_setting("MAILCHIMP_API_URL")))

    @cached_property
    def _audience_id(self) -> str:
        configured = str(funnel_setting("MAILCHIMP_AUDIENCE_ID"))
        if configured:
            return configured
        with _translated():
            audiences = self._client.lists.get_all_lists(count=2, fields=["lists.id"])["lists"]
        if len(audiences) != 1:
            raise ConfigurationError(
                "This Mailchimp account has more than one audience, or none. "
                "Set MAILCHIMP_AUDIENCE_ID to the one this site should use."
            )
        return str(audiences[0]["id"])

    @cached_property
    def _known_fields(self) -> set[str]:
        """The audience's fields by their tags, asked for once per process."""
        with _translated():
            known = self._client.lists.get_list_merge_fields(self._audience_id, count=1000)
        return {str(field["tag"]) for field in known["merge_fields"]}

    def _ensure_field(self, tag: str) -> None:
        """Make a field where the audience lacks it.

        Mailchimp ignores a value for a field it doesn't have, without a word.
        """
        if tag in self._known_fields:
            return
        with _translated():
            self._client.lists.add_list_merge_field(
                self._audience_id,
                {"name": _FIELD_NAMES[tag], "type": "text", "tag": tag, "public": False},
            )
        self._known_fields.add(tag)

    def announce(self, *, member: Member) -> Receipt:
        """Put the member as subscribed; see the interface."""
        return self._put(member, {"status": "subscribed", **_consent_times(member)})

    def update(self, *, member: Member) -> Receipt:
        """Put the member's facts without a status; see the interface."""
        return self._put(member, {})

    def unsubscribe(self, *, address: str) -> Receipt:
        """Patch the member's status; one that Mailchimp has never seen is left unseen."""
        client, audience_id = self._client, self._audience_id
        try:
            answer = client.lists.update_list_member(
                audience_id, _member_hash(address), {"status": "unsubscribed"}
            )
        except ApiClientError as error:
            if is_not_found(error):
                self._require_audience()
                return Receipt(status=404, fields=("status",))
            raise translate(error) from None
        return Receipt(status=200, fields=("status",), member=_remote(answer))

    def set_tags(
        self, *, address: str, add: frozenset[str], remove: frozenset[str], starts_journeys: bool
    ) -> Receipt:
        """Use the tags endpoint, the only one that can keep quiet towards journeys."""
        tags = [{"name": name, "status": "inactive"} for name in sorted(remove - add)]
        tags += [{"name": name, "status": "active"} for name in sorted(add)]
        with _translated():
            self._client.lists.update_list_member_tags(
                self._audience_id,
                _member_hash(address),
                {"tags": tags, "is_syncing": not starts_journeys},
            )
        return Receipt(status=204, fields=("tags",))

    def read(self, *, address: str) -> RemoteMember | None:
        """Get the member by its hash; see the interface."""
        client, audience_id = self._client, self._audience_id
        try:
            answer = client.lists.get_list_member(audience_id, _member_hash(address))
        except ApiClientError as error:
            if is_not_found(error):
                self._require_audience()
                return None
            raise translate(error) from None
        return _remote(answer)

    def erase(self, *, address: str) -> None:
        """Delete permanently; Mailchimp then refuses to take the address back from an import."""
        client, audience_id = self._client, self._audience_id
        try:
            client.lists.delete_list_member_permanent(audience_id, _member_hash(address))
        except ApiClientError as error:
            if not is_not_found(error):
                raise translate(error) from None
            self._require_audience()

    def health(self) -> Health:
        """Ask for the audience, which needs a good key and a good audience id."""
        try:
            with _translated():
                audience = self._client.lists.get_list(self._audience_id, fields=["name"])
        except MailingError as error:
            return Health(ok=False, reason=error.advice)
        return Health(ok=True, reason=f"Connected to the audience “{audience['name']}”.")

    def _require_audience(self) -> None:
        """Tell a member that is not there from an audience that is not: Mailchimp's 404 does not.

        Raises `ConfigurationError` for the latter, so that nobody counts as gone who is not.
        """
        with _translated():
            self._client.lists.get_list(self._audience_id, fields=["id"])

    def _put(self, member: Member, extra: dict[str, str]) -> Receipt:
        body: dict[str, Any] = {
            "email_address": member.address,
            "status_if_new": "subscribed" if member.may_be_mailed else "unsubscribed",
            **extra,
        }
        values = {
            FIRST_NAME_FIELD: _shortened(member.first_name),
            VIDEOS_LINK_FIELD: member.videos_link,
        }
        merge_fields = {tag: value for tag, value in values.items() if value}
        for tag in merge_fields:
            self._ensure_field(tag)
        if merge_fields:
            body["merge_fields"] = merge_fields
        with _translated():
            answer = self._client.lists.set_list_member(
                self._audience_id, _member_hash(member.address), body
            )
        fields = sorted(set(body) - {"merge_fields"} | set(body.get("merge_fields", ())))
        return Receipt(status=200, fields=tuple(fields), member=_remote(answer))


def _member_hash(address: str) -> str:
    return hashlib.md5(address.lower().encode(), usedforsecurity=False).hexdigest()


def _consent_times(member: Member) -> dict[str, str]:
    times = {"timestamp_signup": member.signed_up_at, "timestamp_opt": member.confirmed_at}
    return {
        name: moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        for name, moment in times.items()
        if moment is not None
    }


def _shortened(text: str) -> str:
    return text.encode()[:_MAX_TEXT_BYTES].decode(errors="ignore")


def _remote(answer: Any) -> RemoteMember:
    changed = str(answer.get("last_changed") or "")
    return RemoteMember(
        status=_STATUSES.get(answer.get("status"), MemberStatus.OTHER),
        changed_at=datetime.fromisoformat(changed) if changed else None,
    )
