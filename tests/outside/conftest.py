"""The funnel's visitor, for what comes from outside."""

from tests.funnel.conftest import visitor

__all__ = ["visitor"]
