"""Everything that is kept about a person, in words: for her eyes, and as a file to take along."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone

from funnel.addresses import address_hash
from funnel.choices import AttemptOutcome, LeadStage, OutboxKind, OutboxState
from funnel.models import (
    AssessmentResult,
    CallRequest,
    Consent,
    Lead,
    MemberRecord,
    OptIn,
    PrivateLink,
    Suppression,
    SyncAttempt,
    VideoProgress,
)
from funnel.models.opt_ins import UTM_FIELDS

_TOLD_OUTSIDE = (OutboxKind.MEMBER, OutboxKind.ERASURE)
STAGES = {
    LeadStage.PENDING: "Somebody has entered this address; nobody has confirmed the videos yet.",
    LeadStage.CONFIRMED: "You have confirmed that you want the videos.",
    LeadStage.UNSUBSCRIBED: "You have left; nothing unasked is sent to you.",
    LeadStage.BOUNCED: "Mail to you came back, so none is sent.",
    LeadStage.COMPLAINED: "You marked a mail as spam, so none is sent.",
}
NOT_SAID = "not said"


@dataclass(frozen=True, kw_only=True)
class Fact:
    """One thing that is kept, under the name a person would give it."""

    name: str
    value: str


@dataclass(frozen=True, kw_only=True)
class Entry:
    """Something that happened, when, and all that was kept of it."""

    at: datetime
    title: str
    facts: list[Fact]
    number: int | None = None


@dataclass(frozen=True, kw_only=True)
class Kept:
    """Everything that is kept about one person; each list has its newest entry first."""

    about: list[Fact]
    forms: list[Entry]
    consents: list[Entry]
    cycles: list[Entry]
    assessments: list[Entry]
    videos: list[Entry]
    calls: list[Entry]
    mails: list[Entry]
    mail_service: list[Entry]
    blocks: list[Entry]
    links: list[Entry]

    @property
    def sections(self) -> list[tuple[str, list[Entry]]]:
        """The lists under their headings, in the order in which they are shown."""
        return [
            ("Forms sent with this address", self.forms),
            ("What you agreed to", self.consents),
            ("What you said about your cycle", self.cycles),
            ("The questionnaire", self.assessments),
            ("Videos", self.videos),
            ("Requests for a call", self.calls),
            ("Mails sent", self.mails),
            ("What Mailchimp was told", self.mail_service),
            ("What stands against mail to you", self.blocks),
            ("Private links in mails", self.links),
        ]

    def as_data(self) -> dict[str, Any]:
        """All of it for a program: plain lists and words, moments in ISO 8601."""
        found = asdict(self)
        about = {fact["name"]: fact["value"] for fact in found.pop("about")}
        return {"about": about, **{name: _plain(entries) for name, entries in found.items()}}


def _plain(entries: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    return [
        {
            "at": entry["at"].isoformat(),
            "what": entry["title"],
            **{fact["name"]: fact["value"] for fact in entry["facts"]},
        }
        for entry in entries
    ]


def what_is_kept(lead: Lead) -> Kept:
    """Read everything about a lead: what is shown, what is taken along, and nothing is left out."""
    attempts = list(lead.sync_attempts.all())
    return Kept(
        about=_about(lead),
        forms=_forms(lead),
        consents=[_consent(each) for each in lead.consents.select_related("wording")],
        cycles=[
            Entry(
                at=each.at,
                title=each.get_source_display(),
                facts=_facts(Answer=each.cycle.experience if each.cycle else "Taken back"),
            )
            for each in lead.cycle_statements.select_related("cycle")
        ],
        assessments=[
            _assessment(each)
            for each in lead.assessment_results.select_related("version__assessment", "cycle")
        ],
        videos=_videos(lead),
        calls=[_call(each) for each in lead.call_requests.all()],
        mails=[
            *_waiting_mails(lead),
            *(_mail(each) for each in attempts if each.kind not in _TOLD_OUTSIDE),
        ],
        mail_service=_mail_service(lead, attempts),
        blocks=[
            Entry(
                at=each.at,
                title=each.get_reason_display(),
                facts=_facts(By=each.source, Lifted=_moment(each.lifted_at)),
            )
            for each in Suppression.objects.filter(address_hash=address_hash(lead.address_key))
        ],
        links=[_link(each) for each in lead.private_links.all()],
    )


def _facts(**named: object) -> list[Fact]:
    """Return the facts that say something; an underscore stands for a space."""
    return [
        Fact(name=name.replace("_", " "), value=str(value))
        for name, value in named.items()
        if value not in ("", None)
    ]


def _moment(moment: datetime | None) -> str:
    return f"{timezone.localtime(moment):%-d %B %Y, %H:%M %Z}" if moment else ""


def _yes(value: bool) -> str:
    return "yes" if value else "no"


def _about(lead: Lead) -> list[Fact]:
    return _facts(
        Address=lead.address,
        First_name=lead.first_name or "none",
        Where_it_stands=STAGES[LeadStage(lead.stage)],
        Your_cycle=lead.current_cycle.experience if lead.current_cycle else NOT_SAID,
        Letters=_yes(lead.receives_letters),
        Mailchimp_may_know_your_cycle=_yes(lead.shares_cycle),
        Our_mails_come=lead.get_sender_choice_display(),
        A_single_mail=_yes(lead.wants_one_mail),
        Time_zone=lead.time_zone or "the site’s own",
        Mails_pause_until=_moment(lead.paused_until),
        First_seen=_moment(lead.created_at),
        Confirmed=_moment(lead.confirmed_at) or "not yet",
    )


def _forms(lead: Lead) -> list[Entry]:
    opt_ins = lead.opt_ins.select_related(
        "stated_cycle", "call_to_action", "call_to_action_variant__cycle"
    )
    return [_form(opt_in) for opt_in in opt_ins]


def _form(opt_in: OptIn) -> Entry:
    return Entry(
        at=opt_in.submitted_at,
        title="The form for the videos",
        facts=_facts(
            Page=opt_in.page_title,
            Path=opt_in.page_path,
            First_page_of_the_visit=opt_in.landing_path,
            Came_from=opt_in.referring_host,
            Invitation=opt_in.call_to_action.heading if opt_in.call_to_action else "",
            Words_shown=opt_in.words_shown,
            First_name=opt_in.first_name,
            Cycle=opt_in.stated_cycle.experience if opt_in.stated_cycle else NOT_SAID,
            Mails_to_come=opt_in.get_sender_choice_display(),
            A_single_mail=_yes(opt_in.wants_one_mail),
            Time_zone=opt_in.time_zone,
            Throw_away_address=_yes(opt_in.is_disposable),
            **{name: getattr(opt_in, name) for name in UTM_FIELDS},
        ),
    )


def _consent(consent: Consent) -> Entry:
    wording = consent.wording
    return Entry(
        at=consent.at,
        title=consent.get_step_display(),
        facts=_facts(
            Videos=_yes(consent.covers_videos),
            Letters=_yes(consent.covers_letters),
            Sharing_your_cycle_with_Mailchimp=_yes(consent.covers_sharing_cycle),
            The_words=wording.promise if wording else "",
            Beside_the_box=wording.letters_label if wording else "",
            Version_of_the_words=wording.digest[:8] if wording else "",
        ),
    )


def _assessment(result: AssessmentResult) -> Entry:
    questions = result.version.content.get("questions", [])
    answers = [
        f"{question.get('text', '')} {_chosen(question, number)}"
        for question, number in zip(questions, result.answers, strict=False)
    ]
    return Entry(
        at=result.at,
        title=str(result.version),
        facts=[
            *_facts(Result=result.cycle.experience if result.cycle else "none of them leads"),
            *(Fact(name=f"Answer {number}", value=text) for number, text in enumerate(answers, 1)),
            *_facts(Points=", ".join(f"{code}: {sum_}" for code, sum_ in result.scores.items())),
        ],
    )


def _chosen(question: dict[str, Any], number: int | None) -> str:
    answers = question.get("answers", [])
    if number is None or not 0 <= number < len(answers):
        return "(left)"
    return str(answers[number].get("text", ""))


def _videos(lead: Lead) -> list[Entry]:
    progress = VideoProgress.objects.filter(lead=lead).select_related("video")
    runs = lead.series_runs.select_related("series")
    watched = [
        Entry(
            at=each.began_at,
            title=each.video.title,
            facts=_facts(
                Seen=f"{each.quarter} of 4 quarters", Watched_to_the_end=_moment(each.watched_at)
            ),
        )
        for each in progress
    ]
    series = [
        Entry(
            at=run.started_at,
            title=f"The series “{run.series.title}”",
            facts=_facts(Finished=_moment(run.finished_at) or "not yet"),
        )
        for run in runs
    ]
    return sorted([*watched, *series], key=lambda entry: entry.at, reverse=True)


def _call(request: CallRequest) -> Entry:
    return Entry(
        at=request.requested_at,
        title=f"A request for a call: {request.get_state_display().lower()}",
        number=request.pk,
        facts=_facts(
            Confirmed_by_the_mail=_moment(request.confirmed_at) or "no, so nobody was told of it",
            Name=request.name,
            Topic=request.topic,
            Times=request.times_that_suit,
            Contact=request.get_contact_way_display(),
            Phone=request.phone,
            Voicemail=_yes(request.may_leave_voicemail),
            The_coach_may_see_cycle_and_videos=_yes(request.shares_story),
            State_since=_moment(request.state_changed_at),
            The_coach_noted=request.note,
        ),
    )


def _mail(attempt: SyncAttempt) -> Entry:
    outcome = (
        "Sent" if attempt.outcome == AttemptOutcome.DELIVERED else attempt.get_outcome_display()
    )
    return Entry(
        at=attempt.at,
        title=attempt.get_kind_display(),
        facts=_facts(Outcome=outcome, Why=attempt.title),
    )


def _waiting_mails(lead: Lead) -> list[Entry]:
    waiting = lead.outbox_entries.filter(
        state__in=(OutboxState.PENDING, OutboxState.NEEDS_ATTENTION)
    ).exclude(kind__in=_TOLD_OUTSIDE)
    return [
        Entry(
            at=each.created_at,
            title=each.get_kind_display(),
            facts=_facts(Outcome=each.get_state_display(), Due=_moment(each.due_at)),
        )
        for each in waiting
    ]


def _mail_service(lead: Lead, attempts: Iterable[SyncAttempt]) -> list[Entry]:
    told = [
        Entry(
            at=attempt.at,
            title=attempt.get_outcome_display(),
            facts=_facts(Fields=attempt.fields, Answer=attempt.title),
        )
        for attempt in attempts
        if attempt.kind in _TOLD_OUTSIDE
    ]
    record = MemberRecord.objects.filter(lead=lead).first()
    if record is not None and record.synced_at is not None:
        now_there = Entry(
            at=record.synced_at,
            title="What stands there, as far as we know",
            facts=_facts(Status=record.remote_status, Tags=", ".join(map(str, record.tags))),
        )
        told.insert(0, now_there)
    return told


def _link(link: PrivateLink) -> Entry:
    return Entry(
        at=link.created_at,
        title=link.get_purpose_display(),
        facts=_facts(Opens_until=_moment(link.expires_at), Used=_moment(link.used_at) or "not yet"),
    )
