"""What the pages for people show; ``pages`` decides which one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from funnel.sandbox.deliveries import Delivery
from funnel.sandbox.journal import Entry
from funnel.sandbox.markup import Markup, el, join
from funnel.sandbox.people import possible
from funnel.sandbox.resources import full_name, shown_values, unique_email_id
from funnel.sandbox.state import Audience, Member, Segment

MEMBERS_PER_PAGE = 100
STATUSES = ("subscribed", "pending", "unsubscribed", "cleaned", "archived", "transactional")
PROMISE = "A stand-in for Mailchimp on this machine. Nothing leaves it."
_NOTHING = "–"


def page(title: str, *content: Markup, current: str = "", here: str = "/") -> str:
    """A whole document; ``current`` names the entry of the menu that this is."""
    places = (("/", "Members"), ("/tags", "Tags"), ("/requests", "Requests"))
    menu = [
        el("a", label, href=path, **({"aria_current": "page"} if label == current else {}))
        for path, label in places
    ]
    document = el(
        "html",
        el(
            "head",
            el("meta", charset="utf-8"),
            el("meta", name="viewport", content="width=device-width, initial-scale=1"),
            el("meta", name="robots", content="noindex"),
            el("title", f"{title} – Mailchimp sandbox"),
            el("link", rel="stylesheet", href="/style.css"),
        ),
        el(
            "body",
            el("a", "Skip to the content", href="#content", class_="skip"),
            el(
                "header",
                el(
                    "div",
                    el("p", "Mailchimp sandbox", class_="name"),
                    el("p", PROMISE, class_="promise"),
                ),
                el(
                    "nav",
                    *menu,
                    el("a", "Look again", href=here, class_="again"),
                    aria_label="Main",
                ),
            ),
            el("main", *content, id="content"),
            el("footer", "All times are UTC."),
        ),
        lang="en",
    )
    return "<!doctype html>\n" + document


def audience_screen(audience: Audience, *, status: str, tag: Segment | None, number: int) -> str:
    """The members of one audience, newest change first."""
    everyone = sorted(audience.members.values(), key=lambda item: item.last_changed, reverse=True)
    chosen = [
        member
        for member in everyone
        if status in ("", member.status)
        and (tag is None or any(link.tag_id == tag.id for link in member.tags))
    ]
    first = (number - 1) * MEMBERS_PER_PAGE
    shown = chosen[first : first + MEMBERS_PER_PAGE]
    here = f"/audiences/{audience.id}"
    content = [
        el("h1", audience.name),
        el("p", "Audience ", el("code", audience.id), ". ", _counted(everyone), class_="lead"),
    ]
    if everyone:
        content.append(_filters(audience, everyone, status=status, tag=tag))
    if shown:
        content.append(_member_table(audience, shown))
        content.append(_pager(here, status=status, tag=tag, number=number, total=len(chosen)))
    elif everyone:
        content.append(el("p", "Nobody fits. ", el("a", "Show everyone", href=here)))
    else:
        content.append(_no_members_yet())
    return page(audience.name, *content, current="Members", here=here)


def audiences_screen(audiences: Iterable[Audience]) -> str:
    """All audiences, where there are several."""
    rows = [
        el(
            "li",
            el("a", audience.name, href=f"/audiences/{audience.id}"),
            f" ({audience.id}): ",
            _counted(audience.members.values()),
        )
        for audience in audiences
    ]
    return page("Audiences", el("h1", "Audiences"), el("ul", *rows), current="Members")


def member_screen(audience: Audience, member: Member, *, notice: str = "") -> str:
    """Everything about one member, and what the person could do."""
    here = f"/audiences/{audience.id}/members/{member.id}"
    facts: list[tuple[str, Markup | str]] = [
        ("Status", _status(member.status)),
        ("Opted in", _time(member.timestamp_opt)),
        ("Signed up", _time(member.timestamp_signup)),
        ("Last changed", _time(member.last_changed)),
        ("First added", _time(member.created)),
        ("Source", member.source),
    ]
    if member.unsubscribe_reason:
        facts.append(("Reason for leaving", member.unsubscribe_reason))
    if member.compliance:
        facts.append(("Held back", f"{member.compliance}: only the person can come back"))
    if member.language:
        facts.append(("Language", member.language))
    for permission, text in audience.permissions.items():
        agreed = "yes" if member.permissions.get(permission) else "no"
        facts.append((f"Marketing permission “{text}”", agreed))
    facts.append(("Id in the API", el("code", member.id)))
    facts.append(("Id in webhooks", el("code", unique_email_id(audience, member.email))))
    return page(
        member.email,
        el("p", el("a", f"← {audience.name}", href=f"/audiences/{audience.id}"), class_="back"),
        el("h1", member.email),
        el("p", notice, class_="notice", role="status") if notice else Markup(""),
        el(
            "div",
            el("section", el("h2", "Facts"), _facts(facts)),
            el("section", el("h2", "Merge fields"), _merge_fields(audience, member)),
            el("section", el("h2", "Tags"), _tags_of(audience, member)),
            _mail_and_events(member),
            class_="columns",
        ),
        _acts(member, here),
        current="Members",
        here=here,
    )


def tags_screen(audience: Audience) -> str:
    """Every tag with the number of members who carry it."""
    rows = []
    for tag in sorted(audience.segments.values(), key=lambda item: item.name.casefold()):
        carriers = [
            member
            for member in audience.members.values()
            if any(link.tag_id == tag.id for link in member.tags)
        ]
        mailed = sum(member.status == "subscribed" for member in carriers)
        link = f"/audiences/{audience.id}?tag={tag.id}"
        rows.append(
            _row(
                ("Tag", el("a", tag.name, href=link)),
                ("Members", str(len(carriers))),
                ("Subscribed", str(mailed)),
                ("Made", _time(tag.created_at)),
            )
        )
    content = (
        _table(("Tag", "Members", "Subscribed", "Made"), rows)
        if rows
        else el("p", "No tags yet. A tag appears here when the first member gets it.")
    )
    return page("Tags", el("h1", "Tags"), content, current="Tags", here="/tags")


def requests_screen(entries: Sequence[Entry], deliveries: Sequence[Delivery]) -> str:
    """What was asked of the API lately, and which webhooks went out."""
    rows = [
        _row(
            ("When", _time(entry.at.isoformat())),
            ("Request", el("span", el("b", entry.method), " ", el("code", entry.path))),
            ("Answer", _outcome(entry)),
            ("Took", el("span", f"{entry.duration_ms:.0f} ms", class_="whole")),
        )
        for entry in reversed(entries)
    ]
    content = [
        el("h1", "Recent requests"),
        _table(("When", "Request", "Answer", "Took"), rows)
        if rows
        else el("p", "Nobody has asked anything since the sandbox was started."),
    ]
    if deliveries:
        sent = [
            _row(
                ("When", _time(delivery.at)),
                ("Event", delivery.type),
                ("Answer", str(delivery.status or "nobody answered")),
            )
            for delivery in reversed(deliveries)
        ]
        content += [el("h2", "Webhooks sent"), _table(("When", "Event", "Answer"), sent)]
    return page("Recent requests", *content, current="Requests", here="/requests")


def message_screen(title: str, text: str) -> str:
    """One sentence, for what can't be shown or done."""
    return page(title, el("h1", title), el("p", text), el("p", el("a", "To the members", href="/")))


def _no_members_yet() -> Markup:
    return el(
        "div",
        el("h2", "Nobody is here yet"),
        el(
            "p",
            "Opt in on the site and confirm the mail: within seconds the member stands here, "
            "tags and all. Members also appear when another program adds them through the API.",
        ),
        el("p", el("a", "See what was asked of the API so far", href="/requests")),
        class_="empty",
    )


def _counted(members: Iterable[Member]) -> str:
    counts: dict[str, int] = {}
    for member in members:
        counts[member.status] = counts.get(member.status, 0) + 1
    if not counts:
        return "No members."
    return ", ".join(f"{counts[name]} {name}" for name in STATUSES if name in counts) + "."


def _filters(
    audience: Audience, members: Iterable[Member], *, status: str, tag: Segment | None
) -> Markup:
    present = {member.status for member in members}
    statuses = [
        el("option", name, value=name, selected=name == status)
        for name in STATUSES
        if name in present or name == status
    ]
    tags = [
        el("option", item.name, value=str(item.id), selected=item is tag)
        for item in sorted(audience.segments.values(), key=lambda item: item.name.casefold())
    ]
    return el(
        "form",
        el(
            "label",
            "Status ",
            el("select", el("option", "any", value=""), *statuses, name="status"),
        ),
        el("label", "Tag ", el("select", el("option", "any", value=""), *tags, name="tag")),
        el("button", "Show", type="submit"),
        method="get",
        action=f"/audiences/{audience.id}",
        class_="filters",
    )


def _member_table(audience: Audience, members: Iterable[Member]) -> Markup:
    rows = [
        _row(
            (
                "Address",
                el(
                    "a",
                    member.email,
                    href=f"/audiences/{audience.id}/members/{member.id}",
                ),
            ),
            ("Name", full_name(member) or _NOTHING),
            ("Status", _status(member.status)),
            ("Tags", _tag_names(audience, member)),
            ("Opted in", _time(member.timestamp_opt)),
            ("Last changed", _time(member.last_changed)),
        )
        for member in members
    ]
    return _table(("Address", "Name", "Status", "Tags", "Opted in", "Last changed"), rows)


def _tag_names(audience: Audience, member: Member) -> Markup:
    names = [el("li", audience.segments[link.tag_id].name) for link in member.tags]
    return el("ul", *names, class_="tags") if names else join(_NOTHING)


def _pager(here: str, *, status: str, tag: Segment | None, number: int, total: int) -> Markup:
    if total <= MEMBERS_PER_PAGE:
        return Markup("")
    rest = f"&status={status}&tag={tag.id if tag else ''}"
    last = (total + MEMBERS_PER_PAGE - 1) // MEMBERS_PER_PAGE
    links = []
    if number > 1:
        links.append(el("a", "Newer", href=f"{here}?page={number - 1}{rest}", rel="prev"))
    links.append(el("span", f"Page {number} of {last}"))
    if number < last:
        links.append(el("a", "Older", href=f"{here}?page={number + 1}{rest}", rel="next"))
    return el("nav", *links, class_="pager", aria_label="Pages")


def _facts(facts: Iterable[tuple[str, Markup | str]]) -> Markup:
    return el("dl", *[join(el("dt", name), el("dd", value)) for name, value in facts])


def _merge_fields(audience: Audience, member: Member) -> Markup:
    values = shown_values(audience, member)
    if not values:
        return el("p", "This audience has no merge fields yet.")
    facts: list[tuple[str, Markup | str]] = []
    for tag, value in values.items():
        if isinstance(value, dict):
            value = ", ".join(str(part) for part in value.values() if part)
        facts.append((tag, str(value) if value != "" else _NOTHING))
    return _facts(facts)


def _tags_of(audience: Audience, member: Member) -> Markup:
    if not member.tags:
        return el("p", "No tags.")
    items = [
        el(
            "li",
            el("b", audience.segments[link.tag_id].name),
            ", since ",
            _time(link.date_added),
            el("br"),
            el(
                "small",
                "added quietly: no journey starts"
                if link.is_syncing
                else "would start a journey that waits for this tag",
            ),
        )
        for link in member.tags
    ]
    return el("ul", *items, class_="plain")


def _mail_and_events(member: Member) -> Markup:
    parts = []
    if member.confirmations:
        mails = [el("li", _time(moment)) for moment in reversed(member.confirmations)]
        parts.append(
            el(
                "section",
                el("h2", "Confirmation mails"),
                el("p", "Mailchimp would have sent one at these times. Here none was sent."),
                el("ul", *mails, class_="plain"),
            )
        )
    if member.events:
        events = [
            el("li", el("b", str(event["name"])), ", ", _time(str(event["occurred_at"])))
            for event in reversed(member.events)
        ]
        parts.append(el("section", el("h2", "Events"), el("ul", *events, class_="plain")))
    return join(*parts)


def _acts(member: Member, here: str) -> Markup:
    buttons = [
        el(
            "form",
            el("button", act.label, type="submit", name="act", value=act.name),
            el("p", act.meaning),
            method="post",
            action=here,
        )
        for act in possible(member)
    ]
    if not buttons:
        return Markup("")
    return el(
        "section",
        el("h2", "Act for this person"),
        el("p", "What the person does on Mailchimp's side, where our site can't see it."),
        el("div", *buttons, class_="acts"),
    )


def _status(status: str) -> Markup:
    return el("span", status, class_=f"status {status}")


def _outcome(entry: Entry) -> Markup:
    if not entry.status:
        return el("span", entry.note or "no answer", class_="bad")
    kind = "good" if entry.status < 400 else "bad"
    text = str(entry.status) + (f", {entry.note}" if entry.note else "")
    return el("span", text, class_=kind)


def _time(moment: str) -> Markup:
    if not moment:
        return join(_NOTHING)
    shown = datetime.fromisoformat(moment)
    return el("time", f"{shown.day} {shown:%b %Y, %H:%M:%S}", datetime=moment)


def _row(*cells: tuple[str, Markup | str]) -> Markup:
    first, *others = cells
    return el(
        "tr",
        el("th", first[1], scope="row", data_label=first[0]),
        *[el("td", value, data_label=label) for label, value in others],
    )


def _table(headings: Iterable[str], rows: Iterable[Markup]) -> Markup:
    head = el("tr", *[el("th", heading, scope="col") for heading in headings])
    return el("table", el("thead", head), el("tbody", *rows))
