"""The WSGI entry point that granian serves."""

import os
from collections.abc import Iterable
from typing import Any

from django.core.wsgi import get_wsgi_application
from django.utils.http import parse_header_parameters

from cms.middleware import ODD_CHARSET
from cms.personal_marks import without_personal_marks

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cms.settings.production")

# What browsers and scripts send; other codecs raise what Django does not expect of them.
USUAL_CHARSETS = frozenset({"utf-8", "utf8", "us-ascii", "ascii", "iso-8859-1"})

django_application = get_wsgi_application()

# It knows Wagtail's models, which are there only now.
from cms.page_cache.wsgi import with_page_cache  # noqa: E402


def usual_charsets_only(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    """Let Django answer, and keep a Content-Type with an unusual charset from it.

    Django decodes the query with whatever codec of Python's is named there, while it makes the
    request: no middleware catches what `rot13` or `undefined` then raise. So it gets to see only
    that there was such a one, and OddCharsetMiddleware answers 400.
    """
    if not _has_usual_charset(environ.get("CONTENT_TYPE", "")):
        environ = {**environ, "CONTENT_TYPE": "", ODD_CHARSET: True}
    return django_application(environ, start_response)


def _has_usual_charset(content_type: str) -> bool:
    # RFC 2231 lets a parameter (`charset*=codec''value`) name a codec of its own. Nobody sends it.
    if "*" in content_type.partition(";")[2]:
        return False
    _media_type, parameters = parse_header_parameters(content_type)
    return parameters.get("charset", "utf-8").strip().lower() in USUAL_CHARSETS


application = without_personal_marks(with_page_cache(usual_charsets_only))
