"""Which column is which, and a table's rows as who hears what through what."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest

from publisher.plan.recognise.channels import channels

#: what a heading of each column holds, in the six languages of the United Nations
_HEADINGS = {
    "audience": r"audience|stakeholder|target group|public|destinat|аудитори|الجمهور|受众",
    "message": r"message|mensaje|сообщени|الرسال|رسائل|信息",
    "channel": r"channel|medium|media|canal|canaux|moyen|medio|канал|قناة|القنوات|渠道",
    "when": r"\bwhen\b|\bdate|timing|deadline|échéance|quand|fecha|cuándo|срок|дата|التاريخ|日期",
    "owner": r"owner|responsible|responsable|lead\b|ответствен|المسؤول|负责",
}
#: how blocks begin that name people
_PEOPLE = re.compile(
    r"(?:\w+ )?(?:senior management|management boards?|technical communit|global communit|general "
    r"public|national (?:bodies|committees)|members?\b|staff|press\b|stakeholders|experts)",
    re.IGNORECASE,
)
_HEADER = re.compile(r"target\s+audience\s+key\s+messages?\b", re.IGNORECASE)
_AFTER = re.compile(r"\n\s*(?:annex|appendix)\b", re.IGNORECASE)
#: a page's end in text out of a PDF, and an empty line
_BLOCKS = re.compile(r"\n[ \t]*\n|\f|\n {2,}(?=[A-Z])")


@dataclass(frozen=True, kw_only=True)
class Row:
    """Who hears what through what, in the words of the plan that was brought."""

    audience: str
    message: str
    channel: str
    when: str = ""
    owner: str = ""


def rows(table: Sequence[Sequence[str]]) -> list[Row]:
    """Give a table's rows; none if its first row, or first column, names no such columns."""
    return _rows(table) or _rows(list(zip_longest(*table, fillvalue="")))


def flattened(text: str) -> list[Row]:
    """Give the rows of a table whose cells stand below each other, as out of a PDF."""
    header = _HEADER.search(text)
    if header is None:
        return []
    rest = _AFTER.split(text[header.end() :].replace("\r\n", "\n"))[0]
    blocks = [block.strip() for block in _BLOCKS.split(rest) if block and block.strip()]
    return list(_grouped(blocks))


def _rows(table: Sequence[Sequence[str]]) -> list[Row]:
    columns = _columns(table[0]) if table else {}
    if not {"audience", "message", "channel"} <= columns.keys():
        return []
    found: list[Row] = []
    for cells in table[1:]:
        said = {role: _cell(cells, at) for role, at in columns.items()}
        if not said["audience"] and found:
            # A cell that reaches over several rows is written once.
            said["audience"] = found[-1].audience
        found.append(Row(**said))
    return [row for row in found if row.audience and (row.message or row.channel)]


def _columns(header: Sequence[str]) -> dict[str, int]:
    columns: dict[str, int] = {}
    for at, heading in enumerate(header):
        for role, words in _HEADINGS.items():
            if role not in columns and re.search(words, heading, re.IGNORECASE):
                columns[role] = at
                break
    return columns


def _cell(cells: Sequence[str], at: int) -> str:
    return cells[at].strip() if at < len(cells) else ""


def _grouped(blocks: Sequence[str]) -> Iterator[Row]:
    groups: list[dict[str, list[str]]] = []
    for block in blocks:
        if _people(block) and (not groups or groups[-1]["channel"]):
            groups.append({"audience": [block], "message": [], "channel": []})
        elif groups:
            groups[-1]["channel" if _carries(block) else "message"].append(block)
    for group in groups:
        yield Row(**{role: "\n\n".join(said) for role, said in group.items()})


def _people(block: str) -> bool:
    return bool(_PEOPLE.match(block)) and not _carries(block)


def _carries(block: str) -> bool:
    """Say whether a block names channels rather than saying something about them."""
    says = block.endswith((".", "?", "!")) or "need to be" in " ".join(block.split())
    return not says and bool(channels(block)[0])
