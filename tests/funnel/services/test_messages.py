"""Mails over a real SMTP connection: what arrives, and what a refusal comes to."""

from collections.abc import Iterator
from email import message_from_string, policy
from email.message import EmailMessage
from typing import Any

import pytest

from funnel.choices import OutboxState
from funnel.models import FunnelSettings, OutboxEntry
from tests.funnel.services.smtp import MailServer, running_mail_server


@pytest.fixture
def mail_server(settings: Any) -> Iterator[MailServer]:
    with running_mail_server() as server:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
        yield server


def arrived(server: MailServer) -> EmailMessage:
    [text] = server.messages
    message = message_from_string(text, policy=policy.default)
    assert isinstance(message, EmailMessage)
    return message


def test_a_mail_arrives_in_two_forms_from_the_chosen_sender(
    visitor: Any, mail_server: MailServer
) -> None:
    settings = FunnelSettings.load()
    settings.sender_name, settings.sender_address = "Maren", "m@holt.test"
    settings.save()
    visitor.opt_in("ada@mail.test", first_name="Ada")
    visitor.work()

    message = arrived(mail_server)
    assert (message["From"], message["To"]) == ("Maren <m@holt.test>", "ada@mail.test")
    assert message["Subject"] == "The link you asked for"
    plain, html = (message.get_body((kind,)) for kind in ("plain", "html"))
    assert plain is not None
    assert html is not None
    assert "/free-videos/confirm/" in plain.get_content()
    assert 'style="' in html.get_content()


def test_an_address_that_does_not_exist_waits_for_a_person(
    visitor: Any, mail_server: MailServer
) -> None:
    mail_server.answer_to_recipient = "550 no such user"
    visitor.opt_in()
    visitor.work()
    entry = OutboxEntry.objects.get()
    assert entry.state == OutboxState.NEEDS_ATTENTION
    assert "does not exist" in entry.advice


def test_a_busy_mail_server_is_asked_again(visitor: Any, mail_server: MailServer) -> None:
    mail_server.answer_to_recipient = "451 try later"
    visitor.opt_in()
    visitor.work()
    assert OutboxEntry.objects.get().state == OutboxState.PENDING
    mail_server.answer_to_recipient = "250 OK"
    visitor.move(hours=1)
    visitor.work()
    assert len(mail_server.messages) == 1


def test_no_mail_server_loses_nothing(visitor: Any, settings: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    visitor.opt_in()
    visitor.work()
    entry = OutboxEntry.objects.get()
    assert (entry.state, "EMAIL_URL" in entry.advice) == (OutboxState.PENDING, True)
