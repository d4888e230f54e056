"""The proposals that are new since the last circulation, by field, and what they may overlap with.

`sections` (`slug`, `name`, `lines`, `followers`: keys of the committees that work in the field),
`quiet` (organisations with nothing new), `since` and `gathered` (days; `since` is empty for the
first list), `seen_until` (a moment), `sources`, `total` and `too_many`.
"""

from __future__ import annotations

from datetime import UTC, datetime

from publisher.flows.landscape_lines import (
    MOST,
    committees_in,
    figure,
    last_edition,
    lines,
    meant,
    sections,
    sources,
    wanted,
)
from publisher.flows.materials import Asked
from publisher.flows.materials.landscape import LINE, SOURCE
from publisher.landscape.editions import compared
from publisher.landscape.fields import fields
from publisher.models import WorkItem, WorkItemState
from publisher.models.adapter import Json
from publisher.models.specs import in_language

#: how far a work item is while others can still say that it is theirs
_OPEN = (WorkItemState.PROPOSAL, WorkItemState.DRAFTING)


def gather(asked: Asked) -> Json:
    """Read the database."""
    items = wanted(asked, states=_OPEN)
    last = last_edition(asked)
    if until := last.get("seen_until"):
        items = items.filter(first_seen_at__gt=datetime.fromisoformat(until))
    count = items.count()
    found = compared(lines(items, asked) if count <= MOST else [], None)
    read = sources(asked.language)
    return {
        "sections": _followed(sections(found, asked.language)),
        "organisations": sorted({line["slug"]: line["organisation"] for line in found}.items()),
        "states": list(dict.fromkeys(line["state"] for line in found)),
        "counts": {},
        "quiet": _quiet(found, asked.language),
        "since": last.get("gathered", ""),
        "gathered": min((one["date"] for one in read), default=""),
        "seen_until": _seen_until().isoformat(),
        "sources": read,
        "meant": meant(asked),
        "total": figure(len(found)),
        "too_many": count if count > MOST else 0,
    }


def _followed(made: list[Json]) -> list[Json]:
    """Say for each section which committees, and those above them, it concerns."""
    codes = {field.slug: code for code, field in fields().items()}
    working = committees_in([codes[section["slug"]] for section in made])
    for section in made:
        keys = set(working[codes[section["slug"]]])
        for line in section["lines"]:
            keys.update(line["keys"], *(near["keys"] for near in line["near"]))
        section["followers"] = sorted({above for key in keys for above in _above(key)})
    return made


def _above(key: str) -> list[str]:
    """Give a committee and those above it: `iso-tc-184-sc-4` is followed by `iso-tc-184`."""
    head, found, tail = key.partition("-sc-")
    return [head, f"{head}{found}{tail}"] if found else [key]


def _quiet(found: list[Json], language: str) -> list[str]:
    owners = {
        one.organisation.slug: one.organisation.said
        for one in WorkItem.objects.select_related("organisation").distinct("organisation")
    }
    spoken = {line["slug"] for line in found}
    return [
        said.short or in_language(said.name, language)
        for slug, said in sorted(owners.items())
        if slug not in spoken
    ]


def _seen_until() -> datetime:
    """Give the moment of the newest work item: the next list begins after it."""
    newest = WorkItem.objects.order_by("-first_seen_at").first()
    return newest.first_seen_at if newest else datetime.fromtimestamp(0, UTC)


SAMPLE: Json = {
    "sections": [
        {
            "slug": "information-technology",
            "name": "Information technology",
            "followers": ["iso-tc-1"],
            "lines": [LINE],
        },
        {
            "slug": "energy",
            "name": "Energy",
            "followers": ["iec-tc-8"],
            "lines": [{**LINE, "near": [], "answer_by": "", "conflicts": []}],
        },
    ],
    "organisations": [["iso", "ISO"]],
    "states": ["proposal"],
    "counts": {},
    "quiet": ["IEC"],
    "since": "2027-02-01",
    "gathered": "2027-03-01",
    "seen_until": "2027-03-01T00:00:00+00:00",
    "sources": [SOURCE],
    "meant": None,
    "total": "2",
    "too_many": 0,
}
