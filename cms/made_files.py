"""Static files that are put together when they are asked for, in the place of a build step."""

import os
import tempfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder
from django.core.files.storage import FileSystemStorage


def _write_if_changed(path: Path, content: str) -> None:
    """Replace the file where it says something else; another process may be reading it."""
    if path.is_file() and path.read_text(encoding="utf-8") == content:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=path.suffix)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(content)
    Path(name).replace(path)


class MadeFileFinder(BaseFinder):
    """Offers files among the static ones, each made anew when it is asked for."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.storage = FileSystemStorage(location=settings.MADE_STATIC_ROOT)
        super().__init__(*args, **kwargs)

    def makers(self) -> Mapping[str, Callable[[], str]]:
        """Return what puts each file together, by its path."""
        raise NotImplementedError

    def find(self, path: str, find_all: bool = False, **kwargs: Any) -> Any:
        """Return where the file lies, if it is one of these."""
        make = self.makers().get(path)
        if make is None:
            return []
        found = self.storage.path(path)
        _write_if_changed(Path(found), make())
        return [found] if find_all else found

    def list(self, ignore_patterns: Any) -> Iterator[tuple[str, FileSystemStorage]]:
        """Return every one of them."""
        for path in self.makers():
            self.find(path)
            yield path, self.storage
