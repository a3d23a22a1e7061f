"""The Nu HTML checker over every page, form, error page and state of the site, and over its CSS."""

import json
import re
import subprocess
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from bench.shared.looks import Staff, looks, markup
from bench.shared.missing import program
from bench.shared.npm import package
from bench.shared.site import get, running_site
from starter import say

JAR = "build/dist/vnu.jar"
CHECK_SECONDS = 600
# Container queries, which every browser has known since 2023 and the checker does not yet.
UNKNOWN_TO_THE_CHECKER = ("“container-type”", "“container-name”", "“@container”")


def stylesheets(html: str) -> set[str]:
    """Return the paths of the stylesheets a page links."""
    links = re.findall(r"<link\b[^>]*\brel=[\"']?stylesheet[^>]*>", html)
    found = (re.search(r"\bhref=[\"']?([^\"' >]+)", link) for link in links)
    return {match[1] for match in found if match}


def check(java: str, jar: Path, files: list[Path], *options: str) -> list[dict[str, Any]]:
    """Return the checker's messages about some files."""
    if not files:
        return []
    asked = [java, "-jar", str(jar), "--format", "json", "--exit-zero-always", *options]
    run = subprocess.run(
        [*asked, *map(str, files)],
        capture_output=True,
        text=True,
        timeout=CHECK_SECONDS,
        check=True,
    )
    return list(json.loads(run.stderr or run.stdout)["messages"])


def errors(messages: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return what counts against a page: the checker's errors, and where it could not go on."""
    return [
        found
        for found in messages
        if found["type"] in {"error", "non-document-error"}
        and not (
            found["message"].startswith("CSS:")
            and any(word in found["message"] for word in UNKNOWN_TO_THE_CHECKER)
        )
    ]


def _report(messages: list[dict[str, Any]], names: dict[str, str]) -> None:
    said = Counter[tuple[str, str]]()
    where: dict[tuple[str, str], list[str]] = {}
    for found in messages:
        key = (found["message"], str(found.get("extract", "")).strip()[:120])
        said[key] += 1
        name = names.get(Path(unquote(urlsplit(found.get("url", "")).path)).name, "?")
        where.setdefault(key, [])
        if name not in where[key]:
            where[key].append(name)
    for (message, extract), count in said.most_common():
        say.line(f"  {count} × {message}")
        say.line(f"      {extract!r}")
        say.line(f"      on {', '.join(where[message, extract][:6])}")


def main() -> int:
    """Return 1 where the checker finds an error."""
    java = program("java", package="default-jre-headless")
    jar = package("vnu-jar", proof=JAR) / JAR
    with running_site() as site, tempfile.TemporaryDirectory() as folder:
        staff = Staff(site)
        names: dict[str, str] = {}
        answers: list[str] = []
        sheets: set[str] = set()
        pages, styles = [], []
        for number, look in enumerate(looks(site, staff=staff, every_page=True)):
            status, html = markup(look, site=site, staff=staff)
            if look.status not in {None, status} and not look.is_refused:
                answers.append(f"{look.path} answers {status} instead of {look.status}.")
            sheets |= stylesheets(html)
            file = Path(folder) / f"{number:03}.html"
            file.write_text(html, encoding="utf-8")
            names[file.name] = look.name
            pages.append(file)
        for number, path in enumerate(sorted(sheets)):
            file = Path(folder) / f"{number:03}.css"
            file.write_text(get(site.url + path)[1], encoding="utf-8")
            names[file.name] = path
            styles.append(file)
        found = errors(check(java, jar, pages, "--html"))
        in_css = errors(check(java, jar, styles, "--css"))
    say.line(f"{len(pages)} pages: {len(found)} errors. {len(styles)} stylesheets: {len(in_css)}.")
    for answer in answers:
        say.line(f"  {answer}")
    _report([*found, *in_css], names)
    return 1 if found or in_css or answers else 0
