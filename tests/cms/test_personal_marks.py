"""What names a person leaves an address before anything else looks at it."""

import io
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, quote, quote_plus, urlencode

import pytest
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import given
from hypothesis import strategies as st

from cms import wsgi
from cms.page_cache.keys import KeyMaker
from cms.personal_marks import scrubbed, scrubbed_address, scrubbed_query, without_personal_marks
from funnel.forms import OptInForm
from funnel.models import OptIn

ROOT = Path(__file__).resolve().parents[2]
NAME = "a1b2c3d4e5"


@pytest.mark.parametrize(
    ("query", "kept"),
    [
        (f"mc_eid={NAME}", ""),
        (f"utm_source=letter&mc_eid={NAME}&page=2", "utm_source=letter&page=2"),
        (f"mc_cid=campaign&mc_eid={NAME}", "mc_cid=campaign"),
        (f"MC_EID={NAME}&page=2", "page=2"),
        (f"mc%5Feid={NAME}&page=2", "page=2"),
        (f"m%63_eid={NAME}", ""),
        (f"a=1&amp;mc_eid={NAME}", "a=1&amp"),
        (f"a=1;mc_eid={NAME};b=2", "a=1;b=2"),
        (f"next=%2Fadmin%2F%3Fmc_eid%3D{NAME}&a=1", "a=1"),
        (f"next=%252F%253Fmc%255Feid%253D{NAME}", ""),
        ("page=2&q=100%25", "page=2&q=100%25"),
        ("", ""),
    ],
)
def test_a_query_loses_it_however_it_is_spelled(query: str, kept: str) -> None:
    assert scrubbed_query(query) == kept


@pytest.mark.parametrize(
    ("address", "kept"),
    [
        (f"https://a.test/b/?mc_eid={NAME}", "https://a.test/b/"),
        (f"https://a.test/b/?x=1&mc_eid={NAME}#c", "https://a.test/b/?x=1#c"),
        (f"https://a.test/b/#mc_eid={NAME}", "https://a.test/b/"),
        (f"/b;mc_eid={NAME}/", ""),
        ("https://a.test/b/?x=1#c", "https://a.test/b/?x=1#c"),
    ],
)
def test_an_address_loses_it(address: str, kept: str) -> None:
    assert scrubbed_address(address) == kept


names = st.text(min_size=1, max_size=12)


@given(st.lists(st.tuples(names, names), max_size=6), st.integers(0, 6))
def test_nothing_else_is_lost(pairs: list[tuple[str, str]], place: int) -> None:
    told = [pair for pair in pairs if "mc_eid" not in "".join(pair).lower()]
    with_mark = [*told[:place], ("mc_eid", NAME), *told[place:]]
    kept = scrubbed_query(urlencode(with_mark))
    assert parse_qsl(kept, keep_blank_values=True) == told


@given(st.integers(0, 3), st.sampled_from(["mc_eid", "Mc_Eid", "mc%5feid"]), st.text(max_size=20))
def test_no_depth_of_encoding_hides_it(depth: int, spelled: str, around: str) -> None:
    text = f"{quote_plus(around)}/?{spelled}={NAME}"
    for _ in range(depth):
        text = quote(text, safe="")
    assert NAME not in scrubbed_query(f"a=1&next={text}")


def test_what_holds_no_mark_is_handed_on_as_it_is() -> None:
    environ = {"QUERY_STRING": "page=2&utm_source=a%20b", "HTTP_REFERER": "https://a.test/"}
    assert scrubbed(environ) == environ


class Seen:
    """An application that keeps what it was given."""

    environ: dict[str, Any]

    def __call__(self, environ: dict[str, Any], start_response: Any) -> list[bytes]:
        self.environ = environ
        return []


def _request(**changed: Any) -> dict[str, Any]:
    return {
        "REQUEST_METHOD": "GET",
        "SERVER_NAME": "testserver",
        "SERVER_PORT": "80",
        "HTTP_HOST": "testserver",
        "wsgi.url_scheme": "http",
        "PATH_INFO": "/",
        "QUERY_STRING": f"utm_source=letter&mc_cid=c&mc_eid={NAME}",
        "REQUEST_URI": f"/?mc_eid={NAME}",
        "RAW_URI": f"/?mc_eid={NAME}",
        "HTTP_REFERER": f"http://testserver/articles/?utm_source=letter&mc_eid={NAME}",
        **changed,
    }


def test_neither_cache_key_nor_anything_behind_it_holds_it() -> None:
    seen = Seen()
    list(without_personal_marks(seen)(_request(), lambda *_: None))
    assert NAME not in str(seen.environ)
    assert NAME not in str(KeyMaker().key_of(seen.environ))
    assert "utm_source=letter" in seen.environ["QUERY_STRING"]


def test_the_site_is_behind_this_step() -> None:
    assert wsgi.application.__qualname__.startswith(without_personal_marks.__qualname__)


@pytest.fixture
def kept_connection(db: None) -> Iterator[None]:
    """A request's end would close the connection that holds the test's transaction."""
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    yield
    for signal in signals:
        signal.connect(close_old_connections)


def test_neither_log_nor_answer_nor_database_holds_it(
    kept_connection: None, caplog: pytest.LogCaptureFixture
) -> None:
    """Through the whole site: a redirect for a slash, a page that is not there, an opt-in."""
    caplog.set_level(logging.DEBUG)
    said: list[Any] = []
    body = urlencode({"email": "ada@mail.test", "wording": _wording()}).encode()
    posted = _request(
        REQUEST_METHOD="POST",
        PATH_INFO="/free-videos/",
        CONTENT_TYPE="application/x-www-form-urlencoded",
        CONTENT_LENGTH=str(len(body)),
        HTTP_ORIGIN="http://testserver",
        **{"wsgi.input": io.BytesIO(body)},
    )
    for request in (_request(PATH_INFO="/articles"), _request(PATH_INFO="/gone/"), posted):
        request.setdefault("wsgi.input", io.BytesIO())
        request.setdefault("wsgi.errors", io.StringIO())
        answer = wsgi.application(request, lambda *told: said.append(told))
        said.append(b"".join(answer))
    opt_in = OptIn.objects.values().get()
    assert (opt_in["page_path"], opt_in["utm_source"]) == ("/articles/", "letter")
    assert NAME not in f"{said}{opt_in}{caplog.text}"


def _wording() -> str:
    return OptInForm().current_wording.digest


def test_the_web_server_writes_no_log_of_its_own() -> None:
    """It would be written before this step, from the request as it came."""
    [web] = [line for line in (ROOT / "Procfile").read_text().splitlines() if "granian" in line]
    assert "--no-access-log" in web
