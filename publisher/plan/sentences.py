"""What pydantic found wrong, as sentences for whoever wrote the file, at their places."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from publisher.kit.nearest import meant, nearest
from publisher.models.errors import Problem
from publisher.plan.tree import Node

Where = tuple[int | str, ...]
Found = tuple[Node, list[ErrorDetails]]  #: a place in the file, and what is wrong there

_TYPES: Mapping[str, str] = {
    "missing": "is missing",
    "list_type": "must be a list",
    "dict_type": "must be a mapping of names to values",
    "model_type": "must be a mapping of names to values",
    "model_attributes_type": "must be a mapping of names to values",
    "int_type": "must be a whole number",
    "int_parsing": "must be a whole number",
    "int_from_float": "must be a whole number",
    "date_type": "must be a date such as 2027-03-12",
    "date_parsing": "must be a date such as 2027-03-12",
    "date_from_datetime_parsing": "must be a date there is, such as 2027-03-12",
    "date_from_datetime_inexact": "must be a date such as 2027-03-12",
    "datetime_parsing": "must be a time there is, such as 2027-03-12 09:00",
    "datetime_from_date_parsing": "must be a time there is, such as 2027-03-12 09:00",
    "time_type": "must be a time of day such as 09:00",
    "time_parsing": "must be a time of day such as 09:00",
    "too_short": "must not be empty",
}


def problems_in(
    error: ValidationError,
    *,
    path: str,
    node: Node,
    shape: type[BaseModel],
    prefix: Where = (),
    hidden: Collection[str] = (),
    added: Collection[str] = (),
) -> list[Problem]:
    """Turn each error into a problem; several about one value become one.

    Args:
        error: of validating what `node` says.
        path: the file's.
        node: the mapping that was validated.
        shape: the model it was validated by.
        prefix: where `node` stands in its file.
        hidden: fields of `shape` that the file does not say, such as its slug.
        added: words that may stand beside the fields of `shape`.
    """

    def words(where: Where) -> set[str]:
        known = {*_words(shape, where[:-1]), *(added if len(where) == 1 else ())}
        return known - set(hidden)

    return [
        Problem(
            path=path,
            line=mark.line,
            column=mark.column,
            field=".".join(str(part) for part in (*prefix, *where)),
            sentence=_sentence(details, words(where)),
        )
        for where, (mark, details) in _without_slips(_by_place(error, node), words).items()
    ]


def _by_place(error: ValidationError, node: Node) -> dict[Where, Found]:
    found: dict[Where, Found] = {}
    for detail in error.errors(include_url=False):
        where, mark = _where(node, detail)
        found.setdefault(where, (mark, []))[1].append(detail)
    return found


def _without_slips(
    found: Mapping[Where, Found], words: Callable[[Where], Collection[str]]
) -> dict[Where, Found]:
    """Leave out what is said to be missing: it is there, misspelt, which is told by itself."""
    slips = {
        (*where[:-1], nearest(str(where[-1]), words(where)))
        for where, (_, details) in found.items()
        if details[0]["type"] == "extra_forbidden"
    }
    return {
        where: (mark, details)
        for where, (mark, details) in found.items()
        if where not in slips or details[0]["type"] != "missing"
    }


def plain_problems(error: ValidationError, *, path: str) -> list[Problem]:
    """Turn each error of values that no file holds, such as a form's, into a problem."""
    return [
        Problem(
            path=path,
            field=".".join(str(part) for part in detail["loc"]),
            sentence=_sentence([detail], ()),
        )
        for detail in error.errors(include_url=False)
    ]


def at(node: Node, where: Sequence[int | str]) -> Node:
    """Give the deepest node on the way to `where`."""
    for part in where:
        if node.kind == "mapping" and str(part) in node.entries:
            node = node.entries[str(part)][1]
        elif node.kind == "list" and str(part).isdigit() and int(part) < len(node.items):
            node = node.items[int(part)]
        else:
            break
    return node


def _where(node: Node, detail: ErrorDetails) -> tuple[Where, Node]:
    """Drop from pydantic's path what is not in the file, such as the branch of a union."""
    where: list[int | str] = []
    mark = key = node
    for position, part in enumerate(detail["loc"], start=1):
        last = position == len(detail["loc"])
        if _is_branch(node, detail["loc"][position - 1 :]):
            continue
        if node.kind == "mapping" and str(part) in node.entries:
            key, node = node.entries[str(part)]
            mark = key if last and detail["type"] == "extra_forbidden" else node
            where.append(part)
        elif node.kind == "list" and isinstance(part, int) and part < len(node.items):
            mark = node = node.items[part]
            where.append(part)
        elif detail["type"] == "missing" and last:
            where.append(part)
        elif part == "[key]":
            mark = key
    return tuple(where), mark


def _is_branch(node: Node, rest: Where) -> bool:
    """Whether this part names a branch of a union, though the file has a word spelt the same."""
    if len(rest) < 2 or not {str(rest[0]), str(rest[1])} <= node.entries.keys():
        return False
    return node.entries[str(rest[0])][1].kind == "scalar"


def _sentence(details: list[ErrorDetails], words: Collection[str]) -> str:
    detail = details[0]
    kind = detail["type"]
    if len(details) > 1 and all(one["type"].endswith(("_type", "_parsing")) for one in details):
        return "must be a word, a number, true or false"
    if kind == "missing" and detail["loc"][-1] == "alt":
        return "is missing: say in a sentence what the picture shows, for who cannot see it"
    if kind == "extra_forbidden":
        return "is not a word that can stand here" + meant(str(detail["loc"][-1]), words)
    if kind in _SPECIAL:
        return _SPECIAL[kind](detail)
    return _TYPES.get(kind) or detail["msg"].replace("Input should", "should")


def _text(detail: ErrorDetails) -> str:
    given = detail["input"]
    if given is None:
        return "is empty; write the words, or leave the line out"
    if isinstance(given, (bool, int, float)):
        shown = str(given).lower() if isinstance(given, bool) else str(given)
        return f'must be text; put it in quotes: "{shown}"'
    return "must be text"


def _truth(detail: ErrorDetails) -> str:
    given = detail["input"]
    return "must be true or false" + (f", not “{given}”" if isinstance(given, str) else "")


def _one_of(detail: ErrorDetails) -> str:
    expected = str(detail.get("ctx", {}).get("expected", ""))
    known = re.findall(r"'([^']*)'", expected)
    if not known:
        return f"must be {expected.lower()}, not “{detail['input']}”"
    return f"“{detail['input']}” is unknown{meant(str(detail['input']), known)}"


def _said(detail: ErrorDetails) -> str:
    return str(detail.get("ctx", {}).get("error", detail["msg"]))


_SPECIAL: Mapping[str, Callable[[ErrorDetails], str]] = {
    "string_type": _text,
    "bool_type": _truth,
    "literal_error": _one_of,
    "value_error": _said,
}


def _words(shape: type[BaseModel], where: Where) -> list[str]:
    """Give the fields that may stand at a place of a model."""
    models: set[type[BaseModel]] = {shape}
    for part in where:
        if isinstance(part, int):
            continue
        fields = [model.model_fields[part] for model in models if part in model.model_fields]
        found = {inner for field in fields for inner in _models(field.annotation)}
        models = found or models
    return sorted(
        field.alias or name
        for model in models
        for name, field in model.model_fields.items()
        if name != "kind" or len(models) == 1
    )


def _models(annotation: object) -> set[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return {annotation}
    return {model for part in get_args(annotation) for model in _models(part)}
