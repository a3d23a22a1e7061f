"""Where an opt-in came from, and how its mails are to come: as the page stated it, or unknown."""

from typing import Any
from zoneinfo import available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from funnel.choices import SenderChoice
from funnel.forms import OptInForm
from funnel.models import FunnelSettings, Lead, OptIn
from funnel.queries.content import FormContent

anything = st.text(st.characters(codec=None, exclude_categories=()), max_size=600)


@pytest.fixture
def neutral_name(db: None) -> str:
    """A site that offers a name that says little."""
    known = FunnelSettings.load()
    known.neutral_sender_name = "M. H."
    known.save()
    return known.neutral_sender_name


def test_what_the_page_carried_is_kept(visitor: Any) -> None:
    visitor.opt_in(
        landing_path="/articles/waiting/",
        referring_host="search.test",
        utm_source="letter",
        time_zone="America/Chicago",
        one_mail="on",
    )
    opt_in = OptIn.objects.get()
    assert (opt_in.landing_path, opt_in.referring_host, opt_in.utm_source) == (
        "/articles/waiting/",
        "search.test",
        "letter",
    )
    assert (opt_in.time_zone, opt_in.wants_one_mail) == ("America/Chicago", True)


def test_what_is_unknown_stays_empty(visitor: Any) -> None:
    visitor.opt_in()
    opt_in = OptIn.objects.get()
    facts = ("landing_path", "referring_host", "utm_source", "time_zone", "page_path")
    assert [getattr(opt_in, name) for name in facts] == [""] * 5
    assert opt_in.sender_choice == SenderChoice.COACH


@pytest.mark.parametrize(
    ("told", "kept"),
    [
        ("/articles/?utm_source=a#b", "/articles/"),
        ("https://elsewhere.test/", ""),
        ("//elsewhere.test/", ""),
        ("/\\elsewhere.test/", ""),
        ("javascript:alert(1)", ""),
        ("/free-videos/open/inVwvFmVpaKQDRlkg97kOrBkLG0LftLijTge7SM-Ih0/", ""),
        ("/" + "a/" * 300, ""),
        ("/a\x00b/\n", "/ab/"),
    ],
)
def test_a_landing_page_is_a_path_of_this_site(visitor: Any, told: str, kept: str) -> None:
    visitor.opt_in(landing_path=told)
    assert OptIn.objects.get().landing_path == kept


@pytest.mark.parametrize(
    ("told", "kept"),
    [
        ("Search.Test", "search.test"),
        ("testserver", ""),
        ("search.test/path", ""),
        ("<script>", ""),
        ("a" * 400, ""),
        ("-a.test", ""),
    ],
)
def test_a_referring_host_is_a_name_and_not_ours(visitor: Any, told: str, kept: str) -> None:
    visitor.opt_in(referring_host=told)
    assert OptIn.objects.get().referring_host == kept


@pytest.mark.parametrize("zone", ["Mars/Olympus", "../etc/passwd", "America/Chicago\x00", "x" * 90])
def test_a_zone_that_is_none_is_unknown(visitor: Any, zone: str) -> None:
    visitor.opt_in(time_zone=zone)
    assert OptIn.objects.get().time_zone == ""


@pytest.mark.django_db
@given(st.fixed_dictionaries(dict.fromkeys(("landing_path", "referring_host"), anything)))
def test_nothing_that_a_page_carries_refuses_a_form(carried: dict[str, str]) -> None:
    content = FormContent(settings=FunnelSettings(), cycles=[])
    form = OptInForm({**carried, "time_zone": carried["landing_path"]}, content=content)
    form.full_clean()
    cleaned = form.cleaned_data
    assert not {"landing_path", "referring_host", "time_zone"} & set(form.errors)
    assert cleaned["landing_path"] == "" or cleaned["landing_path"].startswith("/")
    assert len(cleaned["landing_path"]) <= 500
    assert len(cleaned["referring_host"]) <= 255
    assert cleaned["time_zone"] in {"", *available_timezones()}


def test_a_throw_away_address_is_taken_and_flagged(visitor: Any) -> None:
    for address in ("ada@mailinator.com", "ada@sub.mailinator.com", "ada@mail.test"):
        assert visitor.opt_in(address).status_code == 302
    flags = dict(OptIn.objects.values_list("lead__address_key", "is_disposable"))
    assert flags == {
        "ada@mailinator.com": True,
        "ada@sub.mailinator.com": True,
        "ada@mail.test": False,
    }


class TestSender:
    """How mails show up is chosen on the form, and counts once the address is proven."""

    def test_both_are_shown_beforehand(self, visitor: Any, neutral_name: str) -> None:
        page = visitor.client.get("/free-videos/").content.decode()
        assert "How our mails show up in your mailbox" in page
        assert "Unstuck – The link you asked for" in page
        assert "M. H. – The link you asked for" in page

    def test_where_there_is_one_name_nobody_is_asked(self, visitor: Any) -> None:
        page = visitor.client.get("/free-videos/").content.decode()
        assert "How our mails show up" not in page
        visitor.opt_in(sender="neutral")
        assert OptIn.objects.get().sender_choice == SenderChoice.COACH

    def test_the_thank_you_page_names_both(self, visitor: Any, neutral_name: str) -> None:
        page = visitor.client.get("/free-videos/check-your-mail/").content.decode()
        assert "Unstuck, or M. H." in page
        assert "The link you asked for" in page

    def test_a_sender_that_is_none_is_refused(self, visitor: Any, neutral_name: str) -> None:
        answer = visitor.opt_in(sender="somebody")
        assert answer.status_code == 422
        assert "choose one of these two" in answer.content.decode()

    def test_a_confirmed_choice_becomes_the_persons(self, visitor: Any, neutral_name: str) -> None:
        lead = visitor.become_confirmed(
            sender="neutral", one_mail="on", time_zone="America/Chicago"
        )
        assert (lead.sender_choice, lead.wants_one_mail, lead.time_zone) == (
            SenderChoice.NEUTRAL,
            True,
            "America/Chicago",
        )

    def test_an_unproven_choice_changes_nobody(self, visitor: Any, neutral_name: str) -> None:
        visitor.opt_in(sender="neutral", one_mail="on")
        lead = Lead.objects.get()
        assert (lead.sender_choice, lead.wants_one_mail) == (SenderChoice.COACH, False)

    def test_a_form_sent_as_it_came_makes_no_mail_louder(
        self, visitor: Any, neutral_name: str
    ) -> None:
        visitor.become_confirmed(sender="neutral", one_mail="on", cycle="criticism")
        lead = visitor.become_confirmed(cycle="resentment")
        assert (lead.sender_choice, lead.wants_one_mail) == (SenderChoice.NEUTRAL, True)
        assert lead.current_cycle.code == "resentment"
