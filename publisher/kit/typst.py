"""Words for Typst: as strings, so that nothing in them is read as Typst."""

from __future__ import annotations


def quoted(text: str) -> str:
    """Write `text` as an expression that prints it, in Typst's markup mode.

    Source: https://typst.app/docs/reference/foundations/str/: a string prints as it is.
    """
    return f"#{literal(text)};" if text else ""


def literal(text: str) -> str:
    """Write `text` as a Typst string literal."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
