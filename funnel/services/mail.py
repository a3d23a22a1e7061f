"""One mail: written, dressed and handed over. Whether it may go is decided elsewhere."""

import smtplib
from dataclasses import dataclass
from email.utils import formataddr

import css_inline
from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string

from funnel.mailing.base import Receipt, RefusedError, ServiceError
from funnel.models import FunnelSettings, Lead

# The subject and the first lines say nothing to somebody who looks over a shoulder.
SUBJECT = "The link you asked for"


@dataclass(frozen=True, kw_only=True)
class Message:
    """A mail before it has a sender; `template` names its .txt and .html."""

    lead: Lead
    template: str
    context: dict[str, object]
    subject: str = SUBJECT
    leave_url: str = ""


def send_message(message: Message) -> Receipt:
    """Send a mail; raises `RefusedError` where nobody is there, else `ServiceError`."""
    funnel_settings = FunnelSettings.load()
    sender_name = funnel_settings.sender_name
    context = {**message.context, "sender_name": sender_name, "subject": message.subject}
    mail = EmailMultiAlternatives(
        subject=message.subject,
        body=render_to_string(f"{message.template}.txt", context),
        from_email=formataddr(
            (sender_name, funnel_settings.sender_address or settings.DEFAULT_FROM_EMAIL)
        ),
        to=[message.lead.address],
    )
    html = css_inline.inline(render_to_string(f"{message.template}.html", context))
    mail.attach_alternative(html, "text/html")
    if message.leave_url:
        mail.extra_headers["List-Unsubscribe"] = f"<{message.leave_url}>"
        mail.extra_headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
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
