"""What each network takes: `limits.toml`, and which network a cell goes to."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from publisher.models.cell import Cell
from publisher.models.errors import PlanError, Problem


@dataclass(frozen=True, kw_only=True)
class Limits:
    """See the head of `limits.toml`; 0 where a figure is left out."""

    name: str
    unit: str
    max: int
    bytes: int = 0
    url: int = 0
    pictures: int = 0
    alt: int = 0
    card: bool = False  #: it shows the page a post leads to, with words that we give
    per_day: int = 0
    default_weight: int = 0
    scale: int = 100
    emoji: bool = False  #: whether an emoji of several code points weighs as one
    ranges: tuple[tuple[int, int, int], ...] = ()


@cache
def networks() -> Mapping[str, Limits]:
    """Give each network's limits by its name in plan files."""
    read = tomllib.loads(Path(__file__).with_name("limits.toml").read_text("utf-8"))
    return {slug: _SHAPE.validate_python(_values(table)) for slug, table in read.items()}


def _values(table: Mapping[str, Any]) -> dict[str, Any]:
    """Take the sources off the figures."""
    return {
        name: figure["value"] if isinstance(figure, dict) else figure
        for name, figure in table.items()
    }


_SHAPE = TypeAdapter(Limits)


def network(cell: Cell) -> str:
    """Say which network a post goes to.

    That is the outlet's setting `network`, else its adapter, else its channel: the first of them
    that is the name of a network.

    Raises:
        PlanError: none of them is.
    """
    told = str(cell.outlet.settings.get("network", ""))
    for name in (told,) if told else (cell.outlet.adapter, cell.channel.slug):
        if name in networks():
            return name
    sentence = (
        f"which network “{cell.outlet.slug}” posts to is not known; "
        f"add network: to its settings, one of {', '.join(networks())}"
    )
    path = f"channels/{cell.channel.slug}.yaml"
    field = f"outlets.{cell.outlet.slug}.settings"
    raise PlanError([Problem(path=path, field=field, sentence=sentence)])
