"""Reading the counts out of what a network says of a post."""

from __future__ import annotations

from collections.abc import Mapping

from publisher.models.adapter import Json


def counted(said: Json, names: Mapping[str, str]) -> dict[str, int]:
    """Give each count that is there, under our own name for it.

    Args:
        said: the service's object.
        names: by our name, theirs; with dots where it lies deeper.
    """
    found = {ours: _at(said, theirs) for ours, theirs in names.items()}
    return {ours: count for ours, count in found.items() if isinstance(count, int)}


def _at(said: Json, path: str) -> Json:
    for name in path.split("."):
        said = said.get(name) if isinstance(said, dict) else None
    return said
