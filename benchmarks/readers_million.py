"""A million readers: brought from a file, counted as a segment, and written into the ledger.

    .venv/bin/python -m benchmarks.readers_million [--readers 1000000]

A real PostgreSQL in a folder of its own, durable, on the same processors. The file has an address,
a name, a language, three attributes and a consent in each line, and every thousandth line is bad.
PostgreSQL's own COPY of the same lines into a table without indexes is measured beside it.
"""

from __future__ import annotations

import argparse
import csv
import statistics
import time
from collections.abc import Callable
from pathlib import Path

from benchmarks.folder import own_folder

ROUNDS = 5  #: of the counts


def main(readers: int) -> None:
    """Measure, and print a table."""
    folder = own_folder()
    from publisher.startup import migrate, start

    start()
    migrate()
    path = Path(folder) / "readers.csv"
    _write(path, readers)
    print(f"{readers:,} readers, {path.stat().st_size / 1e6:.0f} MB\n")
    print("| what | seconds | of a processor, ours |\n|---|---|---|")
    _measure("PostgreSQL's COPY of the file, nothing else", lambda: _copy(path))
    _measure("`publisher readers import`, all new", lambda: _import(path))
    _measure("… the same file again, nothing to do", lambda: _import(path))
    _counts()
    _measure("a placement's rows into the ledger", _address)


def _measure(what: str, work: Callable[[], object]) -> None:
    wall, own = time.perf_counter(), time.process_time()
    work()
    wall, own = time.perf_counter() - wall, time.process_time() - own
    print(f"| {what} | {wall:.1f} | {own:.1f} |", flush=True)


def _counts() -> None:
    from publisher.flows.readers import count
    from publisher.models.specs import RuleSpec

    rule = RuleSpec.model_validate(
        {
            "all": [
                {"attribute": "country", "equals": ["C7", "C8"]},
                {"attribute": "role", "equals": ["expert"]},
                {"attribute": "boards", "has": "b100"},
            ]
        }
    )
    wide = RuleSpec.model_validate(
        {
            "any": [
                {"attribute": "country", "equals": ["C7"]},
                {"attribute": "role", "equals": ["expert"]},
                {"attribute": "boards", "has": "b100"},
            ]
        }
    )
    for what, one in (("narrow", rule), ("wide", wide)):
        times = []
        for _ in range(ROUNDS):
            began = time.perf_counter()
            found = count(one, mine=None)
            times.append(time.perf_counter() - began)
        median = statistics.median(times)
        print(f"| a segment of three clauses, {what}: {found:,} | {median:.3f} | |", flush=True)


def _write(path: Path, readers: int) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        lines = csv.writer(file)
        lines.writerow(["address", "name", "language", "country", "role", "boards[]", "consents"])
        for n in range(readers):
            at = "" if n % 1000 == 999 else "@"
            role = ("expert", "member", "student")[n % 3]
            lines.writerow([
                f"r{n}{at}d{n % 977}.example.org", f"Reader {n}", ("en", "fr", "es")[n % 3],
                f"C{n % 50}", role, f"b{n % 1000};b{n % 7}", "iso/newsletter",
            ])  # fmt: skip


def _copy(path: Path) -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TABLE plain (address text, name text, language text, country text, "
            "role text, boards text, consents text)"
        )
        with (
            path.open("rb") as file,
            cursor.copy("COPY plain FROM STDIN WITH (FORMAT csv, HEADER true)") as copy,
        ):
            while chunk := file.read(1 << 20):
                copy.write(chunk)
        cursor.execute("DROP TABLE plain")


def _import(path: Path) -> None:
    from publisher.flows.import_readers import import_readers
    from publisher.kit import clock
    from publisher.models import Organisation
    from tests.rows import rows

    if not Organisation.objects.exists():
        rows()
    done = import_readers(path, source="a form", wording="I agree.", now=clock.now())
    assert done.lines == done.new + done.changed + done.unchanged + done.bad


def _address() -> None:
    from publisher.flows.address import begin
    from publisher.kit import clock
    from publisher.models import Channel, Organisation, Outlet, PlacementState
    from tests.rows import Rows

    # What `_import` made.
    made = Rows()
    for kind, found in ((Organisation, made.organisations), (Channel, made.channels)):
        found |= {row.slug: row for row in kind.objects.all()}
    made.outlets |= {row.slug: row for row in Outlet.objects.all()}
    placement = made.placement(state=PlacementState.SENDING)
    begin(placement.occurrence_id, now=clock.now())
    placement.refresh_from_db()
    print(f"<!-- candidates: {placement.candidates:,} -->")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--readers", type=int, default=1_000_000)
    main(parser.parse_args().readers)
