"""Every mail the site writes, with links that open nothing."""

from dataclasses import dataclass, field

from funnel.choices import SequenceMailKind
from funnel.models import Lead, SequenceMail
from funnel.services.mail import SUBJECT, Message, WrittenMail, write_mail
from funnel.services.messages import VIDEOS_SUBJECT, following_message
from funnel.services.person_mails import CALL_SUBJECT

from . import samples

LINK = "https://www.example.test/free-videos/a-sample-of-a-long-private-link-k3J9x2/"
LINKS = ("confirm_url", "videos_url", "my_data_url", "request_url")
FOLLOWING = SequenceMail(
    kind=SequenceMailKind.INVITATION,
    subject="If it would help to talk",
    opening="An offer, and no hurry.",
    body="That was the last of them.\n\nThe coach’s own words stand here, in as many paragraphs as "
    f"they need; even {samples.LONGEST_WORD} has to fit.",
    button_label="Ask for a conversation",
)


@dataclass(frozen=True, kw_only=True)
class SampleMail:
    """A mail as somebody would get it; `name` is its template's."""

    name: str
    subject: str
    can_be_left: bool = False
    context: dict[str, object] = field(default_factory=dict)

    @property
    def message(self) -> Message:
        """The mail before it is dressed."""
        return Message(
            lead=Lead(address=samples.ADDRESS),
            template=f"funnel/mail/{self.name}",
            context={**dict.fromkeys(LINKS, LINK), **self.context},
            subject=self.subject,
            leave_url=LINK if self.can_be_left else "",
        )

    @property
    def written(self) -> WrittenMail:
        """The mail as it would be handed over."""
        return write_mail(self.message)

    @property
    def html(self) -> str:
        """Its HTML, with the styles where mail programs want them."""
        return self.written.html

    @property
    def text(self) -> str:
        """Its plain text."""
        return self.written.text


MAILS = {
    mail.name: mail
    for mail in (
        SampleMail(name="confirm", subject=SUBJECT),
        SampleMail(name="videos", subject=VIDEOS_SUBJECT, can_be_left=True),
        SampleMail(
            name="follow",
            subject=FOLLOWING.subject,
            can_be_left=True,
            context=following_message(
                mail=FOLLOWING, lead=Lead(), url=LINK, leave_url=LINK
            ).context,
        ),
        SampleMail(name="my_data", subject=SUBJECT),
        SampleMail(name="call_confirm", subject=SUBJECT),
        SampleMail(name="call_request", subject=CALL_SUBJECT),
    )
}
