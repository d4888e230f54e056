"""A table's rows as who hears what through what, in the words of the plan that was brought."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest

from publisher.plan.recognise import headings
from publisher.plan.recognise.channels import channels
from publisher.plan.recognise.document import Cells, Table, one_line, tidied

#: what stands for yes where each channel has a column of its own, and for no
_YES = re.compile(r"[xX×✓✔☑☒●•■✅]|yes|oui|s[ií]|да|نعم|是|有", re.IGNORECASE)
_NO = re.compile(r"[-–—○☐□]?|no|non|нет|не|لا|否|n/?a", re.IGNORECASE)
_DITTO = re.compile(r"[\"“”″〃]|''|ditto|idem|ídem|id\.|то же|同上", re.IGNORECASE)
_MARKS = 2  #: so many columns of marks make a plan
_SENTENCE = 5  #: words of the shortest column that may be key messages
_NAME = 12  #: words of the longest column that may be audiences
_CALLED = {"audience": "audiences", "message": "key messages", "channel": "channels"}


@dataclass(frozen=True, kw_only=True)
class Row:
    """Who hears what through what."""

    audience: str
    message: str
    channel: str
    when: str = ""
    owner: str = ""
    kind: str = ""  #: what the plan says of the kind of audience: primary, secondary, or something
    part: str = ""  #: the part of the audience that is meant
    section: str = ""  #: the line across the table that it stands under
    others: str = ""  #: what the plan says besides, with its headings
    place: str = ""  #: where in the document


@dataclass(frozen=True, kw_only=True)
class Reading:
    """What was recognised in one place of a document."""

    rows: list[Row]
    name: str  #: of the place: “table 2”
    above: str = ""  #: the heading it stands under
    taken: dict[str, str] = field(default_factory=dict)  #: by role, the heading taken for it
    language: str = "en"
    doubts: list[str] = field(default_factory=list)  #: questions about the whole of it


def read_table(table: Table) -> Reading | None:
    """Read a table by its headings, on top or at the side; None if they are no plan's."""
    cells = tidied(table.cells)
    sideways = tidied(zip_longest(*cells, fillvalue=""))
    return _by_headings(table, cells, "row") or _by_headings(table, sideways, "column")


def read_bare_table(table: Table) -> Reading | None:
    """Read a table without headings by what its columns hold; None unless that is plain."""
    cells = tidied(table.cells)
    roles = _roles_of(cells)
    if roles is None:
        return None
    shown = {role: f"column {at + 1}" for role, at in roles.items()}
    listed = ", ".join(f"{where} for the {_CALLED[role]}" for role, where in shown.items())
    doubt = f"{table.name} has no headings; taken were {listed}. Is that right?"
    rows = [
        Row(**{role: row[at] for role, at in roles.items()}, place=f"{table.name}, row {number}")
        for number, row in enumerate(_carried(cells, roles), 1)
        if row[roles["audience"]] and (row[roles["message"]] or row[roles["channel"]])
    ]
    return Reading(rows=rows, name=table.name, above=table.above, taken=shown, doubts=[doubt])


def lacking(table: Table) -> set[str]:
    """Give what a table lacks to be a plan: roles that none of its headings name."""
    cells = tidied(table.cells)[: headings.FURTHEST]
    said = (headings.missing(headings.columns(row)) for row in cells)
    return min(said, key=len, default=headings.missing(()))


def _by_headings(table: Table, cells: Cells, across: str) -> Reading | None:
    cells, marked = _gathered(cells)
    at = headings.header_row(cells)
    if at is None:
        return None
    header, columns = cells[at], headings.columns(cells[at])
    rows = list(_rows(table.name, cells, at, columns, across))
    if not rows:
        return None
    taken = {role: one_line(header[column]) for role, column in columns.items()}
    return Reading(
        rows=rows,
        name=table.name,
        above=one_line(table.above),
        taken=taken,
        language=headings.language(taken[one] for one in taken if one != "channel" or not marked),
    )


def _rows(
    name: str, cells: Cells, at: int, columns: Mapping[str, int], across: str
) -> Iterator[Row]:
    header = cells[at]
    others = [
        (one_line(heading) or "besides", column)
        for column, heading in enumerate(header)
        if column not in columns.values() and header.index(heading) == column
    ]
    section = ""
    for number, row in enumerate(_carried(cells[at + 1 :], columns), at + 2):
        if row == header:  # written again on a new page
            continue
        if line := _across(row):
            section = line
            continue
        said = {role: row[column] for role, column in columns.items()}
        if not said["audience"] or not (said["message"] or said["channel"]):
            continue
        extra = "; ".join(f"{one}: {one_line(row[place])}" for one, place in others if row[place])
        yield Row(**said, section=section, others=extra, place=f"{name}, {across} {number}")


def _carried(cells: Cells, columns: Mapping[str, int]) -> Iterator[list[str]]:
    """Give rows in which an audience that is written once stands in each row it is said of."""
    last: list[str] = []
    for cells_here in cells:
        row = [
            last[at] if last and _DITTO.fullmatch(one) else one for at, one in enumerate(cells_here)
        ]
        says = any(row[columns[one]] for one in ("message", "channel"))
        if last and says and not row[columns["audience"]]:
            for one in {"audience", "kind"} & columns.keys():
                row[columns[one]] = row[columns[one]] or last[columns[one]]
        if says and row[columns["audience"]]:
            last = row
        yield row


def _across(row: Sequence[str]) -> str:
    """Give the words of a line that reaches across the whole table, such as “Internal”."""
    said = {cell for cell in row if cell}
    whole = len(row) > 1 and (all(row) or not any(row[1:]))
    return one_line(said.pop()) if len(said) == 1 and whole else ""


def _gathered(cells: Cells) -> tuple[Cells, bool]:
    """Make one column of channels of those that have a column each, with marks in it."""
    for at, header in enumerate(cells[: headings.FURTHEST]):
        known = headings.columns(header)
        if headings.missing(known) != {"channel"}:
            continue
        free = [one for one, said in enumerate(header) if said and one not in known.values()]
        below = cells[at + 1 :]
        marks = [one for one in free if _are_marks([row[one] for row in below])]
        if len(marks) >= _MARKS:
            kept = [one for one in range(len(header)) if one not in marks]
            return [_with_names(row, header, kept, marks) for row in [header, *below]], True
    return cells, False


def _with_names(
    row: Sequence[str], header: Sequence[str], kept: Sequence[int], marks: Sequence[int]
) -> list[str]:
    names = "Channels" if row is header else "\n".join(header[at] for at in marks if _yes(row[at]))
    return [*(row[at] for at in kept), names]


def _are_marks(column: Sequence[str]) -> bool:
    return any(map(_yes, column)) and all(_yes(one) or _NO.fullmatch(one) for one in column)


def _yes(cell: str) -> bool:
    return _YES.fullmatch(cell.strip()) is not None


def _roles_of(cells: Cells) -> dict[str, int] | None:
    """Tell columns by what they hold: channels of the menu, sentences, and names of people."""
    if len(cells) < 2:
        return None
    columns = list(zip(*cells, strict=True))
    carry = [
        at for at, one in enumerate(columns) if _share(one, lambda cell: bool(channels(cell))) > 0.5
    ]
    long = [at for at, one in enumerate(columns) if at not in carry and _words(one) >= _SENTENCE]
    if len(carry) != 1 or len(long) != 1:
        return None
    rest = [at for at in range(len(columns)) if at not in (*carry, *long)]
    names = [at for at in rest if _are_names(columns[at])]
    return {"audience": names[0], "message": long[0], "channel": carry[0]} if names else None


def _are_names(column: Sequence[str]) -> bool:
    worded = _share(column, lambda cell: any(letter.isalpha() for letter in cell))
    counted = _share(column, lambda cell: any(letter.isdigit() for letter in cell))
    return 0 < _words(column) <= _NAME and worded > 0.5 > counted


def _share(column: Sequence[str], holds: Callable[[str], bool]) -> float:
    said = [cell for cell in column if cell]
    return sum(map(holds, said)) / len(said) if said else 0.0


def _words(column: Sequence[str]) -> float:
    said = [len(cell.split()) for cell in column if cell]
    return sum(said) / len(said) if said else 0.0
