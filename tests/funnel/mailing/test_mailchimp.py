"""The Mailchimp backend through the official SDK against the sandbox, over real HTTP.

What is asserted is the state the sandbox ends in, and the requests it saw.
"""

from collections.abc import Callable
from typing import Any

import pytest
from mailchimp_marketing.api_client import ApiClientError

from funnel.mailing.backends.mailchimp import MailchimpBackend
from funnel.mailing.backends.mailchimp.transport import make_client
from funnel.mailing.base import (
    ConfigurationError,
    MailingError,
    Member,
    MemberStatus,
    RefusedError,
    ServiceError,
    ThrottledError,
    UnreachableError,
)
from funnel.sandbox.server import API_KEY, Sandbox

ADA = "Ada@mail.test"
Make = Callable[..., Member]


def test_announcing_makes_a_subscribed_member(
    sandbox: Sandbox, backend: MailchimpBackend, member: Make
) -> None:
    receipt = backend.announce(member=member())
    stored = sandbox.member(ADA)
    assert stored is not None
    assert (stored.email, stored.status) == (ADA, "subscribed")
    assert stored.merge_values["FNAME"] == "Ada"
    assert stored.timestamp_opt.startswith("2026-05-04T21:30:59")
    assert stored.timestamp_signup.startswith("2026-05-04T20:30:59")
    assert receipt.member is not None
    assert receipt.member.status == MemberStatus.SUBSCRIBED
    assert set(receipt.fields) == {
        "email_address",
        "status",
        "status_if_new",
        "timestamp_signup",
        "timestamp_opt",
        "FNAME",
    }


def test_a_link_to_the_videos_stands_in_a_field_that_is_made_once(
    sandbox: Sandbox, backend: MailchimpBackend, member: Make
) -> None:
    link = "https://www.holt.test/free-videos/open/k3J9x2/"
    for _ in range(2):
        receipt = backend.update(member=member(videos_link=link))
    stored = sandbox.member(ADA)
    assert stored is not None
    assert stored.merge_values["VIDEOSLINK"] == link
    assert "VIDEOSLINK" in receipt.fields
    MailchimpBackend().update(member=member(videos_link=link))
    fields = backend._client.lists.get_list_merge_fields(backend._audience_id, count=1000)
    assert [each["tag"] for each in fields["merge_fields"]].count("VIDEOSLINK") == 1
    assert backend.update(member=member()).fields.count("VIDEOSLINK") == 0


def test_updating_never_brings_anybody_back(
    sandbox: Sandbox, backend: MailchimpBackend, member: Make
) -> None:
    backend.announce(member=member())
    backend.unsubscribe(address=ADA)
    receipt = backend.update(member=member(first_name="Adah"))

    stored = sandbox.member(ADA)
    assert stored is not None
    assert (stored.status, stored.merge_values["FNAME"]) == ("unsubscribed", "Adah")
    assert receipt.member is not None
    assert receipt.member.status == MemberStatus.UNSUBSCRIBED


def test_an_empty_name_leaves_the_name_that_is_there(
    sandbox: Sandbox, backend: MailchimpBackend, member: Make
) -> None:
    backend.announce(member=member())
    backend.update(member=member(first_name=""))
    stored = sandbox.member(ADA)
    assert stored is not None
    assert stored.merge_values["FNAME"] == "Ada"


def test_only_our_tags_go_and_the_journey_switch_is_sent(
    sandbox: Sandbox, backend: MailchimpBackend, member: Make
) -> None:
    backend.announce(member=member())
    backend.set_tags(
        address=ADA, add=frozenset({"theirs", "old"}), remove=frozenset(), starts_journeys=True
    )
    backend.set_tags(
        address=ADA, add=frozenset({"new"}), remove=frozenset({"old"}), starts_journeys=False
    )
    assert sandbox.tags(ADA) == {"theirs", "new"}


def test_unsubscribing_somebody_unknown_does_not_make_her_known(
    sandbox: Sandbox, backend: MailchimpBackend
) -> None:
    assert backend.unsubscribe(address=ADA).status == 404
    assert sandbox.member(ADA) is None


def test_reading(backend: MailchimpBackend, member: Make) -> None:
    assert backend.read(address=ADA) is None
    backend.announce(member=member())
    remote = backend.read(address=ADA)
    assert remote is not None
    assert remote.status == MemberStatus.SUBSCRIBED
    assert remote.changed_at is not None


def test_a_word_in_an_address_is_not_rewritten(
    sandbox: Sandbox, backend: MailchimpBackend, member: Make
) -> None:
    backend.announce(member=member("server@myserver.test"))
    assert sandbox.member("server@myserver.test") is not None


@pytest.mark.parametrize(
    ("plan", "error"),
    [
        (lambda faults: faults.answer_empty(429, path="/members/"), ThrottledError),
        (lambda faults: faults.answer_empty(403, path="/members/"), ThrottledError),
        (lambda faults: faults.answer_html(500, path="/members/"), ServiceError),
        (lambda faults: faults.drop_before(path="/members/"), UnreachableError),
        (lambda faults: faults.drop_after(path="/members/"), UnreachableError),
    ],
)
def test_what_goes_wrong_is_told_by_what_to_do(
    sandbox: Sandbox,
    backend: MailchimpBackend,
    plan: Callable[[Any], Any],
    error: type[MailingError],
    member: Make,
) -> None:
    plan(sandbox.faults)
    with pytest.raises(error):
        backend.announce(member=member())
    backend.announce(member=member())


def test_a_refused_address_names_the_answer_and_not_the_address(
    backend: MailchimpBackend, member: Make
) -> None:
    with pytest.raises(RefusedError) as caught:
        backend.announce(member=member("nobody@example.com"))
    assert (caught.value.status, caught.value.title) == (400, "Invalid Resource")
    assert "example.com" not in f"{caught.value} {caught.value.title} {caught.value.__cause__}"


@pytest.mark.parametrize("key", ["", "nonsense"])
def test_a_bad_key_is_said_in_a_sentence(
    backend: MailchimpBackend, settings: Any, key: str, member: Make
) -> None:
    settings.FUNNEL = {**settings.FUNNEL, "MAILCHIMP_API_KEY": key}
    health = backend.health()
    assert not health.ok
    assert "MAILCHIMP_API_KEY" in health.reason
    with pytest.raises(ConfigurationError):
        backend.announce(member=member())


def test_health_names_the_audience(backend: MailchimpBackend) -> None:
    health = backend.health()
    assert health.ok
    assert "Connected" in health.reason


def test_health_without_an_answer(sandbox: Sandbox, backend: MailchimpBackend) -> None:
    sandbox.stop()
    health = backend.health()
    assert (health.ok, "did not answer" in health.reason) == (False, True)


def test_the_sdk_raises_for_an_error_without_a_body(sandbox: Sandbox) -> None:
    """The flaw that makes a throttled write look like success is mended in the transport."""
    client = make_client(api_key=API_KEY, api_url=sandbox.api_url)
    sandbox.faults.answer_empty(429)
    with pytest.raises(ApiClientError) as caught:
        client.ping.get()
    assert caught.value.status_code == 429


def test_connections_are_reused(sandbox: Sandbox) -> None:
    client = make_client(api_key=API_KEY, api_url=sandbox.api_url)
    pool = client.api_client.session.get_adapter(sandbox.api_url).poolmanager
    for _ in range(5):
        client.ping.get()
    [connections] = [pool.pools[key] for key in list(pool.pools.keys())]
    assert connections.num_connections == 1


def test_nobody_counts_as_gone_in_an_audience_that_is_not_there(
    sandbox: Sandbox, backend: MailchimpBackend, settings: Any, member: Make
) -> None:
    backend.announce(member=member())
    settings.FUNNEL = {**settings.FUNNEL, "MAILCHIMP_AUDIENCE_ID": "0123456789"}
    lost = MailchimpBackend()
    for call in (
        lambda: lost.unsubscribe(address=ADA),
        lambda: lost.erase(address=ADA),
        lambda: lost.read(address=ADA),
        lambda: lost.announce(member=member()),
    ):
        with pytest.raises(ConfigurationError, match="MAILCHIMP_AUDIENCE_ID"):
            call()
