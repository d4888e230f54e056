"""The work items that a landscape shows, by field, and what changed since its last edition.

`sections` (`slug`, `name`, `lines`), `gone`, `counts` (`new`, `changed`, `gone`), `since` and
`gathered` (days), `kept` (what the next edition is compared with), `sources`, `organisations` and
`states` (for filters), `total`, and `too_many`: how many there are where that is more than one
document can show.
"""

from __future__ import annotations

from publisher.flows.landscape_lines import (
    MOST,
    figure,
    last_edition,
    lines,
    meant,
    sections,
    sources,
)
from publisher.flows.landscape_lines import wanted as wanted_items
from publisher.flows.materials import Asked
from publisher.landscape.editions import compared, gone, kept
from publisher.models.adapter import Json


def gather(asked: Asked) -> Json:
    """Read the database."""
    items = wanted_items(asked)
    count = items.count()
    found = lines(items, asked) if count <= MOST else []
    last = last_edition(asked)
    before = last.get("kept")
    shown = compared(found, before)
    lost = gone(found, before)
    read = sources(asked.language)
    return {
        "sections": sections(shown, asked.language),
        "organisations": sorted({line["slug"]: line["organisation"] for line in shown}.items()),
        "states": list(dict.fromkeys(line["state"] for line in shown)),
        "gone": lost,
        "kept": kept(shown),
        "counts": {
            "new": sum(line["change"] == "new" for line in shown),
            "changed": sum(line["change"] == "changed" for line in shown),
            "gone": len(lost),
        },
        "since": last.get("gathered", ""),
        "gathered": min((one["date"] for one in read), default=""),
        "sources": read,
        "meant": meant(asked),
        "total": figure(len(shown)),
        "too_many": count if count > MOST else 0,
    }


_NEAR = {
    "organisation": "ITU-T",
    "identifier": "ITU-T Y.4000 (01/2024)",
    "title": "Vocabulary of invented things",
    "twin": False,
    "committees": ["ITU-T Study Group 20"],
    "keys": ["itu-t-sg-20"],
    "why": ["The titles share: “vocabulary”."],
    "url": "https://example.org/y.4000",
}
LINE = {
    "key": "iso ISO/NP 1",
    "organisation": "ISO",
    "slug": "iso",
    "identifier": "ISO/NP 1",
    "title": "Invented things — Vocabulary",
    "committees": ["ISO/TC 1"],
    "keys": ["iso-tc-1"],
    "ics": ["35.020"],
    "field": "information-technology",
    "field_name": "Information technology",
    "state": "proposal",
    "stage": "10.20",
    "date": "2027-03",
    "edition": "1",
    "url": "https://example.org/1",
    "answer_by": "2027-05-01",
    "answer_to": "things@iso.example",
    "conflicts": ["Things that were invented"],
    "near": [_NEAR],
    "searched": {"titles": "2", "organisations": ["IEC", "ITU-T"], "date": "2027-03-01"},
    "change": "changed",
    "was": {"stage": "00.60"},
}
SOURCE = {"organisation": "ISO", "source": "iso.json", "items": "1", "date": "2027-03-01"}
SAMPLE: Json = {
    "sections": [
        {"slug": "information-technology", "name": "Information technology", "lines": [LINE]}
    ],
    "organisations": [["iso", "ISO"]],
    "states": ["proposal"],
    "kept": kept([LINE]),
    "gone": [{"organisation": "ISO", "identifier": "ISO/NP 2", "title": "Lost things"}],
    "counts": {"new": 0, "changed": 1, "gone": 1},
    "since": "2026-09-01",
    "gathered": "2027-03-01",
    "sources": [SOURCE],
    "meant": None,
    "total": "1",
    "too_many": 0,
}
