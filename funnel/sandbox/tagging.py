"""Tags: made by being used, compared without regard to case, kept as first written.

To Mailchimp a tag is a static segment; both names lead to the same record.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from funnel.sandbox import errors
from funnel.sandbox.state import TAG_ID_STEP, Audience, Member, Segment, State, TagLink

NAME_LENGTH = 100


def check_name(name: str, *, field: str) -> str:
    """The name without blanks around it; raises a Problem if a tag can't be called so."""
    name = name.strip()
    if not name:
        message = "This value should not be blank."
    elif len(name) > NAME_LENGTH:
        message = f"This value is too long. It should have {NAME_LENGTH} characters or less."
    else:
        return name
    raise errors.invalid_shape([errors.field_error(field, message)])


def tag_for(state: State, audience: Audience, name: str) -> Segment:
    """The tag of that name, made where there is none yet."""
    return audience.tag_named(name) or new_segment(state, audience, name)


def new_segment(
    state: State,
    audience: Audience,
    name: str,
    *,
    kind: str = "static",
    options: dict[str, object] | None = None,
) -> Segment:
    """A new tag or saved segment."""
    now = state.now()
    segment = Segment(
        id=audience.next_tag_id,
        name=name,
        created_at=now,
        updated_at=now,
        type=kind,
        options=options,
    )
    audience.next_tag_id += TAG_ID_STEP
    audience.segments[segment.id] = segment
    state.save_audience(audience)
    return segment


def carries(member: Member, tag_id: int) -> bool:
    """Whether the member has the tag now."""
    return any(link.tag_id == tag_id for link in member.tags)


def add_tags(
    state: State, audience: Audience, member: Member, names: Iterable[str], *, is_syncing: bool
) -> None:
    """Give the member these tags; those it has already are left as they are.

    The newest request's tags come first, in it the tags that return, last first, and then those
    that are new: the order recorded from the real service.
    """
    now = state.now()
    returning: list[TagLink] = []
    fresh: list[TagLink] = []
    for name in names:
        tag = tag_for(state, audience, name)
        if carries(member, tag.id) or any(link.tag_id == tag.id for link in returning + fresh):
            continue
        link = TagLink(tag.id, now, is_syncing)
        if tag.id in member.past_tags:
            returning.insert(0, link)
        else:
            fresh.append(link)
            member.past_tags.append(tag.id)
    member.tags = returning + fresh + member.tags


def remove_tags(audience: Audience, member: Member, names: Iterable[str]) -> bool:
    """Take these tags away where the member has them; true if there was one."""
    gone = {tag.id for name in names if (tag := audience.tag_named(name))}
    kept = [link for link in member.tags if link.tag_id not in gone]
    removed = len(kept) < len(member.tags)
    member.tags = kept
    return removed


def replace_tags(
    state: State, audience: Audience, member: Member, names: Sequence[str], *, is_syncing: bool
) -> None:
    """Leave the member with exactly these tags."""
    wanted = {name.casefold() for name in names}
    unwanted = [
        audience.segments[link.tag_id].name
        for link in member.tags
        if audience.segments[link.tag_id].name.casefold() not in wanted
    ]
    remove_tags(audience, member, unwanted)
    add_tags(state, audience, member, names, is_syncing=is_syncing)
