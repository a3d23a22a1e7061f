"""Programs from npm, fetched when a measure first needs them and kept for the next one.

They are no part of the site, so that they are no part of its requirements either. The versions are
pinned here: a newer checker finds new faults, and a figure must not change for that by itself.
"""

import os
import shutil
from pathlib import Path

from bench.shared.missing import Missing, program
from starter import say
from starter.processes import CommandFailed, run_to_end
from starter.tools import clean_environment

VERSIONS = {"lighthouse": "12.8.2", "vnu-jar": "26.9.27"}


def _cache() -> Path:
    named = os.environ.get("XDG_CACHE_HOME", "")
    return (Path(named) if named else Path.home() / ".cache") / "unstuck-bench"


def package(name: str, *, proof: str) -> Path:
    """Return the folder of an npm package; `proof` is the file in it that makes it usable."""
    version = VERSIONS[name]
    folder = _cache() / f"{name}-{version}"
    installed = folder / "node_modules" / name
    if (installed / proof).is_file():
        return installed
    npm = program("npm", package="npm")
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    (folder / "package.json").write_text("{}\n", encoding="utf-8")
    try:
        with say.step(f"Fetching {name} {version} from npm"):
            run_to_end(
                [npm, "install", "--no-audit", "--no-fund", f"{name}@{version}"],
                environment={**clean_environment(), "PUPPETEER_SKIP_DOWNLOAD": "1"},
                folder=folder,
            )
    except CommandFailed as error:
        raise Missing(f"npm could not install {name} {version}:\n{error.tail()}") from error
    if not (installed / proof).is_file():
        raise Missing(f"npm installed {name} {version} without its {proof}.")
    return installed
