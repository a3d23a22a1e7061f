"""What holds of every mail, whoever reads over a shoulder and whatever shows it."""

import html as html_module
import re
from email.utils import parseaddr, parsedate_to_datetime
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from django.core import mail
from django.core.mail import EmailMultiAlternatives

from funnel.choices import OutboxKind, OutboxState, ReleaseRule, SenderChoice
from funnel.models import FunnelSettings, Lead, OutboxEntry, StuckCycle
from funnel.services.clock import run_clock
from funnel.services.mail import NOT_LAWFUL_YET, SUBJECT, Message, write_mail
from funnel.services.messages import NEUTRAL_INVITATION_SUBJECT
from tests.factories.sequence import become_reader

pytestmark = pytest.mark.django_db

ROOT = Path(__file__).resolve().parents[3]
TEMPLATES = ROOT / "funnel/templates/funnel/mail"
CHOICES = list(SenderChoice.values)
LEGAL = {
    "legal_name": "Marwood & Holt Counsel LLC",
    "postal_address": "12 Long Street, Boston MA 02108, USA",
    "privacy_page": "/privacy/",
}
# What nobody should read over a shoulder.
LOUD = re.compile(
    r"marriage|married|husband|wife|spouse|partner|relationship|divorce|couple|coach|lead\b"
    r"|reactive|criticism|desperation|resentment|stuck|video",
    re.IGNORECASE,
)
GMAIL_CLIPS_AT = 102 * 1024
# Properties that Word, which draws mails in Outlook, drops, or that break them.
UNSAFE_CSS = re.compile(
    r"(?<![-\w])(?:position|float|display:\s*(?:flex|grid)|background-image|transform|animation"
    r"|url\(|var\(|calc\(|@import|@font-face|rgba\()"
)
# What can be decorated with padding in Word.
WORD_PADS = {"td", "th", "table"}


class Parsed(HTMLParser):
    """Tags with their attributes, and the text a person reads, in order."""

    def __init__(self, markup: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.shown: list[str] = []
        self.hidden = 0
        self.feed(markup)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a tag."""
        self.tags.append((tag, {name: value or "" for name, value in attrs}))
        self.hidden += tag in {"head", "style", "title"} and tag != "title"

    def handle_endtag(self, tag: str) -> None:
        """Leave what is not shown."""
        self.hidden -= tag in {"head", "style"}

    def handle_data(self, data: str) -> None:
        """Note what is shown."""
        if not self.hidden and data.strip():
            self.shown.append(" ".join(data.split()))

    @property
    def text(self) -> str:
        """What a person reads."""
        return " ".join(self.shown)

    def all(self, tag: str) -> list[dict[str, str]]:
        """The attributes of every tag of a name."""
        return [attributes for name, attributes in self.tags if name == tag]


def html_of(message: Any) -> str:
    """The HTML form of a mail."""
    [(markup, kind)] = [tuple(each) for each in message.alternatives]
    assert kind == "text/html"
    return str(markup)


@pytest.fixture(params=CHOICES)
def choice(request: pytest.FixtureRequest) -> str:
    """How the person wants the mails to show up."""
    return str(request.param)


@pytest.fixture
def site(db: None) -> FunnelSettings:
    """A site that has told everything, with two senders."""
    FunnelSettings.load()
    FunnelSettings.objects.update(
        sender_name="Maren Holt",
        sender_address="maren@holt.test",
        neutral_sender_name="M. H.",
        neutral_sender_address="mh@holt.test",
        **LEGAL,
    )
    return FunnelSettings.load()


@pytest.fixture
def mails(visitor: Any, site: FunnelSettings, choice: str) -> list[Any]:
    """Every mail of one person's way from the form to the invitation, and those she asks for."""
    reader = become_reader(
        visitor,
        release=ReleaseRule.A_DAY_APART,
        first_name="Adaline",
        cycle="resentment",
        sender=choice,
    )
    reader.wait_until("2026-07-01 12:00")
    assert len(mail.outbox) == 6
    return list(mail.outbox)


def test_every_mail_comes_from_the_chosen_sender(mails: list[Any], choice: str) -> None:
    expected = {"coach": ("Maren Holt", "maren@holt.test"), "neutral": ("M. H.", "mh@holt.test")}
    assert {parseaddr(message.from_email) for message in mails} == {expected[choice]}


def test_a_neutral_sender_has_a_neutral_subject(mails: list[Any], choice: str) -> None:
    subjects = {message.subject for message in mails}
    if choice == SenderChoice.NEUTRAL:
        assert subjects == {SUBJECT, NEUTRAL_INVITATION_SUBJECT}
    else:
        assert len(subjects) == 5


def test_the_list_of_mails_says_nothing(mails: list[Any], choice: str) -> None:
    """Subject and first lines, in both forms, whichever of them a program shows."""
    cycles = [text for row in StuckCycle.objects.values_list("name", "experience") for text in row]
    for message in mails:
        firsts = (str(message.body)[:150], Parsed(html_of(message)).text[:150])
        for said in (message.subject, *firsts):
            assert not LOUD.search(said), said
            for word in ("Adaline", "ada@mail.test", "Maren", "Holt", "holt.test", *cycles):
                assert word not in said, said
        for said in firsts:
            assert len(said) == 150
            assert "http" not in said


def test_the_sender_does_not_name_the_coach_to_whom_wants_it_neutral(
    mails: list[Any], choice: str
) -> None:
    for message in mails:
        before_the_footer = str(message.body).partition("\n--\n")[0]
        assert ("Maren" in before_the_footer) == (choice == SenderChoice.COACH)


def test_every_mail_says_whose_it_is(mails: list[Any]) -> None:
    for message in mails:
        for form in (str(message.body), html_module.unescape(html_of(message))):
            assert LEGAL["legal_name"] in form
            assert LEGAL["postal_address"] in form
            assert "http://localhost:8000/privacy/" in form


def test_the_confirmation_promotes_nothing(mails: list[Any]) -> None:
    """One link to do what was asked for, one to the privacy page; no word of anything else."""
    confirmation = mails[0]
    links = [each["href"] for each in Parsed(html_of(confirmation)).all("a")]
    assert len(links) == 2
    assert "/confirm/" in links[0]
    assert links[1].endswith("/privacy/")
    assert re.findall(r"https?://\S+", str(confirmation.body)) == links
    assert "List-Unsubscribe" not in confirmation.extra_headers


def test_every_mail_has_one_button_with_real_text(mails: list[Any]) -> None:
    for message in mails:
        parsed = Parsed(html_of(message))
        buttons = [each for each in parsed.all("a") if each.get("class") == "press"]
        assert len(buttons) == 1
        assert buttons[0]["href"] in str(message.body)
        assert parsed.all("img") == []
        cell = next(each for name, each in parsed.tags if each.get("class") == "press-cell")
        assert cell["bgcolor"] in buttons[0]["style"]
        assert "mso-padding-alt" in cell["style"]


def test_whatever_follows_can_be_left_with_one_press(mails: list[Any]) -> None:
    for message in mails[1:]:
        assert message.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        url = message.extra_headers["List-Unsubscribe"].strip("<>")
        assert url in str(message.body)
        assert f'href="{url}"' in html_of(message)


def test_machines_know_what_it_is(mails: list[Any], visitor: Any) -> None:
    ids = [message.extra_headers["Message-ID"] for message in mails]
    assert len(set(ids)) == len(ids)
    for message in mails:
        headers = message.message()
        domain = parseaddr(message.from_email)[1].partition("@")[2]
        assert re.fullmatch(rf"<[0-9a-f]{{40}}@{re.escape(domain)}>", headers["Message-ID"])
        assert headers["Auto-Submitted"] == "auto-generated"
        assert parsedate_to_datetime(headers["Date"]).year == 2026
        assert "ada" not in headers["Message-ID"]


def test_it_is_small_and_both_forms_are_there(mails: list[Any]) -> None:
    for message in mails:
        whole = message.message().as_bytes()
        assert len(whole) < 30_000 < GMAIL_CLIPS_AT
        assert [part.get_content_type() for part in message.message().walk()] == [
            "multipart/alternative",
            "text/plain",
            "text/html",
        ]
        assert max(len(line) for line in whole.splitlines()) < 998


def test_plain_text_is_as_wide_as_a_screen(mails: list[Any]) -> None:
    for message in mails:
        for line in str(message.body).splitlines():
            assert len(line) <= 80 or "http" in line or "’" in line, line


class TestTheHtml:
    def test_says_its_language_and_lays_out_with_tables_that_say_so(self, mails: list[Any]) -> None:
        for message in mails:
            parsed = Parsed(html_of(message))
            assert parsed.all("html")[0]["lang"] == "en"
            assert {each.get("role") for each in parsed.all("table")} == {"presentation"}
            assert parsed.all("meta")
            assert any(name == "div" and each.get("lang") == "en" for name, each in parsed.tags)

    def test_carries_its_styles_where_mail_programs_want_them(self, mails: list[Any]) -> None:
        """Gmail drops a whole style element with one rule it dislikes: nothing depends on it."""
        for message in mails:
            markup = html_of(message)
            [kept] = re.findall(r"<style>(.*?)</style>", markup, re.DOTALL)
            assert kept.strip().startswith("@media (prefers-color-scheme: dark)")
            assert len(kept) < 1000
            for name, attributes in Parsed(markup).tags:
                if name in {"p", "a", "td"} and "align" not in attributes:
                    assert attributes.get("style"), (name, attributes)

    def test_uses_nothing_that_breaks_in_outlook(self, mails: list[Any]) -> None:
        for message in mails:
            markup = html_of(message)
            styles = re.findall(r'style="([^"]*)"', markup)
            for style in styles:
                assert not UNSAFE_CSS.search(style), style
            assert "<!--[if mso]>" in markup
            assert markup.count("<!--[if mso]>") == markup.count("<![endif]-->")
            for name, attributes in Parsed(markup).tags:
                if name in {"p", "div"}:
                    assert not re.search(r"padding: \d+px \d", attributes.get("style", ""))

    def test_asks_nothing_of_anybody_and_runs_nothing(self, mails: list[Any]) -> None:
        for message in mails:
            parsed = Parsed(html_of(message))
            names = {name for name, _ in parsed.tags}
            assert not names & {"script", "img", "link", "form", "iframe", "object", "video"}
            for _, attributes in parsed.tags:
                assert not any(name.startswith("on") or name == "src" for name in attributes)
            for link in parsed.all("a"):
                assert link["href"].startswith("http://localhost:8000/")

    @pytest.mark.parametrize("scheme", ["light", "dark"])
    def test_can_be_read_by_day_and_by_night(self, mails: list[Any], scheme: str) -> None:
        """Every pair of ink and ground has a contrast of 4.5 at least."""
        markup = html_of(mails[2])
        if scheme == "dark":
            pairs = [("#eee7dc", "#1d1a17"), ("#bdb4a6", "#1d1a17"), ("#ffffff", "#1f4d47")]
        else:
            pairs = [("#26221d", "#faf7f2"), ("#5c554b", "#faf7f2"), ("#ffffff", "#1f4d47")]
        for ink, ground in pairs:
            assert ink in markup
            assert ground in markup
            assert contrast(ink, ground) >= 4.5


def contrast(one: str, other: str) -> float:
    """The contrast of two colors, as WCAG reckons it."""

    def luminance(color: str) -> float:
        channels = [int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("template", sorted(path.stem for path in TEMPLATES.glob("*.txt")))
def test_every_template_gets_the_footer_and_a_quiet_beginning(
    site: FunnelSettings, template: str
) -> None:
    """Also of the mails that somebody adds later."""
    links = dict.fromkeys(
        ("confirm_url", "videos_url", "my_data_url", "request_url", "url"), "https://x.test/a/b/"
    )
    written = write_mail(
        Message(
            lead=Lead(address="ada@mail.test", first_name="Adaline"),
            template=f"funnel/mail/{template}",
            context={**links, "mail": {"opening": "A line.", "button_label": "Open"}},
        )
    )
    assert LEGAL["legal_name"] in written.text
    assert LEGAL["legal_name"] in html_module.unescape(written.html)
    assert f"{site.sender_name}\n" in written.text
    for form in (written.text, Parsed(written.html).text):
        assert "http" not in form[:150]
        assert "Adaline" not in form
        assert site.sender_name not in form[:150]
    assert len(written.html.encode()) < 30_000


class TestWhoChose:
    def test_the_confirmation_shows_up_as_the_form_said(
        self, visitor: Any, site: FunnelSettings
    ) -> None:
        visitor.opt_in(sender="neutral")
        visitor.work()
        assert mail.outbox[-1].from_email == '"M. H." <mh@holt.test>'

    def test_a_stranger_makes_nobodys_mails_louder(
        self, visitor: Any, site: FunnelSettings
    ) -> None:
        visitor.become_confirmed(sender="neutral")
        for answers in ({}, {"first_name": "Somebody"}):
            visitor.move(days=1)
            visitor.opt_in(sender="coach", **answers)
            visitor.work()
            assert mail.outbox[-1].from_email == '"M. H." <mh@holt.test>'

    def test_a_site_without_a_neutral_name_has_one_sender(self, visitor: Any) -> None:
        visitor.become_confirmed()
        Lead.objects.update(sender_choice="neutral")
        visitor.move(days=1)
        visitor.opt_in()
        visitor.work()
        assert {message.from_email for message in mail.outbox} == {
            f"{FunnelSettings.load().sender_name} <hello@unstuck.test>"
        }

    def test_mailchimp_hears_of_it_by_a_tag(
        self, visitor: Any, site: FunnelSettings, mail_service: Any
    ) -> None:
        visitor.become_confirmed(sender="neutral")
        assert "mails-neutral" in mail_service.members["ada@mail.test"].tags


class TestBeforeASiteSaysWhoseItsMailsAre:
    @pytest.fixture
    def public(self, settings: Any) -> None:
        settings.FUNNEL = {**settings.FUNNEL, "SITE_URL": "https://www.holt.test"}
        settings.ALLOWED_HOSTS = ["testserver"]

    @pytest.mark.parametrize("missing", [*LEGAL, "all"])
    def test_nothing_leaves_and_a_person_is_told(
        self, visitor: Any, site: FunnelSettings, public: None, missing: str
    ) -> None:
        FunnelSettings.objects.update(**dict.fromkeys(LEGAL if missing == "all" else [missing], ""))
        visitor.opt_in()
        visitor.work()
        entry = OutboxEntry.objects.get()
        assert mail.outbox == []
        assert (entry.state, entry.advice) == (OutboxState.NEEDS_ATTENTION, NOT_LAWFUL_YET)

    def test_it_leaves_by_itself_once_the_site_does(
        self, visitor: Any, site: FunnelSettings, public: None
    ) -> None:
        FunnelSettings.objects.update(postal_address="")
        visitor.opt_in()
        visitor.work()
        run_clock(now=visitor.clock())
        visitor.work()
        assert mail.outbox == []
        FunnelSettings.objects.update(**LEGAL)
        visitor.move(minutes=1)
        run_clock(now=visitor.clock())
        visitor.work()
        assert len(mail.outbox) == 1
        assert OutboxEntry.objects.get(kind=OutboxKind.OPT_IN_MAIL).state == OutboxState.DELIVERED

    def test_a_site_on_this_machine_may_try_everything_out(self, visitor: Any) -> None:
        visitor.opt_in()
        visitor.work()
        assert len(mail.outbox) == 1


def test_a_single_mail_says_that_it_is_the_only_one(visitor: Any) -> None:
    visitor.become_confirmed(one_mail="on")
    body = " ".join(str(mail.outbox[-1].body).split())
    assert "the only one" in body
    assert isinstance(mail.outbox[-1], EmailMultiAlternatives)
