"""How long it takes to put one more page on a site that has many.

.venv/bin/python -m benchmarks.site --pages 2000
"""

from __future__ import annotations

import argparse
import json
import os
import tempfile
import time
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from publisher.startup import start

start(database=False)

from publisher.adapters.shared import shelf  # noqa: E402  # after Django is set up
from publisher.adapters.webpage.adapter import trees  # noqa: E402
from publisher.adapters.webpage.making import Place, keep, place  # noqa: E402
from publisher.models.adapter import Consignment  # noqa: E402
from tests.adapters.consignments import NOON, consignment, parcels  # noqa: E402

WORDS = [
    "standard",
    "work",
    "item",
    "committee",
    "proposal",
    "overlap",
    "recommendation",
    "member",
    "draft",
    "ballot",
]
BASE = "https://news.example.org/site/iso"


def main() -> None:
    """Print the table."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--pages", type=int, default=2000)
    asked.add_argument("--rounds", type=int, default=7)
    told = asked.parse_args()
    print("| what | seconds | of a processor | files written |\n|---|---|---|---|")
    with tempfile.TemporaryDirectory(prefix="publisher-site-") as data:
        _whole(Path(data), told.pages)
        for number, with_card in enumerate((False, True)):
            first = told.pages + number * told.rounds
            _one_more(Path(data), range(first, first + told.rounds), with_card=with_card)


def _whole(data: Path, pages: int) -> None:
    for number in range(pages):
        said = page(data, number)
        item = shelf.item(said, parcels(said)[0])
        item = replace(item, order=number, first=item.key, name=item.entry, words=item.key)
        folder = data / "pages" / "iso"
        folder.mkdir(parents=True, exist_ok=True)
        kept = {**vars(item), "pictures": []}
        (folder / f"{item.key}.json").write_text(json.dumps(kept, default=str))
    seconds, used = _timed(_place(_without_card(page(data, 0))).made)
    print(
        f"| the whole site of {pages:,} pages, without cards | {seconds:.2f} | {used:.2f} | all |"
    )


def _one_more(data: Path, numbers: range, *, with_card: bool) -> None:
    taken, written = [], 0
    for number in numbers:
        said = page(data, number) if with_card else _without_card(page(data, number))
        before = _place(said).trees.record().files
        taken.append(_timed(lambda said=said: (keep(said, parcels(said)[0]), _place(said).made())))
        after = _place(said).trees.record().files
        written = sum(before.get(path) != sha256 for path, sha256 in after.items())
    what = "with its card" if with_card else "without a card"
    seconds, used = sorted(taken)[len(taken) // 2]
    print(f"| one page more, {what} | {seconds:.2f} | {used:.2f} | {written} |")


def page(data: Path, number: int) -> Consignment:
    """Give a page of 300 words."""
    title = f"News {number} of the {WORDS[number % 10]}"
    body = " ".join(f"{WORDS[at % 10]}{(at * number) % 997}" for at in range(300))
    html = f"<html><body><main><article><h1>{title}</h1><p>{body}</p></article></main></body>"
    return consignment(
        "page",
        data,
        entry=f"news-{number:05}",
        adapter="webpage",
        published_at=NOON + timedelta(hours=number * 13),
        parts={"title": title, "html": html},
    )


def _without_card(said: Consignment) -> Consignment:
    """Leave Typst out, so that the rest is measured by itself."""
    assert said.shell is not None
    bare = replace(said.shell, cards=lambda _language, titles: [b"png"] * len(titles))
    return replace(said, shell=bare)


def _place(said: Consignment) -> Place:
    return place(said, base=BASE, trees=trees(said.data, "iso"))


def _timed(do) -> tuple[float, float]:
    """Give the seconds it took, and those of a processor, with that of Typst."""
    began, before = time.perf_counter(), os.times()
    do()
    after = os.times()
    used = sum(after[:4]) - sum(before[:4])
    return time.perf_counter() - began, used


if __name__ == "__main__":
    main()
