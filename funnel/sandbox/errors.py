"""The errors Mailchimp answers, in its own words.

Callers can tell errors apart only by title and text, so the wording is part of the contract.
"""

from __future__ import annotations

from collections.abc import Sequence

ERROR_TYPE = "https://mailchimp.com/developer/marketing/docs/errors/"


class Problem(Exception):
    """An answer other than success: status, title and detail, and per-field errors where given.

    ``allow`` is the value of the ``Allow`` header of a 405.
    """

    def __init__(
        self,
        status: int,
        title: str,
        detail: str,
        *,
        errors: Sequence[dict[str, str]] = (),
        allow: str = "",
    ) -> None:
        super().__init__(f"{status} {title}: {detail}")
        self.status = status
        self.title = title
        self.detail = detail
        self.errors = list(errors)
        self.allow = allow

    def as_json(self, *, instance: str) -> dict[str, object]:
        """The problem document; ``instance`` repeats the request's id, as Mailchimp does."""
        document: dict[str, object] = {
            "type": ERROR_TYPE,
            "title": self.title,
            "status": self.status,
            "detail": self.detail,
            "instance": instance,
        }
        if self.errors:
            document["errors"] = self.errors
        return document


def invalid(detail: str, errors: Sequence[dict[str, str]] = ()) -> Problem:
    """A request that is understood and refused."""
    return Problem(400, "Invalid Resource", detail, errors=errors)


def invalid_shape(errors: Sequence[dict[str, str]]) -> Problem:
    """A body whose fields are missing or of the wrong kind."""
    return invalid(
        "The resource submitted could not be validated. "
        "For field-specific details, see the 'errors' array.",
        errors,
    )


def field_error(field: str, message: str) -> dict[str, str]:
    """One entry of a problem's ``errors``."""
    return {"field": field, "message": message}


def invalid_merge_fields(errors: Sequence[dict[str, str]]) -> Problem:
    """Merge values that their fields don't accept."""
    return invalid("Your merge fields were invalid.", errors)


def not_an_address() -> Problem:
    """Something that is no address at all."""
    return invalid("Please provide a valid email address.")


def fake_address(address: str) -> Problem:
    """An address that nobody can have."""
    return invalid(f"{address} looks fake or invalid, please enter a real email address.")


def member_exists(address: str) -> Problem:
    """The address is taken, by this contact or another."""
    return Problem(
        400,
        "Member Exists",
        f"{address} is already a list member. Use PUT to insert or update list members.",
    )


def in_compliance_state(address: str) -> Problem:
    """The person left or bounced, and only she can come back, by confirming."""
    return Problem(
        400,
        "Member In Compliance State",
        f"{address} is in a compliance state due to unsubscribe, bounce, or compliance review "
        "and cannot be subscribed.",
    )


def forgotten(address: str) -> Problem:
    """The contact was deleted for good and may not be added by a program."""
    return Problem(
        400,
        "Forgotten Email Not Subscribed",
        f"{address} was permanently deleted and cannot be re-imported. "
        "The contact must re-subscribe to get back on the list.",
    )


def not_found() -> Problem:
    """No such list, member, field, tag or path: Mailchimp does not say which."""
    return Problem(404, "Resource Not Found", "The requested resource could not be found.")


def not_removable() -> Problem:
    """A contact that can't be archived, or is already."""
    return Problem(
        405,
        "Method Not Allowed",
        "This list member cannot be removed. "
        "Can not archive a contact that is bounced, pending or archived",
        allow="GET, PUT",
    )


def method_not_allowed(allow: Sequence[str]) -> Problem:
    """The path exists, the method does not."""
    return Problem(
        405,
        "Method Not Allowed",
        "The requested method and resource are not compatible. "
        "See the Allow header for this resource's available methods.",
        allow=", ".join(allow),
    )


def invalid_key() -> Problem:
    """No key, or one that can't be a key."""
    return Problem(
        401,
        "API Key Invalid",
        "Your API key may be invalid, or you've attempted to access the wrong datacenter.",
    )


def unreadable_json() -> Problem:
    """A body that is not JSON."""
    return Problem(
        400,
        "JSON Parse Error",
        "We encountered an unspecified JSON parsing error. This error occurs when your JSON is "
        "formatted incorrectly, such as missing commas or mismatched quotes.",
    )


def too_many_connections() -> Problem:
    """More requests in flight for one key than Mailchimp allows."""
    return Problem(
        429, "Too Many Requests", "You have exceeded the limit of 10 simultaneous connections."
    )


def too_many_batches() -> Problem:
    """More unfinished batches than Mailchimp allows."""
    return Problem(429, "Too Many Requests", "You have more than 500 pending batches.")
