"""What carrying costs: `prices.toml`, with where each figure comes from."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from pydantic import TypeAdapter


@dataclass(frozen=True, kw_only=True)
class Figure:
    """One figure of the file."""

    value: float
    source: str
    read: date  #: there, on this day


@cache
def prices() -> Mapping[str, Mapping[str, Figure]]:
    """Give the figures by adapter and name; see the head of the file."""
    read = tomllib.loads(Path(__file__).with_name("prices.toml").read_text("utf-8"))
    return _SHAPE.validate_python(read)


_SHAPE = TypeAdapter(dict[str, dict[str, Figure]])


def price(adapter: str, *, with_link: bool = False) -> Figure | None:
    """Give what one mail or post costs by an adapter; None: nothing, or nobody says."""
    known = prices().get(adapter, {})
    return known.get("each_with_link") if with_link else known.get("each")


def day_of_trial(adapter: str) -> Figure | None:
    """Give how many an account that pays nothing may send in a day; None: no such limit."""
    return prices().get(adapter, {}).get("trial_day")
