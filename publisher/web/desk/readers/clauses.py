"""A rule as a form's fields: groups within groups, each with a button to add and to take away."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal, get_args

from django.http import QueryDict
from pydantic import ValidationError

from publisher.models.specs import RuleSpec
from publisher.models.specs.audience import AttributeValue, Seats

Join = Literal["all", "any", "none"]
DEEPEST, MOST = 4, 40  #: groups within groups, and parts in all
SEATS = get_args(Seats)


@dataclass
class Clause:
    """One condition, as it was typed."""

    path: str  #: where it stands, such as `0-2`
    what: str = ""  #: `attribute:<name>`, `everyone` or `occasion:<seats>`; empty: to be said
    how: str = "is"  #: `is` or `has`
    value: str = ""  #: several with semicolons between


@dataclass
class Group:
    """Conditions that hold together."""

    path: str
    join: Join = "all"
    parts: list[Clause | Group] = field(default_factory=list)

    @property
    def deep(self) -> int:
        """How many groups it stands in."""
        return self.path.count("-")


def read(said: QueryDict) -> Group:
    """Read a form's fields, and do what its button says: `add-`, `group-` or `drop-` and a path."""
    root = _group(said, "0", [MOST])
    act, _, path = said.get("do", "").partition("-")
    group = _found(root, path)
    if act == "add" and group is not None:
        group.parts.append(Clause(path=""))
    elif act == "group" and group is not None and group.deep + 1 < DEEPEST:
        group.parts.append(Group(path="", parts=[Clause(path="")]))
    elif act == "drop":
        _drop(root, path)
    return _numbered(root, "0")


def written(rule: RuleSpec) -> Group:
    """Write a rule as a form's fields."""
    made = _part(rule)
    root = made if isinstance(made, Group) else Group(path="0", parts=[made])
    return _numbered(root, "0")


def rule(group: Group) -> RuleSpec | None:
    """Give the rule that a form says; what is not finished is left out. None: nothing is said.

    Raises:
        ValueError: it cannot be meant; the sentence says why.
    """
    said = _rule(group)
    if said is None:
        return None
    try:
        return RuleSpec.model_validate(said)
    except ValidationError as error:
        raise ValueError(error.errors()[0]["msg"].removeprefix("Value error, ")) from error


def _group(said: QueryDict, path: str, left: list[int]) -> Group:
    join = said.get(f"join-{path}", "all")
    made = Group(path=path, join=join if join in get_args(Join) else "all")  # type: ignore[arg-type]  # just asked
    for at in range(MOST):
        inner = f"{path}-{at}"
        if left[0] <= 0:
            break
        if f"join-{inner}" in said and inner.count("-") < DEEPEST:
            left[0] -= 1
            made.parts.append(_group(said, inner, left))
        elif f"what-{inner}" in said:
            left[0] -= 1
            made.parts.append(_clause(said, inner))
    return made


def _clause(said: QueryDict, path: str) -> Clause:
    return Clause(
        path=path,
        what=said.get(f"what-{path}", ""),
        how="has" if said.get(f"how-{path}") == "has" else "is",
        value=said.get(f"value-{path}", "")[:2000].replace("\0", ""),
    )


def _found(group: Group, path: str) -> Group | None:
    if group.path == path:
        return group
    inner = (part for part in group.parts if isinstance(part, Group))
    return next((found for one in inner if (found := _found(one, path))), None)


def _drop(group: Group, path: str) -> None:
    group.parts = [part for part in group.parts if part.path != path]
    for part in group.parts:
        if isinstance(part, Group):
            _drop(part, path)


def _numbered(group: Group, path: str) -> Group:
    group.path = path
    for at, part in enumerate(group.parts):
        part.path = f"{path}-{at}"
        if isinstance(part, Group):
            _numbered(part, part.path)
    return group


def _part(said: RuleSpec) -> Clause | Group:
    joins: dict[Join, list[RuleSpec] | None] = {
        "all": said.all, "any": said.any, "none": said.none,
    }  # fmt: skip
    for join, parts in joins.items():
        if parts is not None:
            return Group(path="", join=join, parts=[_part(one) for one in parts])
    if said.everyone:
        return Clause(path="", what="everyone")
    if said.occasion is not None:
        return Clause(path="", what=f"occasion:{said.occasion}")
    values = said.equals if said.equals is not None else [said.has]
    return Clause(
        path="",
        what=f"attribute:{said.attribute}",
        how="is" if said.equals is not None else "has",
        value="; ".join(_text(one) for one in values),
    )


def _rule(part: Clause | Group) -> dict[str, object] | None:
    if isinstance(part, Group):
        inner = [said for one in part.parts if (said := _rule(one)) is not None]
        return {part.join: inner} if inner else None
    kind, _, name = part.what.partition(":")
    if kind == "everyone":
        return {"everyone": True}
    if kind == "occasion" and name in SEATS:
        return {"occasion": name}
    values = list(_values(part.value))
    if kind != "attribute" or not values:
        return None
    if part.how == "is":
        return {"attribute": name, "is": values}
    each: list[object] = [{"attribute": name, "has": one} for one in values]
    return {"any": each} if len(each) > 1 else {"attribute": name, "has": values[0]}


def _values(text: str) -> Iterator[AttributeValue]:
    """Read values; a rule's number or truth also means the text that a file holds for it."""
    for one in filter(None, map(str.strip, text.split(";"))):
        if one in {"true", "false"}:
            yield one == "true"
        else:
            yield int(one) if one.isascii() and one.isdigit() and str(int(one)) == one else one


def _text(value: AttributeValue | None) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
