"""How long the desk takes to show words while they are typed, for one cell of each form.

    PUBLISHER_DATA=/tmp/bench-entry .venv/bin/python -m benchmarks.entry

The reference plan is applied to a database of its own; each round changes the words, as typing
does, and asks for the part of the screen that shows the cell, over the whole stack of the pages.
"""

from __future__ import annotations

import statistics
import time
from pathlib import Path

ROUNDS = 15


def main() -> None:
    """Measure, and print a table."""
    from publisher.startup import start

    start(people=True)
    from django.test import Client

    from publisher.flows.apply import apply
    from publisher.kit import clock
    from publisher.models import Entry, Person

    apply(Path(__file__).parents[1], now=clock.now())
    Person.objects.filter(username="bench").delete()
    who = Person.objects.create(username="bench", is_superuser=True)
    client = Client()
    client.force_login(who, "allauth.account.auth_backends.AuthenticationBackend")
    print(f"{'form':<16}{'entry':<36}{'median ms':>10}{'worst ms':>10}")
    seen: set[str] = set()
    for row in Entry.objects.filter(retired_at=None).order_by("slug"):
        for form, cell in _cells(row):
            if form not in seen:
                seen.add(form)
                times = [_once(client, row, cell, number) for number in range(ROUNDS)]
                median, worst = statistics.median(times[2:]), max(times[2:])
                print(f"{form:<16}{row.slug:<36}{median:>10.1f}{worst:>10.1f}")


def _cells(row):
    from publisher.flows.unsaved import unsaved
    from publisher.kit import clock
    from publisher.web.desk.entry.showing import key_of

    words = unsaved(row.spec, now=clock.now())
    plan = words.stands.plan
    for place in words.places:
        yield plan.channels[plan.outlets[place.outlet].channel].form, key_of(place)


def _once(client, row, cell: str, number: int) -> float:
    """Ask for the preview once; give the milliseconds."""
    from publisher.web.desk.entry.typed import typed_of

    said = {name: list(values) for name, values in typed_of(row.spec).values.items()}
    said["words.0.words"] = [f"{said['words.0.words'][0]}\n\nTyped {number}."]
    began = time.perf_counter()
    answer = client.post(f"/desk/entry/{row.slug}/preview", {**said, "cell": cell})
    took = 1000 * (time.perf_counter() - began)
    assert answer.status_code == 200, answer.content[:500]
    return took


if __name__ == "__main__":
    main()
