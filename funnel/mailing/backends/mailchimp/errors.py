"""Mailchimp's answers, translated into the house's errors in one place.

Mailchimp has no finer code than a title; the table is that of its error glossary and of recorded
answers.
"""

import json

from mailchimp_marketing.api_client import ApiClientError

from funnel.mailing.base import (
    ConfigurationError,
    MailingError,
    RefusedError,
    ServiceError,
    ThrottledError,
    UnreachableError,
)

_REFUSALS = {
    "Member In Compliance State": (
        "Mailchimp refuses this address because the person left or a mail bounced there. "
        "Only the person can come back, through Mailchimp’s own sign-up form."
    ),
    "Forgotten Email Not Subscribed": (
        "This address was permanently deleted in Mailchimp. "
        "Only the person can come back, through Mailchimp’s own sign-up form."
    ),
}


def translate(error: ApiClientError) -> MailingError:
    """Return the house's error for what the SDK raised; the values sent are not repeated in it."""
    status = error.status_code
    if status is None:
        return UnreachableError("Mailchimp did not answer. It will be tried again.")
    problem = _problem(error)
    title = str(problem.get("title") or "")[:200]
    details = {"status": status, "title": title}
    if status == 429 or (status == 403 and problem.get("empty")):
        return ThrottledError("Mailchimp asks us to slow down.", **details)
    if status == 401:
        return ConfigurationError(
            "Mailchimp does not accept the API key. Check MAILCHIMP_API_KEY.", **details
        )
    if status == 403:
        return ConfigurationError(
            "Mailchimp does not allow this to our key. Check its permissions.", **details
        )
    if status == 404:
        return ConfigurationError(
            "Mailchimp does not know this audience. Check MAILCHIMP_AUDIENCE_ID.", **details
        )
    if status >= 500 or 300 <= status < 400:
        return ServiceError("Mailchimp had a problem on its side.", **details)
    if title in _REFUSALS:
        return RefusedError(_REFUSALS[title], **details)
    if "looks fake or invalid" in str(problem.get("detail")):
        return RefusedError(
            "Mailchimp takes this address for a made-up one and will not keep it. "
            "Ask the person for another.",
            **details,
        )
    if "signed up to a lot of lists very recently" in str(problem.get("detail")):
        return ThrottledError("Mailchimp wants a pause before adding this address.", **details)
    return RefusedError(
        f"Mailchimp refused this member: {title or f'error {status}'}. "
        "Check the address with the person, then have it tried again (manage.py funnel_retry).",
        **details,
    )


def is_not_found(error: ApiClientError) -> bool:
    """Whether Mailchimp says that what a path names is not there."""
    return bool(error.status_code == 404)


def _problem(error: ApiClientError) -> dict[str, object]:
    problem = error.text
    if isinstance(problem, str):
        try:
            problem = json.loads(problem)
        except ValueError:
            problem = {}
    return problem if isinstance(problem, dict) else {}
