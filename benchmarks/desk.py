"""How long the desk's heavy pages take: the calendar and the matrix.

    .venv/bin/python -m benchmarks.desk

Pages are asked for through all of Django, signed in, from a real PostgreSQL in a folder of its own
unless DATABASE_URL names one; a figure is the median of one run. Each page was asked for before, as
at a desk that is at work; the last column says how long that first one took. Where a machine has
other work, `best` and `of Python`, the processor's time without the database's, say more.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from benchmarks.folder import own_folder

if TYPE_CHECKING:
    from django.test import Client

LIMIT = 150  #: milliseconds, at the median
ORGANISATIONS = ("iso", "iec", "itu-t")
AUDIENCES, MESSAGES = 50, 40
FORMS = ("newsletter", "feed", "post", "page")
WORDS = "What we agreed, and what follows from it for everybody who works on standards. " * 12
MARCH = "month=2027-03"
HEAD = "{:40}{:>10}{:>7}{:>7}{:>10}{:>6}{:>6}{:>11}{:>7}".format(
    "page", "median ms", "best", "worst", "of Python", "KB", "sent", "statements", "first"
)


def main(entries: int, rounds: int) -> None:
    """Measure, and print a table."""
    own_folder()
    from publisher.startup import start

    start(people=True)
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    client, placements = fill(entries)
    print(f"{entries:,} entries, {placements:,} placements, {AUDIENCES} × {MESSAGES} squares\n")
    print(HEAD)
    report(client, "calendar: all in one month", f"/desk/calendar/?{MARCH}", rounds)
    report(client, "calendar: a week of it", "/desk/calendar/?view=week&day=2027-03-08", rounds)
    report(client, "calendar: its list", f"/desk/calendar/?view=list&{MARCH}", rounds)
    narrowed = "organisation=iso&audience=a3&channel=newsletter&state=planned"
    report(client, "calendar: narrowed", f"/desk/calendar/?{MARCH}&{narrowed}", rounds)
    report(client, "matrix", "/desk/matrix/", rounds)
    report(client, "matrix: one organisation", "/desk/matrix/?organisation=iso", rounds)
    report(client, "matrix: one square", "/desk/matrix/a3/m3/", rounds)
    _over_a_year()
    report(client, "calendar: a month, all over a year", f"/desk/calendar/?{MARCH}", rounds)
    print(f"\nThe desk promises {LIMIT} ms at the median for the month and the matrix.")


def report(client: Client, what: str, address: str, rounds: int) -> None:
    """Ask for a page many times; print its line."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    first, _, page = _timed(client, address)
    with CaptureQueriesContext(connection) as asked:
        _timed(client, address)
    statements = len(asked)
    found = [_timed(client, address) for _ in range(rounds)]
    sent = len(client.get(address, headers={"accept-encoding": "gzip"}).content)
    times = [took for took, _, _ in found]
    used = statistics.median(used for _, used, _ in found)
    print(
        f"{what:40}{statistics.median(times):>10.0f}{min(times):>7.0f}{max(times):>7.0f}"
        f"{used:>10.0f}{len(page) / 1024:>6.0f}{sent / 1024:>6.0f}{statements:>11}{first:>7.0f}"
    )


def _timed(client: Client, address: str) -> tuple[float, float, bytes]:
    """Give the milliseconds, those of them that Python worked, and the page."""
    began, working = time.perf_counter(), time.process_time()
    answer = client.get(address)
    took, used = time.perf_counter() - began, time.process_time() - working
    assert answer.status_code == 200, (address, answer.status_code)
    return 1000 * took, 1000 * used, answer.content


def fill(entries: int) -> tuple[Client, int]:
    """Write a plan of this size, and give somebody's desk and the number of placements."""
    from django.db import connection
    from django.test import Client

    from publisher.flows.expand import expand
    from publisher.flows.plan_rows import stored, write
    from publisher.kit import clock
    from publisher.models import Person, Placement
    from publisher.plan.diff import compare
    from publisher.plan.said import paths, said

    made = _plan(entries)
    write(compare(said(made), stored(), paths=paths(made), take={}), made, now=clock.now())
    expand(now=clock.now())
    with connection.cursor() as cursor:
        # A third has gone out, in turn to readers.
        cursor.execute(
            "UPDATE publisher_placement SET state = 'finished', accepted = id % 2, candidates = 1 "
            "WHERE occurrence_id % 3 = 0"
        )
        cursor.execute("ANALYZE")
    who = Person.objects.create(username="bench", is_superuser=True)
    client = Client()
    client.force_login(who, "allauth.account.auth_backends.AuthenticationBackend")
    return client, Placement.objects.count()


def _over_a_year() -> None:
    """Lay the month's entries over twelve months."""
    from django.db import connection

    later = "due_at = due_at + (({}) %% 12 - 2) * interval '1 month'"
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE publisher_occurrence SET {later.format('id')}", ())
        cursor.execute(f"UPDATE publisher_placement SET {later.format('occurrence_id')}", ())
        cursor.execute("VACUUM ANALYZE")


def _plan(entries: int) -> Any:
    from publisher.models.specs import Plan
    from tests.unit.schedule import specs

    channels = [specs.channel(form, form=form, asks_consent=form == "newsletter") for form in FORMS]
    outlets = [specs.outlet(slug, form) for slug in ORGANISATIONS for form in FORMS]
    audiences = list(_audiences())
    made = specs.plan(
        *[specs.organisation(slug) for slug in ORGANISATIONS],
        *channels,
        *outlets,
        *audiences,
        *[specs.message(f"m{at}", name=f"Key message {at}") for at in range(MESSAGES)],
        *[specs.choice(outlet.slug, one.slug) for outlet in outlets for one in audiences],
        *[_entry(at) for at in range(entries)],
    )
    assert isinstance(made, Plan)
    return made


def _audiences() -> Iterator[Any]:
    from tests.unit.schedule import specs

    for at in range(AUDIENCES):
        hears = [
            {
                "message": f"m{number}",
                "through": [FORMS[(at + number + more) % 4] for more in (0, 1)],
            }
            for number in range(MESSAGES)
        ]
        wider = {"part_of": f"a{at - at % 5}"} if at % 5 else {}
        yield specs.audience(f"a{at}", name=f"Audience number {at}", hears=hears, **wider)


def _entry(at: int) -> Any:
    from tests.unit.schedule import specs

    return specs.entry(
        f"entry-{at}",
        title=f"What we agreed on subject {at}",
        when=f"2027-03-{at % 31 + 1:02} {7 + at % 12:02}:{at % 4 * 15:02}",
        audiences=[f"a{at % AUDIENCES}", f"a{(at + 7) % AUDIENCES}"],
        messages=[f"m{at % 31}", f"m{(at + 3) % 31}"],
        channels=[FORMS[at % 4]],
        words=[{"language": "en", "words": WORDS}],
    )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--entries", type=int, default=5000)
    parser.add_argument("--rounds", type=int, default=25)
    told = parser.parse_args()
    main(told.entries, told.rounds)
