"""A post office for a site on this machine: mail goes into a folder, and is read at /mail/."""

import mailbox
from collections.abc import Sequence
from pathlib import Path

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend


def local_mailbox() -> mailbox.Maildir:
    """Open, and make where it is missing, the folder of mails that this site has sent."""
    Path(settings.LOCAL_MAILBOX).parent.mkdir(parents=True, exist_ok=True)
    return mailbox.Maildir(settings.LOCAL_MAILBOX)


class MaildirBackend(BaseEmailBackend):
    """Delivers into a Maildir, which many processes may write at once and none can tear."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Store every message as it would have gone out; return how many."""
        folder = local_mailbox()
        for message in email_messages:
            folder.add(message.message().as_bytes())
        return len(email_messages)
