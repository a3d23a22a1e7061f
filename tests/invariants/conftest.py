"""The invariants walk the same ways as the funnel's own tests."""

from tests.funnel.conftest import entry_of, visitor

__all__ = ["entry_of", "visitor"]
