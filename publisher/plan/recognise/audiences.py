"""Audiences of a draft: who they are, of which kind, and what they are part of."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from publisher.plan.recognise import headings
from publisher.plan.recognise.document import one_line
from publisher.plan.recognise.draft import Draft, slug_at
from publisher.plan.recognise.people import in_brackets, listed_as, namesake
from publisher.plan.recognise.rows import Row


def audience(made: Draft, row: Row, way: Sequence[str], listed: Mapping[str, str]) -> str:
    """Give the path of the last audience of a way, with those above it; made if need be."""
    above = ""
    for name in way:
        path = _path(made, name)
        if path not in made.files:
            _new(made, path, name, above)
            _kind(made, path, name, row, listed)
            _doubts(made, path, name, row)
        above = path
    return above


def _path(made: Draft, name: str) -> str:
    bare = re.split("[(（]", name, maxsplit=1)[0].strip() or name
    for path in made.files:
        here = path.startswith("audiences/") and path.count("/") == 1
        if here and made.called(path).casefold() == name.casefold():
            return path
    path = made.free("audiences", bare, "audience")
    taken = path in made.files and made.called(path).casefold() != name.casefold()
    return made.free("audiences", name, "audience") if taken else path


def _new(made: Draft, path: str, name: str, above: str) -> None:
    slug = slug_at(path)
    near = namesake(name, _names(made))
    made.files[path] = {
        "name": made.said(name),
        "kind": "primary",
        **({"part_of": slug_at(above)} if above else {}),
        "who": {"attribute": "audience", "is": slug},
        "hears": [],
    }
    while above:
        rule = made.files[above]["who"]
        held = rule["is"] if isinstance(rule["is"], list) else [rule["is"]]
        rule["is"] = [*held, slug]
        wider = made.files[above].get("part_of", "")
        above = f"audiences/{wider}.yaml" if wider else ""
    if near:
        made.ask(path, ("name",), f"is this the same audience as “{near}”?")
    made.ask(path, ("who",), "which readers are in it? So far those whose “audience” says so.")


def _names(made: Draft) -> list[str]:
    return [
        made.called(path)
        for path in made.files
        if path.startswith("audiences/") and path.count("/") == 1
    ]


def _kind(made: Draft, path: str, name: str, row: Row, listed: Mapping[str, str]) -> None:
    kind = headings.kind(row.kind)
    source = "" if kind else listed_as(name, listed)
    made.files[path]["kind"] = kind or listed.get(source, "primary")
    if source:
        made.ask(
            path, ("kind",), f"a list of the plan says so of “{source}”; is that this audience?"
        )
    elif not kind:
        said = f"The plan says “{one_line(row.kind)}”." if row.kind else "The plan does not say."
        made.ask(path, ("kind",), f"is it primary or secondary? {said} Written as primary.")


def _doubts(made: Draft, path: str, name: str, row: Row) -> None:
    if parts := in_brackets(name):
        made.ask(
            path, ("name",), f"are {', '.join(parts)} audiences of their own, and part of this one?"
        )
    elif "\n" in row.audience and "part_of" not in made.files[path]:
        lines = " and ".join(f"“{line}”" for line in row.audience.split("\n") if line)
        if one_line(row.audience) == name:
            made.ask(
                path, ("name",), f"{lines} stand on lines of their own; are they one audience?"
            )
    if row.section and not headings.kind(row.section):
        made.ask(
            path,
            ("name",),
            f"it stands under “{row.section}”; is that an audience that it is part_of?",
        )
