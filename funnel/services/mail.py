"""One mail: written, dressed and handed over. Whether it may go is decided elsewhere.

A mail's template has a .txt and an .html; both get the same footer, whatever the mail is about.
"""

import smtplib
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime, formataddr, make_msgid

import css_inline
from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils.crypto import salted_hmac

from funnel.choices import OutboxState, SenderChoice
from funnel.conf import site_is_public, site_url
from funnel.mailing.base import Receipt, RefusedError, ServiceError
from funnel.models import FunnelSettings, Lead, OutboxEntry
from funnel.queries.legal import missing_facts

# The subject and the first lines say nothing to somebody who looks over a shoulder.
SUBJECT = "The link you asked for"
NOT_LAWFUL_YET = (
    "No mail goes out before Settings → Funnel settings says whose mails these are: the legal "
    "name, the postal address and the privacy page. Fill them in; this mail then leaves by itself."
)


@dataclass(frozen=True)
class Sender:
    """Who a mail comes from, as a list of mails shows it."""

    name: str
    address: str

    @property
    def header(self) -> str:
        """The sender as a header of a mail."""
        return formataddr((self.name, self.address))


@dataclass(frozen=True, kw_only=True)
class Message:
    """A mail before it has a sender; `template` names its .txt and .html.

    It goes to the lead, under the sender that the lead has chosen, unless `to` and `sender_choice`
    say otherwise. `entry` is what it delivers: the same delivery, repeated after a worker's death,
    has the same Message-ID, so that mail programs show it once. `leave_url` is for mails that a
    person can have enough of; those that answer a press have none.
    """

    lead: Lead
    template: str
    context: dict[str, object]
    subject: str = SUBJECT
    neutral_subject: str = SUBJECT
    leave_url: str = ""
    sender_choice: str = ""
    to: str = ""
    entry: OutboxEntry | None = None
    now: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class WrittenMail:
    """A mail as it is handed over and shown in previews."""

    sender: Sender
    subject: str
    text: str
    html: str


def sender_for(choice: str, *, funnel_settings: FunnelSettings) -> Sender:
    """Return the sender under which mails of this choice come.

    Where the site has no neutral name nobody is asked, and there is one sender only.
    """
    usual = funnel_settings.sender_address or settings.DEFAULT_FROM_EMAIL
    if choice == SenderChoice.NEUTRAL and funnel_settings.neutral_sender_name:
        return Sender(
            funnel_settings.neutral_sender_name, funnel_settings.neutral_sender_address or usual
        )
    return Sender(funnel_settings.sender_name, usual)


def write_mail(message: Message) -> WrittenMail:
    """Write a mail in both its forms, as its reader will get it."""
    funnel_settings = FunnelSettings.load()
    choice = message.sender_choice or message.lead.sender_choice
    sender = sender_for(choice, funnel_settings=funnel_settings)
    subject = message.neutral_subject if choice == SenderChoice.NEUTRAL else message.subject
    context = {
        **message.context,
        "sender_name": sender.name,
        "subject": subject,
        "leave_url": message.leave_url,
        "legal_name": funnel_settings.legal_name,
        "postal_address": funnel_settings.postal_address,
        "privacy_url": _absolute(funnel_settings.privacy_page),
    }
    text = render_to_string(f"{message.template}.txt", context)
    footer = render_to_string("funnel/mail/parts/footer.txt", context)
    html = css_inline.inline(
        render_to_string(f"{message.template}.html", context),
        keep_at_rules=True,
    )
    return WrittenMail(
        sender=sender,
        subject=subject,
        text=f"{text.strip()}\n\n{footer.strip()}\n",
        html=html,
    )


def _absolute(page: str) -> str:
    return f"{site_url()}{page}" if page.startswith("/") else page


def send_message(message: Message) -> Receipt:
    """Send a mail; raises `RefusedError` where nobody is there, else `ServiceError`.

    Raises `RefusedError` as well on a public site that does not say yet whose mails these are.
    """
    if site_is_public() and missing_facts(FunnelSettings.load()):
        raise RefusedError(NOT_LAWFUL_YET, title="Not set up yet")
    written = write_mail(message)
    mail = EmailMultiAlternatives(
        subject=written.subject,
        body=written.text,
        from_email=written.sender.header,
        to=[message.to or message.lead.address],
        headers=_headers(message, written.sender),
    )
    mail.attach_alternative(written.html, "text/html")
    try:
        mail.send()
    except smtplib.SMTPRecipientsRefused as error:
        answers = list(error.recipients.values())
        if all(_says_nobody_is_there(code, text) for code, text in answers):
            raise RefusedError(
                "The mail server says that this address does not exist. "
                "Nothing more is sent unless the person asks again.",
                status=max(code for code, _ in answers),
                title="Recipient refused",
            ) from None
        raise _mail_failed() from None
    except (smtplib.SMTPException, OSError):
        raise _mail_failed() from None
    return Receipt(status=250, fields=("mail",))


def _headers(message: Message, sender: Sender) -> dict[str, str]:
    """Headers that tell machines what this is: no answering machine is to answer it (RFC 3834)."""
    headers = {
        "Message-ID": _message_id(message, sender),
        "Auto-Submitted": "auto-generated",
        "X-Auto-Response-Suppress": "OOF, AutoReply",
    }
    if message.now:
        headers["Date"] = format_datetime(message.now)
    if message.leave_url:
        headers["List-Unsubscribe"] = f"<{message.leave_url}>"
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    return headers


def _message_id(message: Message, sender: Sender) -> str:
    domain = sender.address.rpartition("@")[2]
    entry = message.entry
    if entry is None:
        return make_msgid(domain=domain)
    wish = f"{entry.pk}.{entry.revision}.{entry.created_at.isoformat()}"
    return f"<{salted_hmac('funnel.message', wish, algorithm='sha256').hexdigest()[:40]}@{domain}>"


def retry_unlawful(*, now: datetime) -> int:
    """Let the mails go that waited for a legal name, an address and a privacy page.

    One for which a newer one of its kind waits by now is left to that one.
    """
    if missing_facts(FunnelSettings.load()):
        return 0
    parked = OutboxEntry.objects.filter(state=OutboxState.NEEDS_ATTENTION, advice=NOT_LAWFUL_YET)
    freed = 0
    for entry in parked:
        waiting = OutboxEntry.objects.filter(
            lead=entry.lead_id, kind=entry.kind, state=OutboxState.PENDING
        )
        if not waiting.exists():
            freed += parked.filter(pk=entry.pk).update(
                state=OutboxState.PENDING, due_at=now, attempts=0, advice="", settled_at=None
            )
    return freed


def _says_nobody_is_there(code: int, text: bytes) -> bool:
    """Whether a mail server means the address, and not us (RFC 5321, 4.2.3; RFC 3463, X.1.X).

    A refusal of this server, for spam or a block list, ends when somebody mends that.
    """
    return code in {550, 551, 553} and not text.startswith(b"5.7")


def _mail_failed() -> ServiceError:
    return ServiceError(
        "The mail server did not take the mail. It will be tried again; "
        "if this stays, check EMAIL_URL.",
        title="Mail server failed",
    )
