"""A receipt of what one person agreed to, for somebody who has to prove it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.utils import formats, timezone

from funnel.addresses import address_hash
from funnel.choices import ConsentMode, ConsentStep
from funnel.models import Consent, Lead, Suppression


@dataclass(frozen=True, kw_only=True)
class ReceiptEntry:
    """One step, in words: when it happened, what was done, and everything that was on screen."""

    at: datetime
    what: str
    covers: str
    lines: tuple[tuple[str, str], ...]


@dataclass(frozen=True, kw_only=True)
class ConsentReceipt:
    """Every step of one address, oldest first, as of the moment it was asked for."""

    address: str
    stage: str
    issued_at: datetime
    entries: tuple[ReceiptEntry, ...]

    def as_text(self) -> str:
        """Return the receipt as plain text, wide enough for a sheet of paper."""
        return "\n".join(_text(self)) + "\n"


def receipt_of(lead: Lead, *, now: datetime) -> ConsentReceipt:
    """Return what this address agreed to and took back: two queries, however long the story is."""
    steps = lead.consents.select_related(
        "wording", "opt_in__call_to_action", "opt_in__call_to_action_variant__cycle"
    )
    entries = [_consent_entry(consent) for consent in steps]
    suppressions = Suppression.objects.filter(address_hash=address_hash(lead.address_key))
    entries += [_suppression_entry(suppression) for suppression in suppressions]
    return ConsentReceipt(
        address=lead.address,
        stage=lead.get_stage_display(),
        issued_at=now,
        entries=tuple(sorted(entries, key=lambda entry: entry.at)),
    )


_WHAT = {
    ConsentStep.REQUESTED: "Pressed the button of the form, under the words below. "
    "Anybody can type an address; the next step shows whose it is.",
    ConsentStep.CONFIRMED: "Opened the link in the mail to this address and pressed its button.",
    ConsentStep.WITHDRAWN: "Took the agreement back.",
}


def _consent_entry(consent: Consent) -> ReceiptEntry:
    parts = (
        ("the videos", consent.covers_videos),
        ("letters", consent.covers_letters),
        ("sharing the cycle with the mail service", consent.covers_sharing_cycle),
    )
    covered = [name for name, is_covered in parts if is_covered]
    return ReceiptEntry(
        at=consent.at,
        what=_WHAT[ConsentStep(consent.step)],
        covers=", ".join(covered) or "nothing",
        lines=tuple(_source_lines(consent)),
    )


def _source_lines(consent: Consent) -> Iterator[tuple[str, str]]:
    opt_in, wording = consent.opt_in, consent.wording
    if opt_in is not None:
        yield "Page", " ".join(filter(None, (opt_in.page_title, opt_in.page_path))) or "unknown"
        if opt_in.call_to_action is not None:
            yield "Invitation", f"{opt_in.call_to_action} ({opt_in.words_shown})"
        yield "Form sent", _moment(opt_in.submitted_at)
    if wording is not None:
        yield "Words above the button", wording.promise
        if wording.mode == ConsentMode.SEPARATE_LETTERS:
            ticked = "ticked by the person" if consent.covers_letters else "left unticked"
            yield "Words beside the box", f"{wording.letters_label} (The box was {ticked}.)"
        yield "Version of the words", wording.digest[:16]


def _suppression_entry(suppression: Suppression) -> ReceiptEntry:
    lifted = ""
    if suppression.lifted_at is not None:
        lifted = f" Lifted on {_moment(suppression.lifted_at)}."
    return ReceiptEntry(
        at=suppression.at,
        what=f"{suppression.get_reason_display()}: by {suppression.source}.{lifted}",
        covers="every mail that was not asked for",
        lines=(),
    )


def _moment(moment: datetime) -> str:
    return formats.date_format(timezone.localtime(moment), "j F Y, H:i:s T")


def _text(receipt: ConsentReceipt) -> Iterator[str]:
    yield "Receipt of consent"
    yield ""
    yield f"Email address: {receipt.address}"
    yield f"Stage: {receipt.stage}"
    yield f"Issued: {_moment(receipt.issued_at)}"
    for entry in receipt.entries:
        yield ""
        yield f"{_moment(entry.at)}: {entry.what}"
        yield f"  Covers: {entry.covers}"
        for name, words in entry.lines:
            yield f"  {name}: {' '.join(words.split())}"
    if not receipt.entries:
        yield ""
        yield "Nothing was ever agreed to or taken back with this address."
