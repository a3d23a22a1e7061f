"""Writes HTML in which nothing is left unescaped by accident."""

from __future__ import annotations

from html import escape

_VOID = frozenset({"meta", "link", "br", "input", "hr"})


class Markup(str):
    """Text that is HTML already; made by ``el`` and ``join`` only."""

    __slots__ = ()


Child = str | int | None


def el(name: str, /, *children: Child, **attributes: str | bool) -> Markup:
    """An element. Text is escaped, Markup is not; ``class_`` and ``data_x`` become attributes."""
    written = "".join(
        f" {key.rstrip('_').replace('_', '-')}"
        + ("" if value is True else f'="{escape(str(value), quote=True)}"')
        for key, value in attributes.items()
        if value is not False
    )
    opening = f"<{name}{written}>"
    return Markup(opening if name in _VOID else f"{opening}{join(*children)}</{name}>")


def join(*children: Child) -> Markup:
    """Several pieces, one after the other."""
    return Markup(
        "".join(
            child if isinstance(child, Markup) else escape(str(child))
            for child in children
            if child is not None
        )
    )
