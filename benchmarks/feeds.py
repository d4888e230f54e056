"""Feeds out: making one of 50 items, beside feedgen alone, and publishing into many.

    .venv/bin/python -m benchmarks.feeds

The first table is about one feed: its three formats, sanitised and cleaned, against what feedgen
alone takes for RSS and Atom of the same items. The second is a whole publication: the item kept,
and every feed it belongs to written again, with more and more items there already.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from feedgen.feed import FeedGenerator

from publisher.startup import start

start(database=False)

from publisher.adapters.feed import formats as feed_formats  # noqa: E402  # after Django is set up
from publisher.adapters.feed.adapter import NEWEST, publish  # noqa: E402
from publisher.adapters.feed.formats import Scope  # noqa: E402
from publisher.adapters.shared.shelf import Item  # noqa: E402
from publisher.models.specs import OrganisationSpec  # noqa: E402

NOW = datetime(2027, 3, 1, tzinfo=UTC)
SITE = "https://news.example.org"
PARAGRAPH = "<p>Three organisations plan their work together wherever their fields meet.</p>"
ISO = OrganisationSpec.model_validate(
    {
        "slug": "iso",
        "name": "International Organization for Standardization",
        "short": "ISO",
        "languages": ["en"],
        "time_zone": "Europe/Zurich",
        "website": "https://www.example.org",
        "postal_address": "Vernier",
        "sender": {"name": "ISO", "address": "news@example.org"},
    }
)


def item(number: int) -> Item:
    """Give an item of about 4 KB."""
    return Item(
        key=f"{number:020x}.0",
        placement=f"{number:020x}",
        entry=f"entry-{number}",
        audience="members",
        channel="feed",
        messages=("coordination",),
        language="en",
        direction="ltr",
        title=f"News {number}",
        summary="What changed this month, in a sentence or two.",
        html=PARAGRAPH * 50,
        link=f"https://www.example.org/{number}",
        at=NOW + timedelta(minutes=number),
    )


def alone(items: list[Item]) -> None:
    """Make RSS and Atom with feedgen, as its documentation shows it."""
    made = FeedGenerator()
    made.id(SITE)
    made.title("ISO")
    made.description("ISO")
    made.link(href=SITE)
    for one in items:
        entry = made.add_entry(order="append")
        entry.id(one.key)
        entry.title(one.title)
        entry.link(href=one.link)
        entry.summary(one.summary)
        entry.content(one.html, type="html")
        entry.published(one.at)
        entry.updated(one.at)
    made.rss_str(pretty=True)
    made.atom_str(pretty=True)


def a_second(work, rounds: int) -> float:
    """Say how often `work` is done in a second: the best of three."""
    best = float("inf")
    for _ in range(3):
        began = time.perf_counter()
        for _ in range(rounds):
            work()
        best = min(best, time.perf_counter() - began)
    return rounds / best


def publications(there: int, count: int) -> float:
    """Publish `count` items after `there` others; give how many a second."""
    with tempfile.TemporaryDirectory() as folder:
        for number in range(there):
            _lay(Path(folder), item(number))
        publish(Path(folder), item(there), ISO, SITE)  # makes the list of what is there
        began = time.perf_counter()
        for number in range(there + 1, there + 1 + count):
            publish(Path(folder), item(number), ISO, SITE)
        return count / (time.perf_counter() - began)


def _lay(folder: Path, one: Item) -> None:
    """Put an item onto the shelf as it was left by an earlier publication."""
    place = folder / "iso" / "items" / f"{one.key}.json"
    place.parent.mkdir(parents=True, exist_ok=True)
    said = {**vars(one), "first": one.key, "name": one.entry}
    place.write_text(json.dumps(said, default=str))


def main() -> None:
    """Measure and print."""
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--json", action="store_true", help="print one JSON object")
    as_json = arguments.parse_args().json
    items = [feed_formats.sanitised(item(number)) for number in range(NEWEST)]
    scope = Scope(organisation=ISO, language="en")
    found = {
        "feedgen alone, RSS and Atom": a_second(lambda: alone(items), 5),
        "ours, RSS, Atom and JSON Feed": a_second(
            lambda: feed_formats.documents(scope, items, SITE), 5
        ),
        "publications after 0 items": publications(0, 20),
        "publications after 200 items": publications(200, 20),
        "publications after 2,000 items": publications(2000, 10),
    }
    if as_json:
        print(json.dumps(found))
        return
    for what, rate in found.items():
        print(f"{what:<34} {rate:>8.1f} /s")
    theirs, ours, *_ = found.values()
    print(f"a feed of {NEWEST} items at {ours / theirs:.0%} of feedgen's own speed")


if __name__ == "__main__":
    main()
