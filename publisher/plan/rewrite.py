"""YAML changed where its meaning changed, and nowhere else.

What a file says now and what it is to say are compared as plain values (see `neat`); the text is
cut only where these differ, so that comments, quotation marks and order stay as somebody left
them.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any, cast

import yaml

from publisher.plan.tree import Node, meaning, tree

_WIDE = 10_000  #: letters: words are never folded
_SHORT = 70  #: letters: a list of words that fits is written on one line


def written(value: Mapping[str, Any]) -> str:
    """Write a whole file anew."""
    return _dump(dict(value), 0) + "\n"


def rewritten(text: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> str | None:
    """Change a text that says `old` so that it says `new`.

    None if it is not a mapping, or cannot be read. Whoever calls this reads the result back.
    """
    root = tree(text, "", [])
    if root is None or root.kind != "mapping":
        return None
    text = text if text.endswith("\n") else text + "\n"
    edits = enumerate(_Editor(text).mapping(root, dict(old), dict(new)))
    # from the last to the first; of several at one place the outermost first, as it stands below
    for _, edit in sorted(edits, key=lambda one: (one[1].start, one[0]), reverse=True):
        text = text[: edit.start] + edit.text + text[edit.end :]
    return text


@dataclass(frozen=True)
class _Edit:
    start: int
    end: int
    text: str


class _Editor:
    """Finds what to cut; `old` and `new` are what a node says and is to say."""

    def __init__(self, text: str) -> None:
        self.text = text

    def mapping(self, node: Node, old: dict[str, Any], new: dict[str, Any]) -> Iterator[_Edit]:
        """Change a block mapping, name by name."""
        names = list(node.entries)
        for name in names:
            key, value = node.entries[name]
            if name in new:
                if name not in old or old[name] != new[name]:
                    yield from self._entry(key, value, name, old.get(name), new[name])
            elif name in old:  # else the file says what goes without saying: let it
                yield self._without(key.start, self._end(key, value))
        for after, added in _added(names, new):
            yield self._insertion(node, after, added)

    def _entry(
        self, key: Node, value: Node, name: str, old: object, new: object
    ) -> Iterator[_Edit]:
        old, new = _in_languages(value, old), _in_languages(value, new)
        plain = not isinstance(new, (list, dict))
        if self._by_name(value, old, new):
            yield from self.mapping(value, cast("dict[str, Any]", old), cast("dict[str, Any]", new))
        elif _by_item(value, old, new):
            yield from self._list(value, cast("list[Any]", old), cast("list[Any]", new))
        elif self._on_one_line(value) and (value.flow or plain) and _fits_a_line(new):
            yield _Edit(value.start, value.end, _dump(new, 0, flow=not plain))
        else:
            indent = key.column - 1
            yield self._replacement(
                key.start, self._end(key, value), _dump({name: new}, indent), indent
            )

    def _by_name(self, node: Node, old: object, new: object) -> bool:
        """Whether a mapping can be changed name by name: its first stays, by its hyphen."""
        return (
            not node.flow
            and isinstance(old, dict)
            and isinstance(new, dict)
            and next(iter(node.entries), None) in new
        )

    def _on_one_line(self, node: Node) -> bool:
        inside = self.text[node.start : node.end]
        return bool(inside) and "\n" not in inside and not node.block

    def _list(self, node: Node, old: list[Any], new: list[Any]) -> Iterator[_Edit]:
        """Change a block list, item by item."""
        before, after = [_canonical(item) for item in old], [_canonical(item) for item in new]
        steps = SequenceMatcher(None, before, after, autojunk=False).get_opcodes()
        for step, first, last, to_first, to_last in steps:
            if step == "equal":
                continue
            both = min(last - first, to_last - to_first)
            for offset in range(both):
                yield from self._item(
                    node.items[first + offset], old[first + offset], new[to_first + offset]
                )
            for item in node.items[first + both : last]:
                yield self._without(self._dash(item), self._end(item, item))
            if added := new[to_first + both : to_last]:
                yield self._items(node, first + both, added)

    def _item(self, node: Node, old: object, new: object) -> Iterator[_Edit]:
        if self._by_name(node, old, new):
            yield from self.mapping(node, cast("dict[str, Any]", old), cast("dict[str, Any]", new))
            return
        indent = node.column - 1
        flow = node.flow and isinstance(new, (list, dict))
        text = _dump(new, indent, flow=flow)
        yield self._replacement(node.start, self._end(node, node), text, indent)

    def _items(self, node: Node, before: int, added: list[Any]) -> _Edit:
        """Insert items before the one of this number, or at the end."""
        indent = self._dash(node.items[0]) - self._line_start(node.items[0].start)
        lines = "".join(f"{' ' * indent}- {_dump(item, indent + 2)}\n" for item in added)
        if before < len(node.items):
            start = self._line_start(node.items[before].start)
            return _Edit(start, start, lines)
        last = node.items[-1]
        start = self._line_end(self._end(last, last))
        return _Edit(start, start, "\n" + lines.removesuffix("\n"))

    def _insertion(self, node: Node, after: str | None, added: dict[str, Any]) -> _Edit:
        """Insert names into a mapping, each below the one it follows."""
        first = next(iter(node.entries.values()))[0]
        indent = first.column - 1
        lines = f"{' ' * indent}{_dump(added, indent)}"
        key, value = node.entries[after or list(node.entries)[-1]]
        start = self._line_end(self._end(key, value))
        return _Edit(start, start, "\n" + lines)

    def _replacement(self, start: int, end: int, text: str, indent: int) -> _Edit:
        """Replace a span; a comment on its last line goes above if the text takes several."""
        line_end = self._line_end(end)
        rest = self.text[end:line_end].strip()
        if rest.startswith("#") and "\n" in text:
            return _Edit(start, line_end, f"{rest}\n{' ' * indent}{text}")
        return _Edit(start, end, text)

    def _without(self, start: int, end: int) -> _Edit:
        """Take out whole lines."""
        line_end = self._line_end(end)
        return _Edit(self._line_start(start), min(line_end + 1, len(self.text)), "")

    def _dash(self, item: Node) -> int:
        """The index of the hyphen before an item."""
        return self.text.rindex("-", 0, item.start)

    def _end(self, key: Node, value: Node) -> int:
        """The index after the last letter of a value, or after the colon if it has none."""
        end = value.end
        if value.block:
            end = value.start + len(self.text[value.start : value.end].rstrip())
        if value is not key and end <= key.end:
            end = self.text.index(":", key.end) + 1
        if value.items:
            return self._end(value.items[-1], value.items[-1]) if not value.flow else end
        if value.entries and not value.flow:
            return max(self._end(*pair) for pair in value.entries.values())
        return end

    def _line_start(self, index: int) -> int:
        return self.text.rfind("\n", 0, index) + 1

    def _line_end(self, index: int) -> int:
        end = self.text.find("\n", index)
        return len(self.text) if end < 0 else end


def _added(
    names: Iterable[str], new: dict[str, Any]
) -> Iterator[tuple[str | None, dict[str, Any]]]:
    """Give the new names in groups, with the name in the file that each group stands after."""
    there = set(names)
    after: str | None = None
    group: dict[str, Any] = {}
    for name, value in new.items():
        if name in there:
            if group:
                yield after, group
            after, group = name, {}
        else:
            group[name] = value
    if group:
        yield after, group


def _by_item(node: Node, old: object, new: object) -> bool:
    """Whether a block list can be changed item by item."""
    return (
        bool(node.items)
        and not node.flow
        and isinstance(old, list)
        and isinstance(new, list)
        and len(old) == len(node.items)
        and bool(new)
    )


def _in_languages(node: Node, said: object) -> object:
    """English words as a mapping where the file writes them so."""
    return {"en": said} if "en" in node.entries and isinstance(said, str) else said


def _fits_a_line(value: object) -> bool:
    return "\n" not in _dump(value, 0, flow=isinstance(value, (list, dict)))


def _canonical(value: object) -> str:
    return json.dumps(value, sort_keys=True, ensure_ascii=False)


class _Dumper(yaml.SafeDumper):
    """Lists stand under their name; words of several lines keep them."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:  # noqa: FBT001, FBT002
        """See PyYAML."""
        super().increase_indent(flow, indentless=False)


def _words(dumper: _Dumper, value: str) -> yaml.ScalarNode:
    style = "|" if "\n" in value else None
    if not isinstance(meaning(value), str):
        style = "'"
    return dumper.represent_scalar("tag:yaml.org,2002:str", value, style=style)


def _list(dumper: _Dumper, value: list[Any]) -> yaml.SequenceNode:
    short = sum(len(str(item)) + 2 for item in value) <= _SHORT
    flow = short and not any(isinstance(item, (list, dict)) for item in value)
    return dumper.represent_sequence("tag:yaml.org,2002:seq", value, flow_style=flow or None)


class _FlowDumper(yaml.SafeDumper):
    """Everything on one line."""


def _quoted(dumper: _FlowDumper, value: str) -> yaml.ScalarNode:
    style = None if isinstance(meaning(value), str) else "'"
    return dumper.represent_scalar("tag:yaml.org,2002:str", value, style=style)


_Dumper.add_representer(str, _words)
_Dumper.add_representer(list, _list)
_FlowDumper.add_representer(str, _quoted)


def _dump(value: object, indent: int, *, flow: bool = False) -> str:
    """Write a value; its second and further lines are indented."""
    text: str = yaml.dump(
        value,
        Dumper=_FlowDumper if flow else _Dumper,
        allow_unicode=True,
        sort_keys=False,
        width=_WIDE,
        default_flow_style=flow,
    )
    lines = text.removesuffix("\n...\n").removesuffix("\n").split("\n")
    return "\n".join([lines[0], *(f"{' ' * indent}{line}" if line else "" for line in lines[1:])])
