"""The public pages of the plugin, in its site."""

from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.core import mail
from django.http import HttpRequest
from django.test import Client
from hypothesis import given, settings
from hypothesis import strategies as st

from funnel.forms import OptInForm
from funnel.models import Consent, ConsentWording, FunnelSettings, Lead, OptIn

SAME = {"Origin": "http://testserver"}


def test_a_refused_form_keeps_everything_typed(visitor: Any) -> None:
    answer = visitor.opt_in("ada@mail", first_name="Ada <3", cycle="resentment")
    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'value="ada@mail"' in page
    assert 'value="Ada &lt;3"' in page
    chosen = BeautifulSoup(page, "html.parser").select("input[name=cycle][checked]")
    assert [radio["value"] for radio in chosen] == ["resentment"]
    assert 'aria-invalid="true"' in page
    assert 'id="id_email_error"' in page
    assert 'aria-describedby="id_email_error"' in page
    assert not Lead.objects.exists()


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Origin": "https://elsewhere.test"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site", "Origin": "http://testserver"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "none"},
    ],
)
def test_a_form_from_elsewhere_is_refused(visitor: Any, headers: dict[str, str]) -> None:
    answer = visitor.client.post("/free-videos/", {"email": "ada@mail.test"}, headers=headers)
    assert answer.status_code == 403
    assert not Lead.objects.exists()


def test_a_page_cached_under_older_words_records_the_words_it_showed(visitor: Any) -> None:
    current = FunnelSettings.load()
    current.save()
    seen = ConsentWording.objects.get()
    current.one_promise = "New words."
    current.save()

    visitor.opt_in(wording=seen.digest)
    assert Consent.objects.get().wording == seen


def test_unknown_words_are_shown_again(visitor: Any) -> None:
    answer = visitor.opt_in("ada@mail.test", wording="f" * 64)
    page = answer.content.decode()
    assert (answer.status_code, "have changed" in page) == (422, True)
    assert 'value="ada@mail.test"' in page
    assert f'value="{OptInForm().current_wording.digest}"' in page
    assert not OptIn.objects.exists()


def test_where_an_opt_in_came_from_is_stated_by_the_page(visitor: Any) -> None:
    visitor.client.post(
        "/free-videos/",
        {"email": "ada@mail.test", "wording": OptInForm().current_wording.digest},
        headers={
            **SAME,
            "Referer": "http://testserver/articles/waiting/?utm_source=letter&mc_eid=abc123",
        },
    )
    opt_in = OptIn.objects.get()
    assert (opt_in.page_path, opt_in.utm_source) == ("/articles/waiting/", "letter")
    assert "abc123" not in str(OptIn.objects.values().get())


def test_a_link_opens_a_page_with_one_button_and_confirms_nothing(visitor: Any) -> None:
    visitor.opt_in()
    visitor.work()
    for _ in range(3):
        page = visitor.client.get(visitor.links()[0])
    assert len(BeautifulSoup(page.content, "html.parser").select("main button")) == 1
    assert Lead.objects.get().stage == "pending"
    assert page.headers["Cache-Control"] == "no-store"
    assert not page.cookies


def test_the_confirmation_mail_has_one_link(visitor: Any) -> None:
    visitor.opt_in(first_name="Ada", cycle="resentment")
    visitor.work()
    [message] = mail.outbox
    html = str(message.alternatives[0].content)
    assert len(visitor.links()) == 1
    assert html.count("href=") == 1
    assert len(html) < 30_000


def test_a_mail_programs_button_leaves_at_once(visitor: Any) -> None:
    lead = visitor.become_confirmed()
    header = mail.outbox[-1].extra_headers["List-Unsubscribe"]
    path = header.strip("<>").removeprefix("http://localhost:8000")
    page = visitor.client.get(path)
    lead.refresh_from_db()
    assert (page.status_code, lead.stage) == (200, "confirmed")
    visitor.client.post(path, {"List-Unsubscribe": "One-Click"})
    lead.refresh_from_db()
    assert lead.stage == "unsubscribed"


def test_a_link_of_nobody_offers_a_new_one(visitor: Any) -> None:
    for path in ("confirm/nonsense/", "open/nonsense/", "leave/nonsense/", "watch/"):
        page = visitor.client.get(f"/free-videos/{path}")
        assert page.status_code == 410
        assert "Ask for a new link" in page.content.decode()


def test_a_forged_cookie_opens_nothing(visitor: Any) -> None:
    visitor.become_confirmed()
    visitor.client.cookies["videos"] = "1:forged"
    assert visitor.client.get("/free-videos/watch/").status_code == 410


values = st.text(st.characters(codec=None, exclude_categories=()), max_size=60)


@pytest.mark.django_db
@settings(max_examples=150, deadline=None)
@given(
    st.dictionaries(
        st.sampled_from(
            [
                "email",
                "first_name",
                "cycle",
                "page",
                "call_to_action",
                "variant",
                "wording",
                "utm_source",
            ]
        ),
        values | st.just("ada@mail.test") | st.integers(-(10**30), 10**30).map(str),
    )
)
def test_no_input_breaks_the_form(data: dict[str, str]) -> None:
    encodable = {name: value.encode("utf-8", "surrogatepass") for name, value in data.items()}
    encodable.setdefault("wording", OptInForm().current_wording.digest.encode())
    answer = Client().post("/free-videos/", encodable, headers=SAME)
    assert answer.status_code in {302, 422}


def test_a_broken_referer_loses_no_opt_in(visitor: Any) -> None:
    digest = OptInForm().current_wording.digest
    answer = visitor.client.post(
        "/free-videos/",
        {"email": "ada@mail.test", "wording": digest, "utm_source": "a\x00b"},
        headers={**SAME, "Referer": "http://["},
    )
    assert answer.status_code == 302
    assert (OptIn.objects.get().page_path, OptIn.objects.get().utm_source) == ("", "ab")


class TestQuickExit:
    """The way out forgets this browser's videos."""

    PAGE = {**SAME, "Accept": "text/html,application/xhtml+xml"}

    def test_a_script_closes_quietly(self, visitor: Any) -> None:
        visitor.become_confirmed()
        assert visitor.client.get("/free-videos/watch/").status_code == 200
        answer = visitor.client.post("/free-videos/close/", headers={**SAME, "Accept": "*/*"})
        assert (answer.status_code, answer.content) == (204, b"")
        # A browser deletes the cookie only where path and name are those it was set with.
        assert answer.cookies["videos"]["path"] == "/free-videos/watch/"
        assert answer.cookies["videos"]["max-age"] == 0
        assert visitor.client.get("/free-videos/watch/").status_code == 410

    def test_a_form_leads_away(self, visitor: Any) -> None:
        answer = visitor.client.post("/free-videos/close/", headers=self.PAGE)
        assert answer.status_code == 200
        assert '"0; url=https://www.bbc.com/weather"' in answer.content.decode()
        assert answer["Referrer-Policy"] == "no-referrer"
        assert answer["Cache-Control"] == "no-store"

    def test_only_the_host_says_where_it_leads(self, visitor: Any, settings: Any) -> None:
        settings.FUNNEL = {**settings.FUNNEL, "QUICK_EXIT": "tests.funnel.test_views.way_out"}
        for path in ("/free-videos/close/", "/free-videos/close/?next=//elsewhere.test"):
            answer = visitor.client.post(
                path, {"next": "//elsewhere.test", "url": "//elsewhere.test"}, headers=self.PAGE
            )
            assert '"0; url=https://away.test/testserver"' in answer.content.decode()
            assert b"elsewhere" not in answer.content

    def test_another_site_closes_nothing(self, visitor: Any) -> None:
        headers = {**self.PAGE, "Origin": "https://elsewhere.test"}
        answer = visitor.client.post("/free-videos/close/", headers=headers)
        assert answer.status_code == 200
        assert not answer.cookies

    def test_opening_its_address_does_nothing(self, visitor: Any) -> None:
        assert visitor.client.get("/free-videos/close/").status_code == 405


def way_out(request: HttpRequest) -> str:
    """A host's own choice."""
    return f"https://away.test/{request.get_host()}"
