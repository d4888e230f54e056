"""Placements as many as are asked for, approved and due when it is said."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet

from publisher.flows.bell import ring
from publisher.models import Approval, Occurrence, Person, Placement
from tests.faults.sending import agreed, through
from tests.rows import rows


class Plan:
    """A newsletter to one reader or some, and as many occurrences of it as are asked for."""

    def __init__(self, port: int, *, readers: int = 1) -> None:
        self.made = rows()
        through(self.made.outlets["iso-newsletter"], port)
        agreed(self.made, readers)
        self.pattern = self.made.placement(state="dropped", started_at=None)
        entry = self.pattern.occurrence.entry
        entry.spec |= {"late_after": "1 day"}
        entry.save()
        self.person = Person.objects.create(username="ana")
        self.count = 0

    def add(
        self, count: int, *, at: datetime, apart: timedelta = timedelta()
    ) -> QuerySet[Placement]:
        """Plan so many approved placements, and let the clock know; give them."""
        like = {name: getattr(self.pattern, name) for name in (
            "audience", "outlet", "language", "rendition"
        )}  # fmt: skip
        due = [at + apart * number for number in range(count)]
        with transaction.atomic():
            occurrences = Occurrence.objects.bulk_create(
                Occurrence(entry=self.pattern.occurrence.entry, key=f"{self.count + n}", due_at=one)
                for n, one in enumerate(due)
            )
            made = Placement.objects.bulk_create(
                Placement(**like, key=f"{self.count + n:020x}", occurrence=one, due_at=one.due_at)
                for n, one in enumerate(occurrences)
            )
            self.count += count
            if not apart:
                Approval.objects.bulk_create(
                    Approval(
                        placement=one, rendition=like["rendition"], person=self.person, at=at,
                        organisation=self.made.organisations["iso"], vote="yes",
                    )
                    for one in made
                )  # fmt: skip
            ring()
        return Placement.objects.filter(pk__in=[one.pk for one in made])
