"""A table whose cells stand below each other, as in text taken out of a PDF."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from publisher.plan.recognise.channels import channels
from publisher.plan.recognise.document import one_line
from publisher.plan.recognise.rows import Reading, Row

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
_NAME = "the table whose cells stand below each other"


def read_flattened(text: str) -> Reading | None:
    """Read the rows of such a table; None if its headings are not there."""
    header = _HEADER.search(text)
    if header is None:
        return None
    rest = _AFTER.split(text[header.end() :].replace("\r\n", "\n"))[0]
    blocks = [block.strip() for block in _BLOCKS.split(rest) if block and block.strip()]
    rows = list(_grouped(blocks))
    return Reading(rows=rows, name=_NAME) if rows else None


def _grouped(blocks: Sequence[str]) -> Iterator[Row]:
    groups: list[dict[str, list[str]]] = []
    for block in blocks:
        if _people(block) and (not groups or groups[-1]["channel"]):
            groups.append({"audience": [block], "message": [], "channel": []})
        elif groups:
            groups[-1]["channel" if _carries(block) else "message"].append(block)
    for number, group in enumerate(groups, 1):
        joined = {role: "\n\n".join(map(one_line, said)) for role, said in group.items()}
        yield Row(**joined, place=f"{_NAME}, row {number}")


def _people(block: str) -> bool:
    return bool(_PEOPLE.match(block)) and not _carries(block)


def _carries(block: str) -> bool:
    """Say whether a block names channels rather than saying something about them."""
    says = block.endswith((".", "?", "!")) or "need to be" in one_line(block)
    return not says and bool(channels(block))
