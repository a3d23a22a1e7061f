"""Notices each change to what visitors see, and begins a new generation once it is committed.

It looks at the SQL that leaves through Django's connections and not at signals: Wagtail moves,
reorders and deletes trees of pages by raw SQL and `QuerySet.update()`, of which no signal tells.
"""

import re
from collections.abc import Callable
from functools import cache, partial
from typing import Any

from django.apps import apps
from django.core.signals import request_finished
from django.db import connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created

from cms.page_cache.generation import Generation, site_generation
from cms.page_cache.visibility import (
    ADDED_BY_RENDERING,
    UNSEEN,
    UNSEEN_COLUMNS,
    UNSEEN_TABLES,
)

_WRITE = re.compile(
    r"""\s*(?:(?P<insert>INSERT\s+(?:OR\s+\w+\s+)?INTO|REPLACE\s+INTO)
    |(?P<update>UPDATE(?:\s+OR\s+\w+)?(?:\s+ONLY)?)
    |DELETE\s+FROM(?:\s+ONLY)?)
    \s+["`]?(?P<table>\w+)["`]?(?=[\s(;]|$)""",
    re.IGNORECASE | re.VERBOSE,
)
_PERHAPS_A_WRITE = re.compile(
    r"\s*(?:INSERT|REPLACE|UPDATE|DELETE|TRUNCATE|MERGE|COPY|CALL"
    r"|WITH\b.*\b(?:INSERT|UPDATE|DELETE|MERGE))\b",
    re.IGNORECASE | re.DOTALL,
)
# The shape in which Django writes fields of one row; anything cleverer counts as a change.
_PLAIN_UPDATE = re.compile(
    r"""\s+SET\s(?P<columns>(?:"\w+"\s=\s(?:%s|NULL)(?:,\s)?)+)\sWHERE\s"\w+"\."\w+"\s=\s%s"""
)
_COLUMN = re.compile(r'"(\w+)"')


@cache
def _tables(labels: frozenset[str]) -> frozenset[str]:
    return frozenset(
        model._meta.db_table
        for model in apps.get_models(include_auto_created=True)
        if model._meta.label in labels
    )


def is_change(sql: str) -> bool:
    """Whether a statement may change what visitors see; in doubt it does."""
    write = _WRITE.match(sql)
    if write is None:
        return _PERHAPS_A_WRITE.match(sql) is not None
    table = write["table"]
    if table in UNSEEN_TABLES or table in _tables(UNSEEN) or table.startswith("wagtailsearch_"):
        return False
    if write["insert"]:
        return table not in _tables(ADDED_BY_RENDERING)
    return not (write["update"] and _writes_only_drafts(sql[write.end() :]))


def _writes_only_drafts(rest: str) -> bool:
    plain = _PLAIN_UPDATE.fullmatch(rest)
    return plain is not None and set(_COLUMN.findall(plain["columns"])) <= UNSEEN_COLUMNS


class Watch:
    """An execute wrapper of one connection, and what it has seen but not yet told."""

    def __init__(self, connection: BaseDatabaseWrapper, generation: Generation) -> None:
        self._connection = connection
        self._generation = generation
        self._has_news = False

    def __call__(
        self, execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: Any
    ) -> Any:
        """Run the statement, then see to it that its commit is told."""
        result = execute(sql, params, many, context)
        if is_change(sql if isinstance(sql, str) else str(sql)):
            self._has_news = True
            # The statement came first: without a transaction on_commit() tells at once.
            try:
                transaction.on_commit(self.tell, using=self._connection.alias, robust=True)
            except transaction.TransactionManagementError:
                # Somebody commits by hand, unseen.
                self._generation.advance()
        return result

    def tell(self) -> None:
        """Begin a new generation, once for all that one commit brought."""
        if self._has_news:
            self._has_news = False
            self._generation.advance()


def watch(connection: BaseDatabaseWrapper, *, generation: Generation) -> Watch:
    """Watch a connection, once however often it is opened."""
    for wrapper in connection.execute_wrappers:
        if isinstance(wrapper, Watch):
            return wrapper
    wrapper = Watch(connection, generation)
    connection.execute_wrappers.append(wrapper)
    return wrapper


def _tell_the_rest(**_signal: Any) -> None:
    """Tell at a request's end what a failing callback of somebody else kept from being told."""
    for connection in connections.all(initialized_only=True):
        for wrapper in connection.execute_wrappers:
            if isinstance(wrapper, Watch):
                wrapper.tell()


def watch_every_connection() -> None:
    """Watch all connections this process will open, and begin with a new generation.

    The beginning covers a process that was killed between its commit and the telling.
    """
    generation = site_generation()
    connection_created.connect(
        partial(_on_connection_created, generation=generation),
        weak=False,
        dispatch_uid="cms.page_cache",
    )
    for connection in connections.all(initialized_only=True):
        watch(connection, generation=generation)
    request_finished.connect(_tell_the_rest, dispatch_uid="cms.page_cache")
    generation.advance(is_a_change=False)


def _on_connection_created(
    *, connection: BaseDatabaseWrapper, generation: Generation, **_signal: Any
) -> None:
    watch(connection, generation=generation)
