"""The site for a browser, without a server: each request is answered by Django, in this process.

So that a browser's pages share the test's transaction, and its clock.
"""

import html
import mimetypes
from collections.abc import Callable
from contextvars import copy_context
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from django.contrib.staticfiles import finders
from django.test import Client
from playwright.sync_api import BrowserContext, Page, Route

HOST = "localhost"
ORIGIN = f"http://{HOST}"
_KEPT_HEADERS = ("accept", "origin", "range", "referer", "sec-fetch-site")


@dataclass(frozen=True)
class Asked:
    """One request of a browser, and how it was answered."""

    method: str
    url: str
    sent: dict[str, str]
    status: int


class RoutedSite:
    """Answers everything that a browser asks for; another host gets nothing."""

    def __init__(self, context: BrowserContext) -> None:
        self.client = Client(SERVER_NAME=HOST)
        self.asked: list[Asked] = []
        self.strangers: list[str] = []
        self.complaints: list[str] = []
        self.refuses_posts = False
        self._test = copy_context()
        context.route("**/*", self._answer)
        context.on("page", self._listen)

    def _listen(self, page: Page) -> None:
        page.on("console", lambda message: self.complaints.append(message.text))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def _in_the_test(self, act: Callable[..., Any], *arguments: Any, **named: Any) -> Any:
        """Call what asks the database in the test's context, whose connection it must use."""
        return self._test.copy().run(act, *arguments, **named)

    def _answer(self, route: Route) -> None:
        request = route.request
        address = urlsplit(request.url)
        if address.hostname != HOST:
            self.strangers.append(request.url)
            route.abort()
        elif address.path.startswith("/static/"):
            _answer_static(route, address.path.removeprefix("/static/"))
        elif request.method == "POST" and self.refuses_posts:
            route.abort()
        else:
            self._ask_django(route, address.path + (f"?{address.query}" if address.query else ""))

    def _ask_django(self, route: Route, path: str) -> None:
        request = route.request
        sent = {name: values[0] for name, values in parse_qs(request.post_data or "").items()}
        headers = {name: text for name, text in request.headers.items() if name in _KEPT_HEADERS}
        status, said, body = self._in_the_test(
            _whole_answer, self.client, request.method, path, sent, headers
        )
        self.asked.append(Asked(request.method, request.url, sent, status))
        if "Location" in said:
            # Playwright leaves what follows a redirect to the network.
            target = html.escape(said["Location"])
            body = f'<meta http-equiv="refresh" content="0; url={target}">'.encode()
            status, said = 200, {"Content-Type": "text/html"}
        route.fulfill(status=status, headers=said, body=body)


def _whole_answer(
    client: Client, method: str, path: str, sent: dict[str, str], headers: dict[str, str]
) -> tuple[int, dict[str, str], bytes]:
    if method == "POST":
        answer: Any = client.post(path, sent, headers=headers)
    else:
        answer = client.get(path, headers=headers)
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return answer.status_code, dict(answer.headers.items()), body


def _answer_static(route: Route, name: str) -> None:
    found = finders.find(name)
    if not isinstance(found, str):
        route.fulfill(status=404, body="")
        return
    kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
    route.fulfill(body=Path(found).read_bytes(), content_type=kind)
