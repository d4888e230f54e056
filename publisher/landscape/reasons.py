"""Why two work items are called twins, or related: sentences for the officer who decides."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from publisher.kit import words
from publisher.kit.text import direction
from publisher.landscape.similarity import Likeness

_MOST_WORDS = 6
#: https://www.unicode.org/reports/tr9/#Explicit_Directional_Isolates
_ISOLATED = "\N{LEFT-TO-RIGHT ISOLATE}{}\N{POP DIRECTIONAL ISOLATE}"
_DOUBTED = 0.3  #: a score below which a record that names a twin may name the wrong one


@dataclass(frozen=True, kw_only=True)
class Known:
    """What is known of an item besides its title."""

    identifier: str
    works: Collection[str] = ()
    same_as: Collection[str] = ()
    mentions: Collection[str] = ()
    ics: Collection[str] = ()
    conflicts: Mapping[str, Collection[str]] | None = None


@dataclass(frozen=True, kw_only=True)
class Reason:
    """One reason, to be said in the language of whoever reads it."""

    key: str  #: of a sentence in `kit/words`, less `reason.`
    values: Mapping[str, str] = field(default_factory=dict)

    def text(self, language: str = "en") -> str:
        """Say it."""
        tag = words.known([language])
        # What is listed is in Latin letters: its quotes and commas stay where they are.
        around = _ISOLATED if direction(tag) == "rtl" else "{}"
        values = {name: around.format(value) for name, value in self.values.items()}
        said = words.say(tag, "reason." + self.key, **values)
        return said.replace("….", "…")


def same_by_identifier(here: Known, there: Known) -> Reason | None:
    """Say by which identifier two items are one document; None: by none."""
    if both := _both(here.works, there.works):
        return _reason("same_works", works=_named(both))
    if both := _both(here.same_as, there.works):
        return _reason("recorded", identifier=here.identifier, works=_named(both))
    if both := _both(there.same_as, here.works):
        return _reason("recorded", identifier=there.identifier, works=_named(both))
    if both := _both(here.same_as, there.same_as):
        return _reason("both_recorded", works=_named(both))
    return None


def reasons(here: Known, there: Known, alike: Likeness) -> tuple[Reason, ...]:
    """Give the reasons, the strongest first."""
    named = same_by_identifier(here, there)
    said = [named, *_words(alike), None if named else _mentioned(here, there)]
    said.append(_fields(here, there))
    if named and alike.score < _DOUBTED:
        said.append(_reason("doubted"))
    if there.conflicts:
        said.append(_reason("conflict"))
    return tuple(one for one in said if one)


def _words(alike: Likeness) -> list[Reason]:
    if alike.twins and not alike.only_here and not alike.only_there:
        return [_reason("same_words")]
    if alike.twins:
        return [_reason("same_but_for", words=_listed((*alike.only_here, *alike.only_there)))]
    if not alike.shared:
        return []
    said = [_reason("shared", words=_listed(alike.shared))]
    if alike.only_here and alike.only_there:
        here, there = _listed(alike.only_here), _listed(alike.only_there)
        said.append(_reason("differ", here=here, there=there))
    return said


def _mentioned(here: Known, there: Known) -> Reason | None:
    if both := _both(there.mentions, here.works):
        return _reason("names_this", works=_named(both))
    if both := _both(here.mentions, there.works):
        return _reason("named_here", works=_named(both))
    return None


def _fields(here: Known, there: Known) -> Reason | None:
    both = _both(here.ics, there.ics)
    return _reason("same_field", ics=", ".join(both)) if both else None


def _reason(key: str, **values: str) -> Reason:
    return Reason(key=key, values=values)


def _both(one: Collection[str], other: Collection[str]) -> tuple[str, ...]:
    return tuple(each for each in one if each in set(other))


def _named(works: Collection[str]) -> str:
    """Write works as people do: a bare number is that of an International Standard."""
    return ", ".join(one if not one[0].isdecimal() else f"ISO/IEC {one}" for one in works)


def _listed(telling: Collection[str]) -> str:
    shown = list(telling)[:_MOST_WORDS]
    return ", ".join(f"“{one}”" for one in shown) + (" …" if len(telling) > len(shown) else "")
