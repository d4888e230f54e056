"""YAML as a tree that knows where each thing stands in its file.

The events come from PyYAML (libyaml in C: a plan of 2,000 entries is read in a second, where a
loader in Python takes ten); what they mean is decided here, by the core schema of YAML 1.2:
`no`, `on` and `20:00` are words, and only `true` and `false` are truth values.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

import yaml

from publisher.models.errors import Problem
from publisher.plan.folder import FORBIDDEN

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

_DEPTH = 30
# https://yaml.org/spec/1.2.2/#103-core-schema
_NULL = re.compile(r"null|Null|NULL|~|\Z")
_TRUTH = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
_WHOLE = re.compile(r"[-+]?[0-9]{1,18}\Z")
_DECIMAL = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]{1,3})?\Z")


@dataclass(slots=True)
class Node:
    """A scalar, a list or a mapping, with where it begins and ends.

    Indexes count characters from the beginning of the text; lines and columns count from 1.
    """

    kind: Literal["scalar", "list", "mapping"]
    start: int
    line: int
    column: int
    end: int = 0
    flow: bool = False  #: written with brackets or braces
    value: str | int | float | bool | None = None  #: of a scalar
    block: bool = False  #: a scalar written with `|` or `>`
    items: list[Node] = field(default_factory=list)  #: of a list
    entries: dict[str, tuple[Node, Node]] = field(default_factory=dict)  #: key and value by name

    def plain(self) -> Any:  # noqa: ANN401 — JSON's values, for pydantic to look at
        """Give it as Python's own values."""
        if self.kind == "mapping":
            return {name: value.plain() for name, (_, value) in self.entries.items()}
        return [item.plain() for item in self.items] if self.kind == "list" else self.value


class _Stop(Exception):
    """Nothing after this can be read."""


def tree(text: str, path: str, problems: list[Problem], *, first_line: int = 1) -> Node | None:
    """Read one YAML document; None if there is anything wrong with it, and problems are added.

    Args:
        text: without control characters.
        path: for the problems.
        problems: where they are added.
        first_line: the line of the file that `text` begins on.
    """
    growing = _Growing(path, first_line)
    try:
        for event in yaml.parse(text, Loader=_LOADER):
            growing.take(event)
    except yaml.MarkedYAMLError as error:
        growing.problem(error.problem_mark, f"this is not YAML: {_said(error)}")
    except yaml.YAMLError as error:
        growing.problem(None, f"this is not YAML: {error}")
    except _Stop:
        pass
    problems.extend(growing.problems)
    return None if growing.problems else growing.root or Node("scalar", 0, first_line, 1)


def _said(error: yaml.MarkedYAMLError) -> str:
    if "character that cannot start any token" in str(error.problem):
        return "a word cannot begin with this character; put it in quotes"
    if error.problem == "mapping values are not allowed in this context":
        return "there is a second “: ” on the line, or the indentation is off; quote the words"
    return " ".join(str(part) for part in (error.problem, error.context) if part)


class _Mark(Protocol):
    @property
    def line(self) -> int: ...

    @property
    def column(self) -> int: ...


class _Growing:
    """The tree so far: a stack of what is open."""

    def __init__(self, path: str, first_line: int) -> None:
        self.path = path
        self.first_line = first_line
        self.problems: list[Problem] = []
        self.root: Node | None = None
        self.open: list[Node] = []
        self.keys: list[Node | None] = []  #: for each open mapping, the key that waits

    def problem(self, mark: _Mark | None, sentence: str) -> None:
        """Add a problem at a mark of the parser's."""
        line = None if mark is None else mark.line + self.first_line
        column = None if mark is None else mark.column + 1
        self.problems.append(Problem(path=self.path, line=line, column=column, sentence=sentence))

    def take(self, event: yaml.Event) -> None:
        """Add an event to the tree."""
        mark: Any = event.start_mark
        if getattr(event, "anchor", None) is not None:
            self.problem(mark, "anchors and aliases (& and *) are not for plans; write it out")
            raise _Stop
        if getattr(event, "tag", None) is not None:
            self.problem(mark, "tags (!) are not for plans; write the plain value")
        if isinstance(event, yaml.DocumentStartEvent) and self.root is not None:
            self.problem(mark, "a second document begins here; one file is one document")
            raise _Stop
        if isinstance(event, yaml.ScalarEvent):
            self._place(self._scalar(event))
        elif isinstance(event, (yaml.SequenceStartEvent, yaml.MappingStartEvent)):
            self._open(event)
        elif isinstance(event, (yaml.SequenceEndEvent, yaml.MappingEndEvent)):
            self._close(event)

    def _node(self, kind: Literal["scalar", "list", "mapping"], event: yaml.Event) -> Node:
        start: Any = event.start_mark
        end: Any = event.end_mark
        line = start.line + self.first_line
        return Node(kind, start.index, line, start.column + 1, end.index)

    def _scalar(self, event: yaml.ScalarEvent) -> Node:
        node = self._node("scalar", event)
        plain = not event.style
        node.value = meaning(event.value) if plain else event.value
        node.block = event.style in {"|", ">"}
        if bad := FORBIDDEN.search(event.value):
            said = f"holds the control or private-use character U+{ord(bad[0]):04X}; take it out"
            self.problem(event.start_mark, said)
        return node

    def _open(self, event: yaml.SequenceStartEvent | yaml.MappingStartEvent) -> None:
        mapping = isinstance(event, yaml.MappingStartEvent)
        node = self._node("mapping" if mapping else "list", event)
        node.flow = bool(event.flow_style)
        if self.open and self.open[-1].kind == "mapping" and self.keys[-1] is None:
            self.problem(event.start_mark, "a name must be a single word, not a list or mapping")
            raise _Stop
        self.open.append(node)
        self.keys.append(None)
        if len(self.open) > _DEPTH:
            self.problem(event.start_mark, f"is nested more than {_DEPTH} deep")
            raise _Stop

    def _close(self, event: yaml.Event) -> None:
        node = self.open.pop()
        self.keys.pop()
        end: Any = event.end_mark
        node.end = end.index if node.flow else _last(node)
        self._place(node)

    def _place(self, node: Node) -> None:
        if not self.open:
            self.root = node
        elif self.open[-1].kind == "list":
            self.open[-1].items.append(node)
        elif (key := self.keys[-1]) is None:
            self.keys[-1] = node
        else:
            self._pair(key, node)
            self.keys[-1] = None

    def _pair(self, key: Node, value: Node) -> None:
        name = _name(key)
        entries = self.open[-1].entries
        if name in entries:
            first = entries[name][0].line
            self.problems.append(
                Problem(
                    path=self.path,
                    line=key.line,
                    column=key.column,
                    field=name,
                    sentence=f"is said twice; the first time on line {first}",
                )
            )
        else:
            entries[name] = (key, value)


def _name(key: Node) -> str:
    if isinstance(key.value, bool):
        return str(key.value).lower()
    return "" if key.value is None else str(key.value)


def _last(node: Node) -> int:
    """The end of a block's last child: the parser's own mark lies after the comments below it."""
    if node.items:
        return node.items[-1].end
    return max((value.end for _, value in node.entries.values()), default=node.end)


def meaning(word: str) -> str | int | float | bool | None:
    """Give what a plain word stands for."""
    if _NULL.fullmatch(word):
        return None
    if word in _TRUTH:
        return _TRUTH[word]
    if _WHOLE.match(word):
        return int(word)
    return float(word) if _DECIMAL.match(word) else word
