"""Why two work items are called twins, or related: sentences for the officer who decides."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from publisher.landscape.similarity import Likeness

_MOST_WORDS = 6
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


def same_by_identifier(here: Known, there: Known) -> str:
    """Say by which identifier two items are one document; an empty string: by none."""
    if both := _both(here.works, there.works):
        return f"Both are {_named(both)}."
    if both := _both(here.same_as, there.works):
        return f"{here.identifier} is recorded as the same text as {_named(both)}."
    if both := _both(there.same_as, here.works):
        return f"{there.identifier} is recorded as the same text as {_named(both)}."
    if both := _both(here.same_as, there.same_as):
        return f"Both are recorded as the same text as {_named(both)}."
    return ""


def reasons(here: Known, there: Known, alike: Likeness) -> tuple[str, ...]:
    """Give the reasons, the strongest first."""
    named = same_by_identifier(here, there)
    said = [named, _words(alike), "" if named else _mentioned(here, there), _fields(here, there)]
    if named and alike.score < _DOUBTED:
        said.append("The titles hardly agree: see whether the record names the right document.")
    if there.conflicts:
        said.append("Its records give it different titles; see which one is right.")
    return tuple(one for one in said if one)


def _words(alike: Likeness) -> str:
    if alike.twins and not alike.only_here and not alike.only_there:
        return "The titles have the same words."
    if alike.twins:
        only = (*alike.only_here, *alike.only_there)
        return f"The titles are the same but for: {_listed(only)}."
    if not alike.shared:
        return ""
    said = f"The titles share: {_listed(alike.shared)}."
    if alike.only_here and alike.only_there:
        said += f" Here {_listed(alike.only_here)}, there {_listed(alike.only_there)}."
    return said


def _mentioned(here: Known, there: Known) -> str:
    if both := _both(there.mentions, here.works):
        return f"Its words name {_named(both)}."
    if both := _both(here.mentions, there.works):
        return f"The words here name {_named(both)}."
    return ""


def _fields(here: Known, there: Known) -> str:
    both = _both(here.ics, there.ics)
    return f"Both are in the ICS field {', '.join(both)}." if both else ""


def _both(one: Collection[str], other: Collection[str]) -> tuple[str, ...]:
    return tuple(each for each in one if each in set(other))


def _named(works: Collection[str]) -> str:
    """Write works as people do: a bare number is that of an International Standard."""
    return ", ".join(one if not one[0].isdecimal() else f"ISO/IEC {one}" for one in works)


def _listed(words: Collection[str]) -> str:
    shown = list(words)[:_MOST_WORDS]
    return ", ".join(f"“{one}”" for one in shown) + (" …" if len(words) > len(shown) else "")
