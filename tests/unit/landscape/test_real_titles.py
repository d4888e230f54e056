"""Real documents: those known to be one, and those that only look so."""

from __future__ import annotations

import csv
import gzip
import json
from collections import Counter

import pytest

from publisher.landscape import identifiers, normalise
from publisher.landscape.similarity import Title, Weights, likeness

RECORDS = ("iso_all", "iec_all", "itu_t_all")


@pytest.fixture(scope="module")
def standards(shared_data):
    return shared_data / "standards"


def pairs_of(standards, name):
    with (standards / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def records_of(standards, name):
    with gzip.open(standards / f"{name}.jsonl.gz", "rt", encoding="utf-8") as file:
        yield from map(json.loads, file)


@pytest.mark.slow
def test_look_alikes_are_not_called_twins(standards):
    """At most two in a hundred, while most twins are called so."""
    titles = [one["title"] for one in records_of(standards, "iso_under_development_10_50")]
    counts = Counter(word for one in titles for word in set(normalise.title_words(one)))
    weights = Weights(titles=len(titles), counts=counts)

    def called(pairs):
        return sum(
            likeness(Title(text=pair["a_title"]), Title(text=pair["b_title"]), weights).twins
            for pair in pairs
        ) / len(pairs)

    apart = pairs_of(standards, "pairs_negative")

    assert called(apart) <= 0.02
    assert called([pair for pair in apart if "sibling" in pair["cls"]]) <= 0.02
    assert (
        called([one for one in pairs_of(standards, "pairs_itu_iso") if one["label"] == "same"])
        > 0.8
    )


@pytest.mark.slow
def test_nearly_every_identifier_is_read(standards):
    """What is left are white papers and supplements to whole series: one in a thousand."""
    names = [one["id"] for name in RECORDS for one in records_of(standards, name)]
    unread = [name for name in names if identifiers.identifier(name) is None]

    assert len(unread) / len(names) <= 0.001
