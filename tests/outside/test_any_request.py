"""Whatever is sent to any public address or form: it is answered, and never with a 5xx.

The addresses and the forms are found by walking the site, so that a new one is tried by itself.
`make soak ARGS=fuzz` sends twenty thousand requests to each database engine.
"""

import logging
import os
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from io import BytesIO
from typing import Any
from urllib.parse import quote_from_bytes, urlencode

import pytest
from django.core import signing
from django.core.signals import got_request_exception, request_finished, request_started
from django.db import close_old_connections, transaction
from hypothesis import HealthCheck, event, given, seed
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from wagtail.models import Page

from cms.wsgi import application
from funnel.choices import LinkPurpose
from funnel.models import CallRequest, FunnelSettings, PrivateLink
from funnel.services.links import create_link
from funnel.urls import urlpatterns
from tests.factories.assessments import published
from tests.factories.leads import lead_with_story
from tests.factories.pages import make_site
from tests.factories.watching import series_of
from tests.outside.payloads import PAYLOADS
from tests.outside.public_addresses import Address, Form, forms_in, public_addresses

INPUTS = int(os.environ.get("SOAK_INPUTS", "300"))
SEED = int(os.environ.get("SOAK_SEED", "0"))
IS_TRIAL = "SOAK_INPUTS" in os.environ
HOST = "localhost:8000"
SAME_ORIGIN = {"HTTP_ORIGIN": f"http://{HOST}", "HTTP_SEC_FETCH_SITE": "same-origin"}

ODD_BYTES = st.sampled_from(
    [
        b"\x00",
        b"\xff\xfe",
        b"\xc0\xaf",
        b"\xed\xa0\x80",
        b"\r\nX-Odd: 1",
        b"%",
        b"%00",
        b"%zz",
        b"/" * 300,
    ]
) | st.binary(max_size=30)
ODD_TEXT = (
    st.sampled_from([*PAYLOADS.values(), "", "0", "-1", "9" * 30, "1e9", "NaN", "null", "[]", "٣"])
    | st.text(max_size=40)
    | st.text(st.characters(categories=["Cs", "Cc", "Cf", "Co", "Cn", "Mn"]), max_size=10)
)
ODD_HEADERS = {
    "HTTP_HOST": st.sampled_from(
        ["", "elsewhere.test", "localhost:8000\r\nX: y", "[::1", "a" * 300]
    ),
    "HTTP_ORIGIN": ODD_TEXT,
    "HTTP_SEC_FETCH_SITE": st.sampled_from(["cross-site", "none", "", "same-origin"]),
    "HTTP_REFERER": st.sampled_from(
        [
            "http://[",
            "http://localhost:8000/?utm_source=%00%ff&utm_source=b",
            "//",
            "http://x:99999/",
        ]
    )
    | ODD_TEXT,
    "HTTP_USER_AGENT": ODD_TEXT,
    "HTTP_ACCEPT": ODD_TEXT,
    "HTTP_ACCEPT_LANGUAGE": ODD_TEXT,
    "HTTP_ACCEPT_ENCODING": ODD_TEXT,
    "HTTP_RANGE": st.sampled_from(
        ["bytes=0-", "bytes=-1", "bytes=9-1", "bytes=0-0,2-3", "bytes=" + "9" * 40 + "-", "x=1-2"]
    )
    | ODD_TEXT,
    "HTTP_IF_RANGE": ODD_TEXT,
    "HTTP_IF_NONE_MATCH": ODD_TEXT,
    "HTTP_IF_MODIFIED_SINCE": ODD_TEXT,
    "HTTP_X_FORWARDED_FOR": st.sampled_from(["::1%lo", "1.2.3", ", ,", "1.1.1.1," * 99]) | ODD_TEXT,
    "HTTP_X_FORWARDED_HOST": ODD_TEXT,
    "HTTP_X_FORWARDED_PROTO": ODD_TEXT,
    "HTTP_COOKIE": ODD_TEXT,
    "HTTP_X_REQUESTED_WITH": st.just("XMLHttpRequest"),
    "HTTP_TRANSFER_ENCODING": st.just("chunked"),
    # What is no number at all, the web server itself refuses.
    "CONTENT_LENGTH": st.sampled_from(["", "0", "7", "9" * 9]),
    "CONTENT_TYPE": st.sampled_from(
        [
            "text/plain; charset=rot13",
            "application/x-www-form-urlencoded; charset=utf-16",
            "multipart/form-data",
            "multipart/form-data; boundary=",
            "multipart/form-data; boundary=\xff",
            "application/json",
            "",
        ]
    )
    | ODD_TEXT,
    "REMOTE_ADDR": st.sampled_from(["", "::ffff:1.2.3.4", "not an address", "unix:"]),
}


@dataclass
class PublicSite:
    """What there is to ask for, and what fits where."""

    addresses: list[Address]
    pages: list[str]
    forms: list[Form]
    fitting: dict[str, list[str]]
    cookies: list[str]
    seen: Counter[tuple[str, int]] = field(default_factory=Counter)
    errors: list[BaseException] = field(default_factory=list)


def latin(text: str | bytes) -> str:
    """Write text as WSGI passes bytes on."""
    raw = text if isinstance(text, bytes) else text.encode("utf-8", "surrogatepass")
    return raw.decode("latin-1")


def ask(environ: dict[str, Any], *, body: bytes = b"") -> tuple[int, list[tuple[str, str]], bytes]:
    """Hand a request to the site as the web server does; return its answer."""
    said: list[Any] = []
    given_environ = {
        "REQUEST_METHOD": "GET",
        "SCRIPT_NAME": "",
        "PATH_INFO": "/",
        "QUERY_STRING": "",
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "8000",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "HTTP_HOST": HOST,
        "REMOTE_ADDR": "127.0.0.1",
        "CONTENT_LENGTH": str(len(body)),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.input": BytesIO(body),
        "wsgi.errors": BytesIO(),
        "wsgi.multithread": False,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
        **environ,
    }
    chunks = application(given_environ, lambda status, headers, *_: said.append((status, headers)))
    try:
        content = b"".join(chunks)
    finally:
        if hasattr(chunks, "close"):
            chunks.close()
    status, headers = said[0]
    return int(status[:3]), headers, content


@pytest.fixture
def site(db: None, one_connection: None, now: datetime, time_machine: Any) -> Iterator[PublicSite]:
    """A whole site, somebody known to it, her links, and every form that anybody can see."""
    time_machine.move_to(now, tick=False)
    make_site(now, whole=True)
    series = series_of(2)
    FunnelSettings.objects.update(series=series)
    published(now)
    lead = lead_with_story(first_name="Ada")
    opt_in = lead.opt_ins.get()
    opt_in.lead = lead
    run = {"lead": lead, "requested_at": now, "topic": "Quiet", "contact_way": "email"}
    CallRequest.objects.create(**run)
    tokens: dict[str, str] = {}
    links: dict[str, PrivateLink] = {}
    for purpose in LinkPurpose:
        links[purpose], tokens[purpose] = create_link(
            purpose=purpose, lead=lead, opt_in=opt_in, now=now
        )
    PrivateLink.objects.filter(pk=links[LinkPurpose.MY_DATA].pk).update(used_at=now)
    _, unopened = create_link(purpose=LinkPurpose.MY_DATA, lead=lead, opt_in=None, now=now)
    cookies = [
        f"{name}={signing.dumps(links[purpose].pk, salt=f'funnel.{name}')}"
        for name, purpose in (("videos", LinkPurpose.VIDEOS), ("my_data", LinkPurpose.MY_DATA))
    ]
    video = str(series.videos.get(sort_order=1).pk)
    fitting = {
        "token": [*tokens.values(), unopened],
        "video_id": [video, "0", "999999999"],
        "part": ["file", "captions", "poster"],
        "form": ["json", "txt"],
        "name": ["confirm", "forms", "home"],
    }
    addresses = public_addresses()
    pages = [page.url for page in Page.objects.live().public() if page.url]
    plain = [
        *pages,
        *(
            address.path(
                lambda name, n=n: fitting.get(name, ["1"])[n % len(fitting.get(name, "1"))]
            )
            for address in addresses
            for n in range(len(fitting["token"]))
        ),
    ]
    shown = []
    for path in dict.fromkeys(plain):
        _, headers, html = ask({"PATH_INFO": latin(path), "HTTP_COOKIE": "; ".join(cookies)})
        if dict(headers).get("Content-Type", "").startswith("text/html"):
            shown.append((path, html))
    found = PublicSite(addresses, pages, forms_in(shown), fitting, cookies)

    def note(**facts: Any) -> None:
        error = sys.exc_info()[1]
        if error is not None:
            found.errors.append(error)

    got_request_exception.connect(note)
    yield found
    got_request_exception.disconnect(note)


@pytest.fixture(autouse=True)
def one_connection() -> Iterator[None]:
    """Have no request close the connection that holds this test’s transaction."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@st.composite
def paths(draw: Callable[..., Any], site: PublicSite) -> tuple[str, str]:
    """A name, and a path as WSGI has it: an address filled with what fits or what does not."""
    kind = draw(st.sampled_from(["address"] * 6 + ["page", "page and more", "odd"]))
    if kind == "odd":
        return "odd", "/" + latin(draw(ODD_BYTES))
    if kind != "address":
        path = draw(st.sampled_from(site.pages))
        return "page", latin(path) + (latin(draw(ODD_BYTES)) if kind != "page" else "")
    address = draw(st.sampled_from(site.addresses))

    def value(parameter: str) -> str:
        fits = st.sampled_from(site.fitting.get(parameter, ["1", "2"]))
        spoiled = st.builds(lambda good, n: good[:-n] + "A" * n, fits, st.integers(1, 3))
        return latin(draw(st.one_of(fits, fits, spoiled, ODD_TEXT)))

    return address.name, address.path(value)


@st.composite
def fields_of(draw: Callable[..., Any], form: Form) -> list[tuple[str, str]]:
    """What is sent with a form: mostly what it holds, some of it odd, missing, or twice."""
    sent = []
    for name, values in form.fields:
        for _ in range(draw(st.sampled_from([0, 1, 1, 1, 1, 1, 1, 2]))):
            usual = "ada.odd@mail.test" if name == "email" else None
            fits = st.sampled_from([usual] if usual else list(values))
            sent.append((name, draw(st.one_of(fits, fits, fits, ODD_TEXT))))
    if draw(st.integers(0, 9)) == 0:
        sent.append((draw(ODD_TEXT), draw(ODD_TEXT)))
    return sent


def encoded(sent: list[tuple[str, str]], *, kind: str) -> tuple[str, bytes]:
    """Return fields as the body of a request, with its Content-Type."""
    if kind == "multipart":
        parts = [
            f'--odd\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
            for name, value in sent
        ]
        body = "".join([*parts, "--odd--\r\n"]).encode("utf-8", "surrogatepass")
        return "multipart/form-data; boundary=odd", body
    if kind == "file":
        parts = [
            f'--odd\r\nContent-Disposition: form-data; name="{name}"; filename="{value}"\r\n'
            "Content-Type: text/plain\r\n\r\nx\r\n"
            for name, value in sent
        ]
        return "multipart/form-data; boundary=odd", "".join(parts).encode("utf-8", "replace")
    errors = "surrogatepass" if kind == "usual" else "replace"
    codec = "latin-1" if kind == "latin" else "utf-8"
    body = urlencode(sent, encoding=codec, errors=errors).encode()
    return "application/x-www-form-urlencoded", body


@st.composite
def requests(draw: Callable[..., Any], site: PublicSite) -> tuple[str, dict[str, Any], bytes]:
    """A name, an environment and a body."""
    body, environ = b"", dict[str, Any]()
    if draw(st.booleans()):
        form = draw(st.sampled_from(site.forms))
        name, path = f"form at {form.path}", latin(form.path)
        sent = draw(fields_of(form))
        if form.method == "GET":
            environ["QUERY_STRING"] = encoded(sent, kind="usual")[1].decode()
        else:
            kind = draw(st.sampled_from(["usual", "usual", "usual", "latin", "multipart", "file"]))
            environ["CONTENT_TYPE"], body = encoded(sent, kind=kind)
        environ |= {"REQUEST_METHOD": form.method, **SAME_ORIGIN}
    else:
        name, path = draw(paths(site))
        method = draw(
            st.sampled_from(["GET"] * 4 + ["HEAD", "POST", "PUT", "OPTIONS", "DELETE", "X"])
        )
        environ["REQUEST_METHOD"] = method
        query = draw(st.lists(st.tuples(ODD_TEXT, ODD_TEXT), max_size=2))
        raw = quote_from_bytes(draw(ODD_BYTES)) if draw(st.booleans()) else ""
        words = urlencode(query, errors="replace")
        environ["QUERY_STRING"] = draw(
            st.sampled_from(["", f"utm_source={raw}&page={raw}&q={raw}", words, latin(raw)])
        )
        if method == "POST":
            environ |= SAME_ORIGIN
            kind = draw(st.sampled_from(["usual", "multipart"]))
            environ["CONTENT_TYPE"], body = encoded(
                draw(st.lists(st.tuples(ODD_TEXT, ODD_TEXT), max_size=3)), kind=kind
            )
    if draw(st.booleans()):
        environ["HTTP_COOKIE"] = "; ".join(site.cookies)
    for header in draw(st.lists(st.sampled_from(sorted(ODD_HEADERS)), max_size=2, unique=True)):
        environ[header] = latin(draw(ODD_HEADERS[header]))
    return name, {**environ, "PATH_INFO": path}, body


def every_public_address_is_among_them(site: PublicSite) -> None:
    """Fail where the walk has missed what is known to be there."""
    names = {address.name for address in site.addresses}
    assert {f"funnel:{pattern.name}" for pattern in urlpatterns} <= names
    assert {"search", "media", "sitemap", "healthz", "wagtaildocs_serve"} <= names
    posted = {form.path for form in site.forms if form.method == "POST"}
    assert {
        "/free-videos/",
        "/free-videos/which-cycle/",
        "/free-videos/talk/",
        "/free-videos/my-data/",
        "/free-videos/my-data/see/",
    } <= posted
    for kind in ("confirm", "leave", "talk/confirm", "my-data/open"):
        assert any(path.startswith(f"/free-videos/{kind}/") for path in posted), kind


def test_no_request_is_answered_with_an_error_of_ours(site: PublicSite) -> None:
    every_public_address_is_among_them(site)
    logging.disable(logging.CRITICAL)

    @seed(SEED)
    @hypothesis_settings(
        max_examples=INPUTS,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(request=requests(site))
    def answered(request: tuple[str, dict[str, Any], bytes]) -> None:
        name, environ, body = request
        site.errors.clear()
        with transaction.atomic():
            status, headers, _ = ask(environ, body=body)
            transaction.set_rollback(True)
        event(f"{status // 100}xx")
        site.seen[name, status] += 1
        assert status < 500, site.errors
        assert not site.errors, site.errors
        for header, value in headers:
            assert "\r" not in value, header
            assert "\n" not in value, header
            value.encode("latin-1")

    try:
        answered()
    finally:
        logging.disable(logging.NOTSET)
    by_status = Counter[int]()
    for (_, status), count in site.seen.items():
        by_status[status] += count
    assert {200, 404} <= set(by_status)
    if IS_TRIAL:
        assert {302, 303, 400, 410, 422} <= set(by_status)
        never = {each.name for each in site.addresses} - {name for name, _ in site.seen}
        print(
            f"\n  {sum(by_status.values()):,} requests to {len(site.addresses)} addresses, "
            f"{len(site.pages)} pages and {len(site.forms)} forms; answers: "
            + ", ".join(f"{status}: {count:,}" for status, count in sorted(by_status.items()))
        )
        # With fewer, chance leaves one out.
        assert INPUTS < 10_000 or not never, never
