"""Find the ISO and IEC twins of ITU-T titles by words alone, beside plain TF-IDF in the same run.

    .venv/bin/python -m benchmarks.similarity [FOLDER]

FOLDER holds the records of the three organisations and the pairs that are known to be, or not to
be, one document; they are not ours to ship. Everything is in a database of its own, which is
dropped at the end. Both see the same titles, and both answer with works, not with editions.
"""

from __future__ import annotations

import argparse
import csv
import math
import statistics
import sys
import time
import zlib
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path

from publisher.startup import migrate, start

NOW = datetime(2027, 3, 1, tzinfo=UTC)
FILES = {"iso": "iso_all", "iec": "iec_all", "itu-t": "itu_t_all"}
FOLDER = Path(__file__).parent.parent.parent / "shared/data/standards"


def main(folder: Path) -> None:
    """Import the records into a new database, and measure."""
    start()
    from django.test.utils import setup_databases, teardown_databases

    kept = setup_databases(verbosity=0, interactive=False)
    try:
        migrate()
        measure(folder)
    finally:
        teardown_databases(kept, verbosity=0)


def measure(folder: Path) -> None:
    """Print the tables."""
    from publisher.flows.landscape import index
    from publisher.models import IndexedTitle, WorkItem

    began = time.perf_counter()
    load(folder)
    print(
        f"{WorkItem.objects.count():,} work items imported in {time.perf_counter() - began:.1f} s"
    )
    began = time.perf_counter()
    titles = index()
    print(f"{titles:,} titles indexed in {time.perf_counter() - began:.1f} s\n")
    others = IndexedTitle.objects.exclude(organisation__slug="itu-t")
    began = time.perf_counter()
    plain = Plain(list(others.values_list("work", "title")))
    print(f"TF-IDF's index of {others.count():,} titles: {time.perf_counter() - began:.1f} s\n")
    pairs = rows(folder / "pairs_itu_iso.csv")
    print(f"{'':<46}{'recall@1':>9}{'recall@10':>10}{'MRR':>7}{'median':>10}{'95 %':>9}")
    for title, half in (("all", None), ("tuned half", 0), ("held-out half", 1)):
        asked = queries(pairs, half)
        report(f"this program, {title} ({len(asked)})", asked, ours)
        report(f"plain TF-IDF, {title} ({len(asked)})", asked, plain.works)
    editions = queries(pairs, None, "itu_iso_common_text_edition")
    report(f"this program, titles of editions ({len(editions)})", editions, ours)
    twins(pairs, rows(folder / "pairs_negative.csv"))


def load(folder: Path) -> None:
    """Import the records of the three organisations."""
    from publisher.flows.landscape import gather_items
    from publisher.models import Organisation

    for slug, name in FILES.items():
        Organisation.objects.create(slug=slug, spec={})
        gather_items(str(folder / f"{name}.jsonl.gz"), organisation=slug, now=NOW)


def rows(path: Path) -> list[dict[str, str]]:
    """Read pairs."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def half_of(identifier: str) -> int:
    """Say which half a pair is in, by its document: 0 is the one that was tuned on."""
    return zlib.crc32(identifier.split(" (", maxsplit=1)[0].encode()) % 2


def queries(
    pairs: Sequence[dict[str, str]], half: int | None, kind: str = "itu_iso_family"
) -> list[tuple[str, str]]:
    """Give each ITU-T title with the work that is its twin."""
    from publisher.landscape import identifiers

    return [
        (pair["a_title"], identifiers.work(pair["b"])[0])
        for pair in pairs
        if pair["cls"] == kind and pair["label"] == "same" and half in {None, half_of(pair["a"])}
    ]


def ours(title: str) -> list[str]:
    """Give the works that this program finds, by words alone."""
    from publisher.flows.alike_titles import alike_titles
    from publisher.landscape.similarity import Title
    from publisher.models import Organisation

    own = Organisation.objects.get(slug="itu-t").pk
    found = alike_titles(Title(text=title), "", leave_out=[own])
    return list(dict.fromkeys(match.work for match in found))


class Plain:
    """TF-IDF over words and pairs of words, cosine; nothing is known of standards."""

    def __init__(self, titles: Sequence[tuple[str, str]]) -> None:
        self.known = [work for work, _ in titles]
        many = [Counter(terms(title)) for _, title in titles]
        often = Counter(term for one in many for term in one)
        self.idf = {term: math.log((1 + len(many)) / (1 + n)) + 1 for term, n in often.items()}
        self.index: dict[str, list[tuple[int, float]]] = defaultdict(list)
        for number, one in enumerate(many):
            length = math.sqrt(sum((n * self.idf[term]) ** 2 for term, n in one.items()))
            for term, n in one.items():
                self.index[term].append((number, n * self.idf[term] / length))

    def works(self, title: str) -> list[str]:
        """Give the hundred works whose titles are nearest."""
        scores: dict[int, float] = defaultdict(float)
        for term, n in Counter(terms(title)).items():
            for number, weight in self.index.get(term, ()):
                scores[number] += n * self.idf[term] * weight
        best = sorted(scores, key=lambda number: (-scores[number], number))
        return list(dict.fromkeys(self.known[number] for number in best))[:100]


def terms(title: str) -> list[str]:
    """Give the words of two letters or more, and each pair of them."""
    import re

    found = re.findall(r"\b\w\w+\b", title.lower())
    return found + [f"{one} {two}" for one, two in pairwise(found)]


def report(name: str, asked: Sequence[tuple[str, str]], find: Callable[[str], list[str]]) -> None:
    """Print a line of the first table."""
    ranks, seconds = [], []
    for title, work in asked:
        began = time.perf_counter()
        found = find(title)
        seconds.append(time.perf_counter() - began)
        ranks.append(found.index(work) + 1 if work in found else 0)
    first = sum(rank == 1 for rank in ranks) / len(ranks)
    ten = sum(0 < rank <= 10 for rank in ranks) / len(ranks)
    mean = sum(1 / rank for rank in ranks if rank) / len(ranks)
    median, slow = (
        statistics.median(seconds) * 1000,
        sorted(seconds)[len(seconds) * 95 // 100] * 1000,
    )
    print(f"{name:<46}{first:>9.3f}{ten:>10.3f}{mean:>7.3f}{median:>7.1f} ms{slow:>6.1f} ms")
    sys.stdout.flush()


def twins(pairs: Sequence[dict[str, str]], apart: Sequence[dict[str, str]]) -> None:
    """Print which pairs are called twins by their words."""
    from rapidfuzz import fuzz

    from publisher.flows.alike_titles import weights
    from publisher.landscape import normalise
    from publisher.landscape.similarity import Title, likeness

    same = [pair for pair in pairs if pair["label"] == "same"]
    titles = [pair[side] for pair in (*same, *apart) for side in ("a_title", "b_title")]
    worth = weights({word for title in titles for word in normalise.title_words(title)})

    def called(pair: dict[str, str]) -> bool:
        return likeness(Title(text=pair["a_title"]), Title(text=pair["b_title"]), worth).twins

    def letters(pair: dict[str, str]) -> bool:
        return fuzz.token_sort_ratio(pair["a_title"].lower(), pair["b_title"].lower()) >= 85

    siblings = [pair for pair in apart if "sibling" in pair["cls"]]
    print(f"\n{'called twins by words':<46}{'twins':>9}{'look-alikes':>13}{'siblings':>10}")
    for name, judge in (("this program", called), ("letters alike by 85 of 100", letters)):
        for title, half in (("all", None), ("tuned half", 0), ("held-out half", 1)):
            shares = [share(judge, many, half) for many in (same, apart, siblings)]
            print(f"{name + ', ' + title:<46}{shares[0]:>9.3f}{shares[1]:>13.4f}{shares[2]:>10.4f}")


def share(
    judge: Callable[[dict[str, str]], bool], pairs: Sequence[dict[str, str]], half: int | None
) -> float:
    """Give the share of pairs that are called twins."""
    asked = [pair for pair in pairs if half in {None, half_of(pair["a"])}]
    return sum(map(judge, asked)) / len(asked)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path, default=FOLDER)
    main(parser.parse_args().folder)
