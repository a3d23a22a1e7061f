"""The rules by which Mozilla's HTTP Observatory scores a site, applied to answers at hand.

After mdn-http-observatory 1.3.8, algorithm version 4: its ten tests, their results by name and the
points each is worth. Left out is what only a scan of a real address can find: the list of hosts
built into browsers, certificates, and answers to another origin. Every answer is scored, while the
Observatory itself stops at anything but a 2xx.

A site begins with 100 points. What is missing is taken away; what goes beyond the necessary is
added only where 90 points were left.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from html.parser import HTMLParser
from http.cookies import SimpleCookie
from urllib.parse import urljoin, urlsplit

START = 100
ENOUGH_FOR_EXTRA_CREDIT = 90
SIX_MONTHS = 15_552_000
HTML_TYPES = {"text/html", "application/xhtml+xml"}
BROAD = {"ftp:", "http:", "https:", "*", "http://*", "http://*.*", "https://*", "https://*.*"}
BROAD_OR_INLINE = {*BROAD, "'unsafe-inline'", "data:"}
PRIVATE_REFERRERS = {
    "no-referrer",
    "same-origin",
    "strict-origin",
    "strict-origin-when-cross-origin",
}
LOOSE_REFERRERS = {
    "origin",
    "origin-when-cross-origin",
    "unsafe-url",
    "no-referrer-when-downgrade",
}

MODIFIERS = {
    "csp-implemented-with-no-unsafe-default-src-none": 10,
    "csp-implemented-with-no-unsafe": 5,
    "csp-implemented-with-unsafe-inline-in-style-src-only": 0,
    "csp-implemented-with-insecure-scheme-in-passive-content-only": -10,
    "csp-implemented-with-unsafe-eval": -10,
    "csp-implemented-with-unsafe-inline": -20,
    "csp-implemented-with-insecure-scheme": -20,
    "csp-header-invalid": -25,
    "csp-not-implemented": -25,
    "cookies-secure-with-httponly-sessions-and-samesite": 5,
    "cookies-secure-with-httponly-sessions": 0,
    "cookies-not-found": 0,
    "cookies-without-secure-flag-but-protected-by-hsts": -5,
    "cookies-session-without-secure-flag-but-protected-by-hsts": -10,
    "cookies-without-secure-flag": -20,
    "cookies-samesite-flag-invalid": -20,
    "cookies-anticsrf-without-samesite-flag": -20,
    "cookies-session-without-httponly-flag": -30,
    "cookies-session-without-secure-flag": -40,
    "cross-origin-resource-sharing-not-implemented": 0,
    "cross-origin-resource-sharing-implemented-with-public-access": 0,
    "cross-origin-resource-sharing-implemented-with-restricted-access": 0,
    "cross-origin-resource-sharing-implemented-with-universal-access": -50,
    "redirection-to-https": 0,
    "redirection-off-host-from-http": -5,
    "redirection-not-to-https": -20,
    "redirection-missing": -20,
    "referrer-policy-private": 5,
    "referrer-policy-not-implemented": 0,
    "referrer-policy-unsafe": -5,
    "referrer-policy-header-invalid": -5,
    "hsts-implemented-max-age-at-least-six-months": 0,
    "hsts-implemented-max-age-less-than-six-months": -10,
    "hsts-not-implemented": -20,
    "hsts-header-invalid": -20,
    "sri-implemented-and-all-scripts-loaded-securely": 5,
    "sri-implemented-and-external-scripts-loaded-securely": 5,
    "sri-not-implemented-response-not-html": 0,
    "sri-not-implemented-but-no-scripts-loaded": 0,
    "sri-not-implemented-but-all-scripts-loaded-from-secure-origin": 0,
    "sri-not-implemented-but-external-scripts-loaded-securely": -5,
    "sri-implemented-but-external-scripts-not-loaded-securely": -20,
    "sri-not-implemented-and-external-scripts-not-loaded-securely": -50,
    "x-content-type-options-nosniff": 0,
    "x-content-type-options-not-implemented": -5,
    "x-content-type-options-header-invalid": -5,
    "x-frame-options-implemented-via-csp": 5,
    "x-frame-options-sameorigin-or-deny": 0,
    "x-frame-options-allow-from-origin": 0,
    "x-frame-options-not-implemented": -20,
    "x-frame-options-header-invalid": -20,
    "corp-implemented-with-same-origin": 10,
    "corp-implemented-with-same-site": 10,
    "corp-implemented-with-cross-origin": 0,
    "corp-not-implemented": 0,
    "corp-header-invalid": -5,
}


@dataclass(frozen=True, kw_only=True)
class Answer:
    """One answer of a site, as it left the server."""

    url: str
    status: int
    headers: list[tuple[str, str]]
    body: str = ""

    def all(self, name: str) -> list[str]:
        """Every value of a header."""
        return [value for header, value in self.headers if header.lower() == name.lower()]

    def first(self, name: str) -> str:
        """The first value of a header, without case and spaces; empty where there is none."""
        return next(iter(self.all(name)), "").strip().lower()


Policy = Mapping[str, set[str]]


def read_policy(header: str) -> Policy:
    """Return a policy's sources by directive; ValueError where a directive stands twice.

    Browsers read only the first of two; the Observatory wants the mistake to be seen.
    """
    if "," in header:
        raise ValueError("This helper reads one policy, not several.")
    policy: dict[str, set[str]] = {}
    for entry in header.split(";"):
        directive, *sources = entry.lower().split() or [""]
        if not directive:
            continue
        if directive in policy:
            raise ValueError(f"{directive} stands twice.")
        policy[directive] = set(sources) or {"'none'"}
    return policy


def _csp(answer: Answer, plain: Answer) -> str:
    headers = answer.all("Content-Security-Policy")
    if not headers:
        return "csp-not-implemented"
    try:
        policy = read_policy(", ".join(headers))
    except ValueError:
        return "csp-header-invalid"
    otherwise = policy.get("default-src", {"*"})
    script, style, plugin = (
        policy.get(name, otherwise) for name in ("script-src", "style-src", "object-src")
    )
    passive = policy.get("img-src", otherwise) | policy.get("media-src", otherwise)
    active = set[str]().union(
        *(found for name, found in policy.items() if name not in {"img-src", "media-src"})
    )
    faults = {
        "csp-implemented-with-unsafe-inline": script & BROAD_OR_INLINE or plugin & BROAD,
        "csp-implemented-with-insecure-scheme": _insecure(active),
        "csp-implemented-with-unsafe-eval": "'unsafe-eval'" in script | style,
        "csp-implemented-with-insecure-scheme-in-passive-content-only": _insecure(passive),
        "csp-implemented-with-unsafe-inline-in-style-src-only": style & BROAD_OR_INLINE,
    }
    for result, found in faults.items():
        if found:
            return result
    if policy.get("default-src") == {"'none'"}:
        return "csp-implemented-with-no-unsafe-default-src-none"
    return "csp-implemented-with-no-unsafe"


def _insecure(sources: set[str]) -> bool:
    return any(source.startswith(("http:", "ftp:")) for source in sources)


def _cookies(answer: Answer, plain: Answer) -> str:
    """The worst of all cookies."""
    hsts = _hsts(answer, plain) == "hsts-implemented-max-age-at-least-six-months"
    protected = "-but-protected-by-hsts" if hsts else ""
    results = []
    for header in answer.all("Set-Cookie"):
        for name, cookie in SimpleCookie(header).items():
            is_session = any(part in name.lower() for part in ("login", "sess"))
            same_site = cookie["samesite"].lower()
            if is_session and not cookie["httponly"]:
                results.append("cookies-session-without-httponly-flag")
            if not cookie["secure"]:
                kind = "cookies-session" if is_session else "cookies"
                results.append(f"{kind}-without-secure-flag{protected}")
            if "csrf" in name.lower() and not same_site:
                results.append("cookies-anticsrf-without-samesite-flag")
            if same_site not in {"", "lax", "strict", "none"}:
                results.append("cookies-samesite-flag-invalid")
            ending = "-and-samesite" if same_site else ""
            results.append(f"cookies-secure-with-httponly-sessions{ending}")
    return min(results, key=MODIFIERS.__getitem__, default="cookies-not-found")


def _cors(answer: Answer, plain: Answer) -> str:
    start = "cross-origin-resource-sharing"
    allowed = answer.first("Access-Control-Allow-Origin")
    if not allowed:
        return f"{start}-not-implemented"
    if allowed == "*":
        return f"{start}-implemented-with-public-access"
    if answer.first("Access-Control-Allow-Credentials") == "true":
        return f"{start}-implemented-with-universal-access"
    return f"{start}-implemented-with-restricted-access"


def _redirection(answer: Answer, plain: Answer) -> str:
    if plain.status not in {301, 302, 303, 307, 308}:
        return "redirection-missing"
    target = urlsplit(urljoin(plain.url, next(iter(plain.all("Location")), "")))
    if target.scheme != "https":
        return "redirection-not-to-https"
    if target.hostname != urlsplit(plain.url).hostname:
        return "redirection-off-host-from-http"
    return "redirection-to-https"


def _referrer_policy(answer: Answer, plain: Answer) -> str:
    headers = answer.all("Referrer-Policy")
    if not headers:
        return "referrer-policy-not-implemented"
    known = [
        value
        for value in (part.strip().lower() for part in ",".join(headers).split(","))
        if value in PRIVATE_REFERRERS | LOOSE_REFERRERS
    ]
    if not known:
        return "referrer-policy-header-invalid"
    kind = "private" if known[-1] in PRIVATE_REFERRERS else "unsafe"
    return f"referrer-policy-{kind}"


def _hsts(answer: Answer, plain: Answer) -> str:
    header = answer.first("Strict-Transport-Security")
    if not header:
        return "hsts-not-implemented"
    ages = [
        part.strip().removeprefix("max-age=")
        for part in header.split(";")
        if part.strip().startswith("max-age=")
    ]
    if "," in header or not ages or not ages[-1].isdecimal():
        return "hsts-header-invalid"
    length = "at-least" if int(ages[-1]) >= SIX_MONTHS else "less-than"
    return f"hsts-implemented-max-age-{length}-six-months"


class _Scripts(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.count = 0
        self.files: list[tuple[str, bool]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "script":
            self.count += 1
            found = dict(attrs)
            if found.get("src"):
                self.files.append((found["src"] or "", bool(found.get("integrity"))))


def _sri(answer: Answer, plain: Answer) -> str:
    if answer.first("Content-Type").partition(";")[0] not in HTML_TYPES:
        return "sri-not-implemented-response-not-html"
    scripts = _Scripts()
    scripts.feed(answer.body)
    if not scripts.count:
        return "sri-not-implemented-but-no-scripts-loaded"
    outside, results = False, []
    for source, has_integrity in scripts.files:
        target = urlsplit(source)
        is_ours = target.hostname in {None, urlsplit(answer.url).hostname} and bool(
            target.scheme or not target.netloc
        )
        is_secure = target.scheme == "https" or (is_ours and not target.scheme)
        if is_ours:
            if has_integrity and is_secure:
                results.append("sri-implemented-and-all-scripts-loaded-securely")
            continue
        outside = True
        if has_integrity and not is_secure:
            results.append("sri-implemented-but-external-scripts-not-loaded-securely")
        elif not has_integrity:
            results.append(
                "sri-not-implemented-but-external-scripts-loaded-securely"
                if is_secure
                else "sri-not-implemented-and-external-scripts-not-loaded-securely"
            )
    fallback = (
        "sri-implemented-and-external-scripts-loaded-securely"
        if outside
        else "sri-not-implemented-but-all-scripts-loaded-from-secure-origin"
    )
    return min(results, key=MODIFIERS.__getitem__, default=fallback)


def _content_type_options(answer: Answer, plain: Answer) -> str:
    header = answer.first("X-Content-Type-Options")
    ending = {"nosniff": "nosniff", "": "not-implemented"}.get(header, "header-invalid")
    return f"x-content-type-options-{ending}"


def _frame_options(answer: Answer, plain: Answer) -> str:
    try:
        if "frame-ancestors" in read_policy(", ".join(answer.all("Content-Security-Policy"))):
            return "x-frame-options-implemented-via-csp"
    except ValueError:
        pass
    header = answer.first("X-Frame-Options")
    if not header:
        return "x-frame-options-not-implemented"
    if header in {"deny", "sameorigin"}:
        return "x-frame-options-sameorigin-or-deny"
    if header.startswith("allow-from"):
        return "x-frame-options-allow-from-origin"
    return "x-frame-options-header-invalid"


def _resource_policy(answer: Answer, plain: Answer) -> str:
    header = answer.first("Cross-Origin-Resource-Policy")
    if not header:
        return "corp-not-implemented"
    if header in {"same-origin", "same-site", "cross-origin"}:
        return f"corp-implemented-with-{header}"
    return "corp-header-invalid"


TESTS: tuple[Callable[[Answer, Answer], str], ...] = (
    _csp,
    _cookies,
    _cors,
    _redirection,
    _referrer_policy,
    _hsts,
    _sri,
    _content_type_options,
    _frame_options,
    _resource_policy,
)


def results(answer: Answer, *, plain: Answer) -> dict[str, int]:
    """Return each test's result with its points; `plain` is what the same address says on http."""
    return {result: MODIFIERS[result] for result in (test(answer, plain) for test in TESTS)}


def score(answer: Answer, *, plain: Answer) -> int:
    """Return the points; 100 is an A+, the best grade there is."""
    points = results(answer, plain=plain).values()
    without_extras = START + sum(point for point in points if point < 0)
    if without_extras < ENOUGH_FOR_EXTRA_CREDIT:
        return max(without_extras, 0)
    return START + sum(points)
