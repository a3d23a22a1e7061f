"""Whatever arrives, the key is made without a stumble, and says no more than it should."""

from urllib.parse import parse_qs, unquote_plus

from django.test import override_settings
from hypothesis import example, given
from hypothesis import strategies as st

from cms.page_cache.keys import KeyMaker, known_query
from tests.cms.page_cache.visitors import environ_of

WILD = st.text(st.characters(codec=None, exclude_categories=()), max_size=80)
LIKELY = st.text(st.sampled_from("page=&%0123456789ag7E+;x "), max_size=40)


@given(query=WILD | LIKELY)
@example("pa%67e=2")
@example("page=2&%70age=3")
@example("utm_source=%ff&page=7")
def test_the_query_that_is_kept_is_the_page_django_would_read(query: str) -> None:
    known = known_query(query)
    named = [
        part.partition("=")[2]
        for part in query.split("&")
        if unquote_plus(part.partition("=")[0]) == "page"
    ]
    if known is None:
        assert named, "a query without a page is kept without itself"
    elif known:
        assert parse_qs(known)["page"] == parse_qs(query)["page"]
    else:
        assert not named


@given(path=WILD, host=WILD, query=WILD, cookie=WILD, scheme=WILD)
@example(path="//evil.test/%00", host="a", query="page=%00", cookie="", scheme="https")
@example(path="\ud800", host="\udfff", query="\ud800=1", cookie="\ud800", scheme="http")
def test_a_key_is_made_of_anything(
    path: str, host: str, query: str, cookie: str, scheme: str
) -> None:
    environ = environ_of(
        HTTP_HOST=host, HTTP_COOKIE=cookie, HTTP_X_FORWARDED_PROTO=scheme, PATH_INFO=path
    )
    environ["QUERY_STRING"] = query
    with override_settings(SECURE_PROXY_SSL_HEADER=("HTTP_X_FORWARDED_PROTO", "https")):
        key = KeyMaker().key_of(environ)
    if key is not None:
        assert isinstance(hash(key), int)
        assert (key.path, key.host) == (path, host)
        assert key.is_secure == (scheme.split(",")[0].strip() == "https")


def test_a_huge_query_has_no_key() -> None:
    assert KeyMaker().key_of(environ_of("/?" + "a" * 5000)) is None


def test_without_a_host_or_with_a_body_there_is_no_key() -> None:
    maker = KeyMaker()
    assert maker.key_of(environ_of()) is not None
    for more in (
        {"HTTP_HOST": None},
        {"CONTENT_LENGTH": "3"},
        {"CONTENT_TYPE": "text/plain; charset=rot13"},
        {"HTTP_TRANSFER_ENCODING": "chunked"},
        {"HTTP_AUTHORIZATION": "Basic x"},
        {"REQUEST_METHOD": "OPTIONS"},
    ):
        assert maker.key_of(environ_of(**more)) is None, more


def test_a_forwarded_host_is_left_to_django() -> None:
    environ = environ_of(HTTP_X_FORWARDED_HOST="evil.test")
    assert KeyMaker().key_of(environ) is not None
    with override_settings(USE_X_FORWARDED_HOST=True):
        assert KeyMaker().key_of(environ) is None
