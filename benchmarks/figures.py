"""What a round of mails took, and the table of it."""

from __future__ import annotations

import os
from dataclasses import dataclass
from statistics import median


@dataclass
class Figures:
    """One round."""

    seconds: float
    mails: int = 0
    own_cpu: float = 0.0  #: seconds, of the worker
    database_cpu: float = 0.0  #: seconds, of PostgreSQL
    memory: int = 0  #: octets, the worker's largest


def report(size, connections, rows):
    """Print a table; the ratios are to the row above all others."""
    base = next(iter(rows.values()))
    count = base[0].mails
    print(f"{count:,} mails of {size:,} octets, {connections} connections, ", end="")
    print(f"{os.cpu_count()} processors, medians of {len(base)}\n")
    print("| what | mails/s | CPU a mail | PostgreSQL's | in all | memory | Publisher is |")
    print("|---|---|---|---|---|---|---|")
    for name, found in rows.items():
        own, database = (each(found, one) for one in ("own_cpu", "database_cpu"))
        mails = 1 / each(found, "seconds")
        memory = median(one.memory for one in found) / 2**20
        ratio = f"{1 / each(base, 'seconds') / mails:.2f} × as fast"
        cells = [name, f"{mails:,.0f}", micro(own), micro(database), micro(own + database)]
        cells += [f"{memory:.0f} MB" if memory else "", "" if found is base else ratio]
        print(f"| {' | '.join(cells)} |")


def each(found, name):
    """Give the median of what a mail took."""
    return median(getattr(one, name) / one.mails for one in found)


def micro(seconds):
    return f"{seconds * 1e6:,.0f} µs" if seconds > 5e-7 else ""
