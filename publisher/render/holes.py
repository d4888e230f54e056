"""A reader's value while nobody knows it yet: it prints as a mark, and notes any other use.

With a value inside (a reader's copy rendered in full) it compares, tests and filters as that
value, and still prints as its mark: the value is put in last, escaped for its part. So no value
is ever read as Markdown, MJML or Typst, and both ways give the same bytes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, TypeAlias

from markupsafe import Markup, escape

from publisher.models.content import hole

#: Whatever a template works with: only it knows which type that is.
Value: TypeAlias = Any

#: The names a template may print, and what they stand for (documented in templates/README.md).
NAMES: dict[str, str] = {
    "reader.name": "the reader's name; empty when it is not known",
    "reader.address": "the address this copy goes to",
    "reader.committees": "the reader's committees, such as `iso-tc-184 itu-t-sg-13`",
    "reader.interests": "the fields a reader is interested in, such as `energy road-vehicles`",
    "unsubscribe_url": "where this reader leaves this newsletter",
    "preferences_url": "where this reader says what it wants to hear about",
    "seat_url": "where this reader registers for an occasion, joins it or cancels",
    "view_url": "where these words stand in the archive, or the page itself",
    "circular.number": "the circular's number in its organisation's year",
    "circular.date": "the day the circular went out",
    "paper.number": "a board paper's number in its board's year",
    "paper.year": "the year it is numbered in",
    "paper.date": "the day the paper was filed",
}


#: What a template that does more than print is shown while nobody knows the value.
SAMPLES: dict[str, str] = {
    "reader.name": "Anna Example",
    "reader.address": "anna@example.org",
    "reader.committees": "iso-tc-1",
    "reader.interests": "",
    "unsubscribe_url": "https://example.org/leave",
    "preferences_url": "https://example.org/preferences",
    "seat_url": "https://example.org/events/seat",
    "view_url": "https://example.org/archive",
    "circular.number": "2000/1",
    "circular.date": "2000-01-01",
    "paper.number": "1",
    "paper.year": "2000",
    "paper.date": "2000-01-01",
}


class Noted:
    """Whether a template did more with a reader's value than print it."""

    def __init__(self) -> None:
        self.used: dict[str, str] = {}  #: the values it looked at, by name

    @property
    def branched(self) -> bool:
        """Whether it looked at any."""
        return bool(self.used)


class Hole:
    """One value; see the module."""

    __slots__ = ("_name", "_noted", "_value", "mark")

    def __init__(self, name: str, noted: Noted, value: str | None = None) -> None:
        self.mark = hole(name)
        self._name = name
        self._noted = noted
        self._value = SAMPLES[name] if value is None else value

    def used(self) -> str:
        """Give the value for something else than printing, and note it."""
        self._noted.used[self._name] = self._value
        return self._value

    def __str__(self) -> str:
        return self.used()

    def __html__(self) -> Markup:
        return escape(self.used())

    def __format__(self, spec: str) -> str:
        return format(self.used(), spec)

    def __bool__(self) -> bool:
        return bool(self.used())

    def __len__(self) -> int:
        return len(self.used())

    def __iter__(self) -> Iterator[str]:
        return iter(self.used())

    def __contains__(self, part: object) -> bool:
        return str(part) in self.used()

    def __getitem__(self, at: Value) -> str:
        return self.used()[at]

    def __hash__(self) -> int:
        return hash(self.used())

    def __eq__(self, other: object) -> bool:
        return bool(self.used() == plain(other))

    def __lt__(self, other: Value) -> bool:
        return bool(self.used() < plain(other))

    def __le__(self, other: Value) -> bool:
        return bool(self.used() <= plain(other))

    def __gt__(self, other: Value) -> bool:
        return bool(self.used() > plain(other))

    def __ge__(self, other: Value) -> bool:
        return bool(self.used() >= plain(other))

    def __add__(self, other: Value) -> str:
        return self.used() + str(plain(other))

    def __radd__(self, other: Value) -> Value:
        return other + self.used()

    def __getattr__(self, name: str) -> Value:
        if name.startswith("_"):
            raise AttributeError(name)
        return getattr(self.used(), name)


def plain(value: Value) -> Value:
    """Give a hole's value, and anything else as it is."""
    return value.used() if isinstance(value, Hole) else value


def holes(noted: Noted, values: Mapping[str, str] | None) -> dict[str, Any]:
    """Give the names a template sees, such as `reader`, with a hole at the end of each path."""
    made: dict[str, Any] = {}
    for name in NAMES:
        value = None if values is None else values.get(name, "")
        group, _, field = name.rpartition(".")
        if group:
            made.setdefault(group, {})[field] = Hole(name, noted, value)
        else:
            made[field] = Hole(name, noted, value)
    return {
        name: Group(name, inner) if isinstance(inner, dict) else inner
        for name, inner in made.items()
    }


class Group:
    """`reader` and `circular`: names with dots."""

    __slots__ = ("_holes", "_name")

    def __init__(self, name: str, inner: Mapping[str, Hole]) -> None:
        self._name = name
        self._holes = inner

    def __getattr__(self, name: str) -> Hole:
        try:
            return self._holes[name]
        except KeyError:
            raise AttributeError(name) from None

    def names(self) -> list[str]:
        """What it holds, for “did you mean”."""
        return list(self._holes)
