"""What a person does, as opposed to a program: confirm, leave, bounce, complain, come back.

These are the acts that no API call can make, and that a sync must bear.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from funnel.sandbox import memberships
from funnel.sandbox.state import Audience, Member, State


class ActRefused(Exception):
    """This member can't do that now; the text is for a person."""


@dataclass(frozen=True)
class Act:
    """One thing to do: its label on a button, what it means, and who can do it."""

    name: str
    label: str
    meaning: str
    from_statuses: frozenset[str]
    perform: Callable[[State, Audience, Member], None]


def do(state: State, audience: Audience, member: Member, name: str) -> None:
    """Carry the act out and keep it; the caller holds the state's lock and tells the webhooks."""
    act = ACTS.get(name)
    if act is None:
        raise ActRefused("There is no such act.")
    if member.status not in act.from_statuses:
        raise ActRefused(f"Somebody who is {member.status} can't do that.")
    act.perform(state, audience, member)
    member.last_changed = state.now()
    state.save_member(audience, member)
    state.commit()


def possible(member: Member) -> list[Act]:
    """What this member can do now."""
    return [act for act in ACTS.values() if member.status in act.from_statuses]


def _confirm(state: State, audience: Audience, member: Member) -> None:
    member.status = "subscribed"
    member.compliance = ""
    member.unsubscribe_reason = ""
    member.timestamp_opt = state.now()
    memberships.announce_joining(state, audience, member, source="user")


def _unsubscribe(state: State, audience: Audience, member: Member) -> None:
    member.status = "unsubscribed"
    member.compliance = "unsubscribed"
    member.unsubscribe_reason = "N/A (Did not specify)"
    memberships.announce_leaving(
        state, audience, member, source="user", action="unsub", reason="manual"
    )


def _complain(state: State, audience: Audience, member: Member) -> None:
    member.status = "unsubscribed"
    member.compliance = "complained"
    member.unsubscribe_reason = "SPAM"
    memberships.announce_leaving(
        state, audience, member, source="user", action="unsub", reason="abuse"
    )


def _bounce(state: State, audience: Audience, member: Member) -> None:
    member.status = "cleaned"
    member.compliance = "bounced"
    memberships.announce_bounce(state, audience, member, source="user")


def _sign_up(state: State, audience: Audience, member: Member) -> None:
    member.status = "pending"
    member.timestamp_signup = state.now()
    member.confirmations.append(state.now())


def _archive(state: State, audience: Audience, member: Member) -> None:
    memberships.archive(state, audience, member, source="admin")


ACTS = {
    act.name: act
    for act in (
        Act(
            "confirm",
            "Confirm",
            "The confirmation mail is opened and its button pressed.",
            frozenset({"pending"}),
            _confirm,
        ),
        Act(
            "unsubscribe",
            "Unsubscribe",
            "By the link at the end of a letter. After that no program may subscribe this address.",
            frozenset({"subscribed"}),
            _unsubscribe,
        ),
        Act(
            "bounce",
            "Let the address bounce",
            "A mail comes back for good: Mailchimp calls this contact cleaned.",
            frozenset({"subscribed", "pending"}),
            _bounce,
        ),
        Act(
            "complain",
            "Complain of spam",
            "By a mail program's spam button. After that no program may subscribe this address.",
            frozenset({"subscribed"}),
            _complain,
        ),
        Act(
            "sign_up",
            "Sign up again",
            "On Mailchimp's own form: pending until the confirmation mail is answered.",
            frozenset({"unsubscribed", "cleaned", "archived"}),
            _sign_up,
        ),
        Act(
            "archive",
            "Archive (as marketing)",
            "Somebody archives the contact in Mailchimp. Tags and fields stay.",
            frozenset({"subscribed", "unsubscribed", "transactional"}),
            _archive,
        ),
    )
}
