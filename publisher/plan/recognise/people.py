"""The names in the cells of audiences and owners: parts of others, lists, and near namesakes."""

from __future__ import annotations

import re
from collections.abc import Iterable

from publisher.kit.nearest import likeness
from publisher.plan.recognise.document import one_line

_BELOW = re.compile(r"\s*[>›»→]\s*")
_BULLET = re.compile(r"(?:[-–—•*·▪◦]|\d{1,2}[.)])\s+")
_LISTED = re.compile(r"[,/;،、]|\s+(?:and|et|y|и|و)\s+")
_ASIDE = re.compile(r"[(（]([^()（）]*)[)）]")
_OWNERS = re.compile(r"[,/;&+\n،、]|\s+(?:and|et|y|и|و)\s+")
_PLAIN = re.compile(r"\s*[(（,:;]|\s[–—-]\s")
_ALIKE = 86  #: out of 100: from here on somebody is asked whether two names are of the same people


def ways(audience: str, part: str) -> list[list[str]]:
    """Give the audiences a cell names, each as a way from the widest to it.

    “Staff > Managers”, a column of parts, and points of a list below a name say what is part of
    what; the whole is named too if it is heard of itself.
    """
    if part:
        return [[one_line(audience), one_line(part)]]
    lines = [line for line in audience.split("\n") if line]
    if len(lines) > 1 and all(_BULLET.match(line) for line in lines[1:]):
        whole = one_line(_BULLET.sub("", lines[0], count=1)).rstrip(" :")
        return [[whole, one_line(_BULLET.sub("", line, count=1))] for line in lines[1:]]
    return [[name for name in _BELOW.split(one_line(audience)) if name] or [one_line(audience)]]


def in_brackets(name: str) -> list[str]:
    """Give what a name lists in brackets, if it is a list."""
    aside = _ASIDE.search(name)
    said = [" ".join(one.split()) for one in _LISTED.split(aside[1])] if aside else []
    return [one for one in said if one] if len(said) > 1 else []


def owners(cell: str) -> list[str]:
    """Give the owners that a cell names."""
    names = (one_line(_ASIDE.sub(" ", one)) or one_line(one) for one in _OWNERS.split(cell))
    return list(dict.fromkeys(name.strip(" .") for name in names if name.strip(" .-–—?")))


def listed_as(name: str, known: Iterable[str]) -> str:
    """Give what a list calls these people: its name is how theirs begins; else nothing."""
    words = name.casefold().split()
    for one in known:
        bare = _PLAIN.split(one.casefold(), maxsplit=1)[0].split()
        if bare and likeness(" ".join(words[: len(bare)]), [" ".join(bare)])[1] >= _ALIKE:
            return one
    return ""


def namesake(name: str, known: Iterable[str]) -> str:
    """Give a known name so like this one that both may be of the same people; else nothing."""
    by_case = {one.casefold(): one for one in known}
    near, score = likeness(name.casefold(), by_case)
    return by_case[near] if near and score >= _ALIKE else ""
