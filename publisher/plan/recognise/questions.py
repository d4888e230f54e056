"""Questions as comments of a file, each above the field that it is about."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from publisher.plan.entry_file import entry_file
from publisher.plan.open_questions import MARK
from publisher.plan.tree import Node, tree

Field = tuple[str | int, ...]  #: names and numbers, from the outside in; empty: the whole file


@dataclass(frozen=True, kw_only=True)
class Question:
    """Something that a plan leaves unclear."""

    path: str
    field: Field
    sentence: str
    line: int = 0  #: of its file once it stands there, from 1


def asked(text: str, questions: Iterable[Question]) -> tuple[str, list[Question]]:
    """Put questions into a file's text; give them with their lines."""
    front = entry_file(text, "", []) if text.startswith("---\n") else None
    first = front.front_line if front else 1
    root = tree(front.front if front else text, "", [], first_line=first)
    placed = [(_line(root, one.field, first), one) for one in questions]
    lines = text.split("\n")
    made: list[str] = []
    found: list[Question] = []
    for number, line in enumerate(lines, 1):
        indent = line[: len(line) - len(line.lstrip())]
        for one in (question for at, question in placed if at == number):
            made.append(f"{indent}{MARK} {one.sentence}")
            found.append(replace(one, line=len(made)))
        made.append(line)
    return "\n".join(made), found


def _line(node: Node | None, field: Field, line: int) -> int:
    """Give the line that a field begins on; of one that is not there, that of what it is in."""
    for name in field:
        if node is None:
            break
        if isinstance(name, int):
            if name >= len(node.items):
                break
            node = node.items[name]
            line = node.line
        else:
            if name not in node.entries:
                break
            key, node = node.entries[name]
            line = key.line
    return line
