"""Trying again what a database has refused for the sake of somebody else."""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from django.db import IntegrityError, OperationalError, connection

TRIES = 3
_P = ParamSpec("_P")
_R = TypeVar("_R")


def retried_on_conflict(act: Callable[_P, _R]) -> Callable[_P, _R]:
    """Repeat a whole transaction that a deadlock or a row gone meanwhile has rolled back.

    PostgreSQL ends a deadlock by refusing one of the two; a visitor is not to notice. Inside
    somebody's transaction there is nothing to repeat, and the error goes on.
    """

    @wraps(act)
    def tried(*args: _P.args, **kwargs: _P.kwargs) -> _R:
        for _ in range(TRIES - 1):
            try:
                return act(*args, **kwargs)
            except (OperationalError, IntegrityError):
                if connection.in_atomic_block:
                    raise
        return act(*args, **kwargs)

    return tried
