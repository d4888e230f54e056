"""Titles of real documents that are known to be one with another organisation's."""

from __future__ import annotations

import csv
import json
from datetime import UTC, datetime

import pytest

from publisher.flows.alike_titles import alike_titles
from publisher.flows.landscape import gather_items
from publisher.landscape import identifiers
from publisher.landscape.similarity import Title
from tests.rows import rows

NOW = datetime(2027, 3, 12, 8, 0, tzinfo=UTC)

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


@pytest.fixture
def standards(shared_data, tmp_path):
    """Bring in what is under development at ISO, and each document that a pair names."""
    rows()
    folder = shared_data / "standards"
    gather_items(str(folder / "iso_under_development_10_50.jsonl.gz"), organisation="iso", now=NOW)
    pairs = [*pairs_of(folder, "pairs_itu_iso"), *pairs_of(folder, "pairs_negative")]
    known = {pair["b"]: {"id": pair["b"], "title": pair["b_title"]} for pair in pairs}
    file = tmp_path / "pairs.json"
    file.write_text(json.dumps(list(known.values())))
    gather_items(str(file), organisation="iec", now=NOW)
    return folder


def pairs_of(folder, name):
    with (folder / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_twins_are_found_by_words_alone(standards):
    """The first of those found is the twin, and nearly always it is among the first ten."""
    pairs = [
        (pair["a_title"], identifiers.work(pair["b"])[0])
        for pair in pairs_of(standards, "pairs_itu_iso")
        if (pair["cls"], pair["label"]) == ("itu_iso_family", "same")
    ]
    ranks = []
    for title, work in pairs:
        found = alike_titles(Title(text=title), "", leave_out=[])
        works = list(dict.fromkeys(match.work for match in found))
        ranks.append(works.index(work) + 1 if work in works else 0)

    assert len(ranks) == 151
    assert sum(rank == 1 for rank in ranks) / len(ranks) >= 0.85
    assert sum(0 < rank <= 10 for rank in ranks) / len(ranks) >= 0.99
