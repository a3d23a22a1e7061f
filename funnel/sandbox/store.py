"""Keeps the sandbox's records in an SQLite file, so that they survive a restart.

One row per member, audience and batch; a change writes only the rows that changed. The file
belongs to one process at a time.
"""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path
from typing import Any

from funnel.sandbox.state import Key

VERSION = 1


class StoreError(Exception):
    """The file can't be used; the text says why, for a person."""


class Store:
    """Records in a file, read whole at the start and written as they change."""

    def __init__(self, path: Path) -> None:
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._connection = sqlite3.connect(
                path, timeout=1, isolation_level=None, check_same_thread=False
            )
        except (OSError, sqlite3.Error) as error:
            raise StoreError(f"{path} can't be opened ({error}).") from error
        try:
            self._open()
        except sqlite3.Error as error:
            self._connection.close()
            if "locked" in str(error):
                reason = "is in use by another sandbox"
            else:
                reason = f"can't be read as the sandbox's memory ({error})"
            raise StoreError(f"{path} {reason}.") from error
        except StoreError as error:
            self._connection.close()
            raise StoreError(f"{path} {error}") from None

    def load(self) -> list[tuple[Key, dict[str, Any]]]:
        """Every record, in the order in which they were first kept."""
        rows = self._connection.execute(
            "SELECT kind, audience, key, body FROM record ORDER BY rowid"
        )
        return [((kind, audience, key), json.loads(body)) for kind, audience, key, body in rows]

    def save(self, records: dict[Key, dict[str, Any] | None]) -> None:
        """Write all records or none; ``None`` removes one."""
        self._connection.execute("BEGIN")
        try:
            for key, record in records.items():
                if record is None:
                    self._connection.execute(
                        "DELETE FROM record WHERE kind=? AND audience=? AND key=?", key
                    )
                else:
                    self._connection.execute(
                        "INSERT INTO record (kind, audience, key, body) VALUES (?, ?, ?, ?)"
                        " ON CONFLICT (kind, audience, key) DO UPDATE SET body=excluded.body",
                        (*key, json.dumps(record)),
                    )
        except BaseException:
            self._connection.execute("ROLLBACK")
            raise
        self._connection.execute("COMMIT")

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()

    def _open(self) -> None:
        self._connection.execute("PRAGMA locking_mode=EXCLUSIVE")
        self._connection.execute("PRAGMA journal_mode=WAL")
        self._connection.execute("PRAGMA synchronous=NORMAL")
        self._connection.execute("BEGIN IMMEDIATE")
        (version,) = self._connection.execute("PRAGMA user_version").fetchone()
        if version not in (0, VERSION):
            self._connection.execute("ROLLBACK")
            raise StoreError("was written by another version; remove it to start afresh.")
        self._connection.execute(
            "CREATE TABLE IF NOT EXISTS record ("
            " kind TEXT NOT NULL, audience TEXT NOT NULL, key TEXT NOT NULL, body TEXT NOT NULL,"
            " UNIQUE (kind, audience, key))"
        )
        self._connection.execute(f"PRAGMA user_version={VERSION}")
        self._connection.execute("COMMIT")
