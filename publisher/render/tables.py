"""Work items as the table of a spreadsheet, frozen as JSON in the part `table`."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypedDict

from publisher.models.adapter import Attachment
from publisher.models.content import Content
from publisher.render.context import Context
from publisher.render.sheets import MEDIA_TYPE, Sheet, workbook

Line = Mapping[str, Any]
Column = tuple[str, Callable[[Line], str]]  #: its heading, and what it says of a line


class Table(TypedDict):
    """What a spreadsheet is made of."""

    title: str
    creator: str
    tint: str
    sheets: list[dict[str, Any]]  #: `Sheet`, as JSON values


def lines(sections: Sequence[Mapping[str, Any]]) -> list[Line]:
    """Give the lines of all sections, in order."""
    return [line for section in sections for line in section["lines"]]


def table(
    context: Context,
    shown: Sequence[Line],
    *,
    first: Sequence[Column] = (),
    last: Sequence[Column] = (),
    gone: Sequence[Line] = (),
) -> Table:
    """Lay out work items, and on further sheets what is close to them and what is gone.

    Args:
        context: whose labels head the columns.
        shown: the lines.
        first: columns before those that every table has.
        last: columns after them.
        gone: lines of the last edition that are not there any more.
    """
    labels, title = context.labels, context.entry.title
    sheets = [_sheet(title, [*first, *_columns(labels), *last], shown), _close(labels, shown)]
    if gone:
        sheets.append(_gone(labels, gone))
    return {
        "title": title,
        "creator": context.organisation.name,
        "tint": context.organisation.brand["tint"],
        "sheets": sheets,
    }


def spreadsheet(filename: str, content: Content) -> Attachment:
    """Make the spreadsheet of frozen content."""
    said: Table = json.loads(content.parts["table"])
    made = workbook(
        [Sheet(**{**one, "marked": frozenset(one["marked"])}) for one in said["sheets"]],
        title=said["title"],
        creator=said["creator"],
        tint=said["tint"],
        right_to_left=content.direction == "rtl",
    )
    return Attachment(filename=filename, media_type=MEDIA_TYPE, content=made)


def _sheet(name: str, columns: Sequence[Column], shown: Sequence[Line]) -> dict[str, Any]:
    return {
        "name": name,
        "header": [heading for heading, _ in columns],
        "rows": [[say(line) for _, say in columns] for line in shown],
        "marked": [at for at, line in enumerate(shown) if line.get("change")],
    }


def _close(labels: Mapping[str, str], shown: Sequence[Line]) -> dict[str, Any]:
    """Give a sheet of what is close to the lines, a row for each pair."""
    names = (
        "identifier", "close", "organisation", "title", "committee", "related", "why", "link",
    )  # fmt: skip
    return {
        "name": labels["landscape_close"],
        "header": [labels[f"landscape_{name}"] for name in names],
        "rows": [_near(labels, line, near) for line in shown for near in line["near"]],
        "marked": [],
    }


def _gone(labels: Mapping[str, str], lines: Sequence[Line]) -> dict[str, Any]:
    names = ("organisation", "identifier", "title")
    return {
        "name": labels["landscape_gone"],
        "header": [labels[f"landscape_{name}"] for name in names],
        "rows": [[line[name] for name in names] for line in lines],
        "marked": [],
    }


def _columns(labels: Mapping[str, str]) -> list[Column]:
    return [
        (labels["landscape_organisation"], lambda line: line["organisation"]),
        (labels["landscape_identifier"], lambda line: line["identifier"]),
        (labels["landscape_title"], lambda line: line["title"]),
        (labels["landscape_committee"], lambda line: "; ".join(line["committees"])),
        (labels["landscape_stage"], lambda line: labels[f"state_{line['state']}"]),
        ("ICS", lambda line: "; ".join(line["ics"])),
        (labels["landscape_field"], lambda line: line["field_name"]),
        (labels["landscape_since"], lambda line: line["date"]),
        (
            labels["landscape_close"],
            lambda line: "; ".join(one["identifier"] for one in line["near"]),
        ),
        (labels["landscape_link"], lambda line: line["url"]),
    ]


def _near(labels: Mapping[str, str], line: Line, near: Line) -> list[str]:
    return [
        line["identifier"],
        near["identifier"],
        near["organisation"],
        near["title"],
        "; ".join(near["committees"]),
        labels["landscape_twin" if near["twin"] else "landscape_related"],
        " ".join(near["why"]),
        near["url"],
    ]
