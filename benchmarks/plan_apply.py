"""Planning and applying 2,000 entries, beside merely parsing the same files with PyYAML.

    .venv/bin/python -m benchmarks.plan_apply [ENTRIES]

Everything is in a database and a folder of its own, which are dropped at the end. The number to
compare is the ratio to PyYAML's C loader on the same front matter, which knows no words of ours,
no lines, no database and no calendar.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from publisher.startup import migrate, start

NOW = datetime(2027, 3, 1, tzinfo=UTC)


def main(entries: int) -> None:
    """Write a plan, plan it, apply it, change it; print a table."""
    start()
    from django.test.utils import setup_databases, teardown_databases

    kept = setup_databases(verbosity=0, interactive=False)
    try:
        migrate()
        with tempfile.TemporaryDirectory() as name:
            measure(write(Path(name), entries))
    finally:
        teardown_databases(kept, verbosity=0)


def measure(folder: Path) -> None:
    """Time each step once; the database is as it would be at a user's."""
    import yaml

    from publisher.flows.apply import apply, changes
    from publisher.flows.export import export
    from publisher.models import Placement
    from publisher.plan.read import read

    fronts = [path.read_text().split("---\n")[1] for path in (folder / "calendar").glob("*.md")]
    fast = timed(lambda: [yaml.load(front, Loader=yaml.CSafeLoader) for front in fronts])
    slow = timed(lambda: [yaml.safe_load(front) for front in fronts])
    row("PyYAML's CSafeLoader, front matter only", fast, fast)
    row("PyYAML's SafeLoader, front matter only", slow, fast)
    row("read every file into specs", timed(lambda: read(folder)), fast)
    row("publisher plan, nothing stored", timed(lambda: changes(folder)), fast)
    row("publisher apply, the first", timed(lambda: apply(folder, now=NOW)), fast)
    row("publisher plan, nothing to do", timed(lambda: changes(folder)), fast)
    row("publisher apply, nothing to do", timed(lambda: apply(folder, now=NOW)), fast)
    for path in sorted((folder / "calendar").glob("*.md"))[::20]:
        path.write_text(path.read_text().replace("Words", "Other words"))
    row("publisher apply, 5 % changed", timed(lambda: apply(folder, now=NOW)), fast)
    row("publisher export, nothing to write", timed(lambda: export(folder)), fast)
    print(f"{len(fronts):,} entries, {Placement.objects.count():,} placements")


def write(folder: Path, entries: int) -> Path:
    """Write the smallest plan with many entries, a twentieth of them repeating monthly."""
    from tests.plans import entry, smallest_plan

    smallest_plan(folder)
    for number in range(entries - 1):
        text = entry(
            f"Words of {number}.\n\n## And more\n\n" + "A sentence of some length. " * 20,
            title=f"{{en: Entry {number}, fr: Article {number}}}",
            summary="What it is about, in a line of words",
            when=f"2027-{number % 9 + 4:02}-{number % 28 + 1:02} 09:{number % 60:02}",
            zone="Europe/Zurich",
            repeat="FREQ=MONTHLY;COUNT=12" if number % 20 == 0 else "",
            link="https://example.org/",
        )
        (folder / "calendar" / f"entry-{number}.md").write_text(text)
    return folder


def timed(step: Callable[[], object]) -> float:
    """Give how many seconds a step takes."""
    began = time.perf_counter()
    step()
    return time.perf_counter() - began


def row(what: str, seconds: float, yardstick: float) -> None:
    """Print a line of the table."""
    print(f"{what:<42} {seconds:>8.2f} s {seconds / yardstick:>8.1f} ×")
    sys.stdout.flush()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("entries", nargs="?", type=int, default=2000)
    main(parser.parse_args().entries)
