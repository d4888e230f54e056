"""How long the search for readers takes among a million of them.

    .venv/bin/python -m benchmarks.readers_search

Pages are asked for through all of Django, signed in, from a real PostgreSQL in a folder of its own
unless DATABASE_URL names one; a figure is the median of one run.
"""

from __future__ import annotations

import argparse
import statistics
import time
from typing import TYPE_CHECKING

from benchmarks.folder import own_folder

if TYPE_CHECKING:
    from django.test import Client

LIMIT = 100  #: milliseconds, at the median
SEARCHES = (
    ("all, the newest", ""),
    ("all, in the middle", "before=500000"),
    ("address: one reader’s", "address=r123456@"),
    ("address: many begin so", "address=r"),
    ("address: nobody’s", "address=zzz"),
    ("name: in every second one", "name=Ana"),
    ("name: a rare one", "name=rare777"),
    ("language: in a third", "language=fr"),
    ("language: a rare one", "language=tlh"),
    ("attribute: in a fiftieth", "attribute=country&value=C7"),
    ("attribute: a rare one", "attribute=boards&value=b777"),
    ("consent: one organisation’s", "organisation=iec"),
    ("consent: one channel’s", "organisation=iso&channel=newsletter"),
    ("must not be written to", "suppressed=yes"),
    ("attribute, language and consent", "attribute=country&value=C7&language=fr&organisation=iec"),
    ("segment: two clauses, counted", "segment"),
)
SEGMENT = (
    "/desk/readers/segments/?join-0=all&what-0-0=attribute:country&value-0-0=C7"
    "&what-0-1=attribute:role&value-0-1=expert"
)


def main(readers: int, rounds: int) -> None:
    """Measure, and print a table."""
    own_folder()
    from publisher.startup import start

    start(people=True)
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    _fill(readers)
    print(f"{readers:,} readers\n")
    print(f"{'search':36}{'operator':>12}{'ISO’s own':>12}   median ms")
    operator, own = _clients()
    for what, query in SEARCHES:
        address = SEGMENT if query == "segment" else f"/desk/readers/?{query}"
        times = [_median(client, address, rounds) for client in (operator, own)]
        print(f"{what:36}{times[0]:>12.1f}{times[1]:>12.1f}", flush=True)
    print(f"\nThe desk promises {LIMIT} ms at the median for a page of the search.")


def _median(client: Client, address: str, rounds: int) -> float:
    return statistics.median(_timed(client, address) for _ in range(rounds))


def _timed(client: Client, address: str) -> float:
    began = time.perf_counter()
    answer = client.get(address)
    took = 1000 * (time.perf_counter() - began)
    assert answer.status_code == 200, (address, answer.status_code)
    return took


def _clients() -> tuple[Client, Client]:
    """Give an operator's desk, and that of who looks after ISO's readers."""
    from django.test import Client

    from publisher.models import Organisation, Person, Role

    operator = Person.objects.create(username="operator", is_superuser=True)
    own = Person.objects.create(username="own")
    Role.objects.create(
        person=own, organisation=Organisation.objects.get(slug="iso"), name="publisher"
    )
    clients = Client(), Client()
    for client, who in zip(clients, (operator, own), strict=True):
        client.force_login(who, "allauth.account.auth_backends.AuthenticationBackend")
    return clients


def _fill(readers: int) -> None:
    """Write readers: nine in ten of ISO's, a tenth of IEC's."""
    from django.db import connection

    from tests.rows import rows

    made = rows()
    with connection.cursor() as cursor:
        cursor.execute(_READERS, [readers])
        for slug, share in (("iso", "id %% 10 <> 0"), ("iec", "id %% 10 = 0")):
            pair = [made.organisations[slug].pk, made.channels["newsletter"].pk]
            cursor.execute(_CONSENTS.format(share), pair)
        cursor.execute(_SUPPRESSED)
        cursor.execute("VACUUM ANALYZE")


_READERS = """
INSERT INTO publisher_reader
    (address, address_hash, name, language, attributes, muted, created_at)
SELECT 'r' || n || '@example.org', md5(n::text) || md5(n::text),
    CASE WHEN n = 777 THEN 'Rare777 Name' WHEN n %% 2 = 0 THEN 'Ana Reader' ELSE 'Bob' END,
    CASE WHEN n = 777 THEN 'tlh' ELSE (ARRAY['en', 'fr', 'es'])[n %% 3 + 1] END,
    jsonb_build_object('country', 'C' || n %% 50, 'role',
        (ARRAY['expert', 'member', 'student'])[n %% 3 + 1],
        'boards', jsonb_build_array('b' || n %% 1000)),
    '[]', now()
FROM generate_series(1, %s) n
"""
_CONSENTS = """
INSERT INTO publisher_consent (
    reader_id, organisation_id, channel_id, given_at, confirmed_at, source, wording, withdrawn_by)
SELECT id, %s, %s, now(), now(), 'a form', 'I agree.', '' FROM publisher_reader WHERE {}
"""
_SUPPRESSED = """
INSERT INTO publisher_suppression (address_hash, reason, at)
SELECT address_hash, 'bounced', now() FROM publisher_reader WHERE id % 5000 = 1
"""

if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--readers", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=9)
    arguments = parser.parse_args()
    main(arguments.readers, arguments.rounds)
