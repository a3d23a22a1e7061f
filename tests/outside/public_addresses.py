"""Every address of the site that lies outside the admin, and every form that stands there.

Both are found by walking: an address or a form that somebody adds is among them by itself.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urljoin, urlsplit

from bs4 import BeautifulSoup
from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.resolvers import RoutePattern
from django.utils.regex_helper import normalize

NOT_PUBLIC = ("admin/",)
# What a visitor gets is a page of the tree; those are asked for by their own addresses.
PAGES = "wagtail_serve"


@dataclass(frozen=True)
class Address:
    """One pattern: its name, and its parts with the names of its parameters between them."""

    name: str
    route: str
    parameters: tuple[str, ...]

    def path(self, value: Callable[[str], str]) -> str:
        """Return a path of this pattern, with a value for each parameter."""
        path = self.route
        for parameter in self.parameters:
            path = path.replace(f"<{parameter}>", value(parameter), 1)
        return path


@dataclass(frozen=True)
class Form:
    """A form as a page has it: where it goes, and what each field may hold by itself."""

    path: str
    method: str
    fields: tuple[tuple[str, tuple[str, ...]], ...] = field(default=())


def public_addresses() -> list[Address]:
    """Return every pattern outside the admin, by the order of the site's own list."""

    def below(resolver: URLResolver, prefix: str, namespace: str) -> Iterator[Address]:
        for entry in resolver.url_patterns:
            if isinstance(entry, URLResolver):
                inside = f"{namespace}{entry.namespace}:" if entry.namespace else namespace
                readable, _ = _readable(entry.pattern)
                yield from below(entry, prefix + readable, inside)
            elif isinstance(entry, URLPattern) and entry.name != PAGES:
                readable, parameters = _readable(entry.pattern)
                route = f"/{prefix}{readable}"
                if not route.startswith(tuple(f"/{part}" for part in NOT_PUBLIC)):
                    yield Address(f"{namespace}{entry.name or ''}", route, parameters)

    return list(dict.fromkeys(below(get_resolver(), "", "")))


def _readable(pattern: Any) -> tuple[str, tuple[str, ...]]:
    if isinstance(pattern, RoutePattern):
        text, names = str(pattern), tuple(pattern.converters)
        for name, converter in pattern.converters.items():
            kind = next(k for k in (f"{_kind(converter)}:", "") if f"<{k}{name}>" in text)
            text = text.replace(f"<{kind}{name}>", f"<{name}>")
        return text, names
    (form, names), *_rest = normalize(str(pattern))
    return form % {name: f"<{name}>" for name in names}, tuple(names)


def _kind(converter: Any) -> str:
    return type(converter).__name__.removesuffix("Converter").lower().replace("string", "str")


def forms_in(pages: Iterable[tuple[str, bytes]]) -> list[Form]:
    """Return the forms of these pages (path and HTML), each kind of form once."""
    found: dict[tuple[str, str, tuple[str, ...]], Form] = {}
    for path, html in pages:
        for form in BeautifulSoup(html, "html.parser").select("form"):
            action = urlsplit(urljoin(f"http://localhost{path}", str(form.get("action") or "")))
            method = str(form.get("method") or "get").upper()
            values: dict[str, list[str]] = {}
            for each in form.select("[name]"):
                value = each.text if each.name == "textarea" else str(each.get("value") or "")
                values.setdefault(str(each["name"]), []).append(value)
            fields = tuple((name, tuple(given)) for name, given in values.items())
            found.setdefault(
                (action.path, method, tuple(values)), Form(action.path, method, fields)
            )
    return list(found.values())
