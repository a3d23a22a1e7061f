"""Every look the site has: its pages, its forms, its errors, and the styleguide's states."""

import http.cookiejar
import re
import urllib.request
from dataclasses import dataclass
from html import unescape
from urllib.error import HTTPError
from urllib.parse import urlencode

from bench.shared.site import THANK_YOU, Site, get
from starter.say import Problem

STYLEGUIDE = "/styleguide/"
REFUSED = {"email": "ada@", "cycle": "no such cycle", "first_name": "Ada"}


@dataclass(frozen=True)
class Look:
    """One thing to look at; `is_staff` needs a login, `is_refused` is what a bad form gets back.

    `status` is the answer's, None where the styleguide shows an error with the error's own.
    """

    name: str
    path: str
    status: int | None = 200
    is_staff: bool = False
    is_refused: bool = False


# What the sitemap can't name. The styleguide adds what only a private link opens.
BESIDE_THE_SITEMAP = (
    Look("check your mail", THANK_YOU),
    Look("refused form", "/free-videos/", is_refused=True),
    Look("link problem", "/free-videos/confirm/not-a-link/", status=410),
    Look("not found", "/nowhere/", status=404),
    Look("search", "/search/?q=the"),
    Look("search without a result", "/search/?q=zzzz"),
    Look("mails", "/mail/"),
)


class Staff:
    """Somebody who is logged in at the admin, for pages that only staff may see."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.cookies = http.cookiejar.CookieJar()
        self._opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.cookies))
        login = f"{site.url}/admin/login/"
        form = self._opener.open(login, timeout=30).read().decode()
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', form)
        sent = {
            "csrfmiddlewaretoken": token[1] if token else "",
            "username": "admin",
            "password": site.password,
            "next": STYLEGUIDE,
        }
        request = urllib.request.Request(  # noqa: S310
            login, data=urlencode(sent).encode(), headers={"Referer": login}
        )
        self.answer = self._opener.open(request, timeout=60).read().decode()
        if not any(cookie.name == "sessionid" for cookie in self.cookies):
            raise Problem("The admin lets nobody in, so that the styleguide can't be looked at.")

    def get(self, path: str) -> tuple[int, str]:
        """Return the status and the text of an answer."""
        try:
            with self._opener.open(self.site.url + path, timeout=60) as answer:
                return answer.status, answer.read().decode("utf-8", "replace")
        except HTTPError as error:
            return error.code, error.read().decode("utf-8", "replace")


def styleguide_looks(index: str) -> list[Look]:
    """Return the styleguide's own pages, as its index links them; palettes are left to tests."""
    paths = {unescape(found) for found in re.findall(rf'href="({STYLEGUIDE}[^"?#]*)"', index)}
    found = []
    for path in sorted(paths | {STYLEGUIDE}):
        name = path.removeprefix(STYLEGUIDE).strip("/") or "index"
        found.append(Look(f"styleguide {name}", path, status=None, is_staff=True))
    return found


def looks(site: Site, *, staff: Staff, every_page: bool = False) -> list[Look]:
    """Return what there is to see: one page of each type, or every page of the sitemap."""
    pages = (
        [Look(path, path) for path in site.paths]
        if every_page
        else [Look(name, path) for name, path in site.one_of_each().items()]
    )
    return [*pages, *BESIDE_THE_SITEMAP, *styleguide_looks(staff.get(STYLEGUIDE)[1])]


def markup(look: Look, *, site: Site, staff: Staff) -> tuple[int, str]:
    """Return the status and the HTML of a look, as the server sends it."""
    if look.is_staff:
        return staff.get(look.path)
    if not look.is_refused:
        return get(site.url + look.path)
    request = urllib.request.Request(  # noqa: S310
        site.url + look.path, data=urlencode(REFUSED).encode(), headers={"Origin": site.url}
    )
    return get(request)
