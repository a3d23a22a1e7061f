"""Every mail the site writes, with links that open nothing."""

from dataclasses import dataclass

import css_inline
from django.template.loader import render_to_string

from funnel.models import FunnelSettings
from funnel.services.mail import SUBJECT
from funnel.services.messages import VIDEOS_SUBJECT

LINK = "https://www.example.test/free-videos/a-sample-of-a-long-private-link-k3J9x2/"


@dataclass(frozen=True, kw_only=True)
class SampleMail:
    """A mail as somebody would get it; `name` is its template's."""

    name: str
    subject: str

    @property
    def context(self) -> dict[str, object]:
        """What every mail may speak of."""
        return {
            "subject": self.subject,
            "sender_name": FunnelSettings.load().sender_name,
            **dict.fromkeys(("confirm_url", "videos_url", "leave_url"), LINK),
        }

    @property
    def html(self) -> str:
        """Its HTML, with the styles where mail programs want them."""
        page = render_to_string(f"funnel/mail/{self.name}.html", self.context)
        inlined: str = css_inline.inline(page)
        return inlined

    @property
    def text(self) -> str:
        """Its plain text."""
        return render_to_string(f"funnel/mail/{self.name}.txt", self.context)


MAILS = {
    mail.name: mail
    for mail in (
        SampleMail(name="confirm", subject=SUBJECT),
        SampleMail(name="videos", subject=VIDEOS_SUBJECT),
    )
}
