"""Write the occurrences and placements that the plan asks for, and withdraw the others."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from django.db import connection, transaction
from django.db.models import Q

from publisher.flows.bell import ring
from publisher.flows.occasions import note_changes
from publisher.flows.stored_plan import stored_plan
from publisher.kit.ids import placement_key
from publisher.models import (
    Approval,
    Audience,
    Entry,
    Launch,
    Occurrence,
    Outlet,
    Placement,
    PlacementState,
)
from publisher.models.specs import AtWallTime, EntrySpec
from publisher.models.specs.when import duration
from publisher.schedule.moves import NO_LONGER_ASKED, after_a_change
from publisher.schedule.occurrences import looked_at_from
from publisher.schedule.wanted import Calendar, WantedOccurrence, WantedPlacement

NOT_STARTED = (
    PlacementState.UNAVAILABLE,
    PlacementState.PLANNED,
    PlacementState.MISSED,
    PlacementState.DROPPED,
)
_LOCK = 5075_1001  #: any number, the same for all who expand
_AT_ONCE = 500  #: entries; bounds the memory, whatever the size of the plan


def expand(*, now: datetime, entries: Collection[str] | None = None) -> int:
    """Make tables say what the stored plan asks for; safe to repeat. Give how many were made.

    Words that a change of the plan touches are forgotten, to be rendered anew. What started is
    left alone. What the plan no longer asks for is deleted, or dropped if somebody approved it.

    Args:
        now: aware.
        entries: slugs; None for all.
    """
    from publisher.render.rendition import forms

    with transaction.atomic():
        _alone()
        note_changes(now=now)
        launch = Launch.objects.first()
        calendar = Calendar(
            stored_plan(), forms=forms(), launched_at=launch.at if launch else None, now=now
        )
        rows = Entry.objects.order_by("id")
        rows = rows if entries is None else rows.filter(slug__in=entries)
        names = list(rows.values_list("id", "slug"))
        ids = _Ids(
            audiences=dict(Audience.objects.values_list("slug", "id")),
            outlets=dict(Outlet.objects.values_list("slug", "id")),
        )
        made = sum(
            _Part(dict(names[at : at + _AT_ONCE]), calendar, ids).write()
            for at in range(0, len(names), _AT_ONCE)
        )
        ring()
    return made


@dataclass(frozen=True, kw_only=True)
class _Ids:
    audiences: dict[str, int]
    outlets: dict[str, int]


class _Part:
    """Some of the entries, by id, with their rows as they are and as they should be."""

    def __init__(self, entries: dict[int, str], calendar: Calendar, ids: _Ids) -> None:
        self.calendar = calendar
        self.now = calendar.now
        self.ids = ids
        self.specs = {
            pk: calendar.plan.entries[slug]
            for pk, slug in entries.items()
            if slug in calendar.plan.entries
        }
        self.rows = _occurrences(entries, self.now)
        self.wanted = {
            pk: calendar.wanted(spec, known=self.rows[pk].keys()) for pk, spec in self.specs.items()
        }

    def write(self) -> int:
        self._follow_moved_entries()
        self._write_occurrences()
        occurrences = [row.pk for rows in self.rows.values() for row in rows.values()]
        here = Placement.objects.filter(occurrence__in=occurrences)
        started = set(here.exclude(state__in=NOT_STARTED).values_list("key", flat=True))
        waiting = {
            row.key: row
            for row in here.filter(state__in=NOT_STARTED).select_for_update().order_by("id")
        }
        written, made = [], 0
        for pk, spec in self.specs.items():
            for one in self.wanted[pk]:
                occurrence = self.rows[pk][one.moment.key]
                for wanted in one.placements:
                    if wanted.key in started:
                        continue
                    row = waiting.pop(wanted.key, None)
                    if row is None and self._comes(wanted, spec):
                        written.append(self._made(wanted, occurrence))
                        made += 1
                    elif row is not None and self._changed(row, wanted):
                        written.append(row)
        _write(written)
        _withdraw(list(waiting.values()))
        self._delete_empty_occurrences()
        return made

    def _follow_moved_entries(self) -> None:
        """A one-off entry that gets another time stays the same occurrence, with its approvals."""
        moved = {pk: row for pk in self.specs if (row := self._moved(pk))}
        started = set(
            Placement.objects.filter(occurrence__in=moved.values())
            .exclude(state__in=NOT_STARTED)
            .values_list("occurrence_id", flat=True)
        )
        for pk, row in moved.items():
            if row.pk not in started:
                del self.rows[pk][row.key]
                row.key = self.wanted[pk][0].moment.key
                row.save(update_fields=["key"])
                self.rows[pk][row.key] = row
                _rename_placements(row, self.specs[pk])

    def _moved(self, pk: int) -> Occurrence | None:
        spec, rows, wanted = self.specs[pk], self.rows[pk], self.wanted[pk]
        once = isinstance(spec.when, AtWallTime) and not spec.repeat
        if once and len(rows) == len(wanted) == 1 and wanted[0].moment.key not in rows:
            return next(iter(rows.values()))
        return None

    def _write_occurrences(self) -> None:
        written = [
            row
            for pk, wanted in self.wanted.items()
            for one in wanted
            if (row := self._occurrence(pk, one))
        ]
        Occurrence.objects.bulk_create(
            written,
            batch_size=2000,
            update_conflicts=True,
            unique_fields=["entry", "key"],
            update_fields=["at_local", "due_at"],
        )

    def _occurrence(self, entry: int, wanted: WantedOccurrence) -> Occurrence | None:
        """Give an entry's occurrence if it is new or moved."""
        moment = wanted.moment
        at_local = moment.at_local.replace(tzinfo=UTC) if moment.at_local else None
        row = self.rows[entry].get(moment.key)
        if row and (row.at_local, row.due_at) == (at_local, moment.due_at):
            return None
        row = row or Occurrence(entry_id=entry, key=moment.key)
        row.at_local, row.due_at = at_local, moment.due_at
        self.rows[entry][moment.key] = row
        return row

    def _comes(self, wanted: WantedPlacement, spec: EntrySpec) -> bool:
        """Whether a placement that is not there yet is still to be made: not for what is past."""
        return wanted.due_at is None or wanted.due_at + duration(spec.late_after) >= self.now

    def _made(self, wanted: WantedPlacement, occurrence: Occurrence) -> Placement:
        made = Placement(
            key=wanted.key,
            occurrence=occurrence,
            audience_id=self.ids.audiences[wanted.audience],
            outlet_id=self.ids.outlets[wanted.outlet],
            language=wanted.language,
        )
        self._changed(made, wanted)
        return made

    def _changed(self, row: Placement, wanted: WantedPlacement) -> bool:
        """Make a row say what is wanted; give whether it had to change."""
        before = (row.due_at, row.state, row.problem, row.plan_digest)
        row.state, row.problem = after_a_change(
            PlacementState(row.state),
            row.problem,
            form=wanted.form,
            form_is_there=wanted.form in self.calendar.forms,
            due_at=wanted.due_at,
            now=self.now,
        )
        row.due_at = wanted.due_at
        if row.plan_digest != wanted.digest:
            row.plan_digest, row.rendition = wanted.digest, None
            if row.state == PlacementState.PLANNED:
                row.problem = ""  # which its old words had
        return before != (row.due_at, row.state, row.problem, row.plan_digest)

    def _delete_empty_occurrences(self) -> None:
        wanted = {(pk, one.moment.key) for pk, found in self.wanted.items() for one in found}
        empty = [
            row.pk
            for pk, rows in self.rows.items()
            for row in rows.values()
            if (pk, row.key) not in wanted
        ]
        Occurrence.objects.filter(id__in=empty, placements=None).delete()


def _alone() -> None:
    """Wait until nobody else expands; until the end of the transaction nobody else will."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])


def _occurrences(entries: Collection[int], now: datetime) -> dict[int, dict[str, Occurrence]]:
    rows: dict[int, dict[str, Occurrence]] = defaultdict(dict)
    recent = Q(at_local=None) | Q(at_local__gte=looked_at_from(now))
    for row in Occurrence.objects.filter(recent, entry__in=entries):
        rows[row.entry_id][row.key] = row
    return rows


def _rename_placements(occurrence: Occurrence, entry: EntrySpec) -> None:
    for row in occurrence.placements.select_related("audience", "outlet"):
        row.key = placement_key(
            entry=entry.slug,
            occurrence=occurrence.key,
            audience=row.audience.slug,
            outlet=row.outlet.slug,
            language=row.language,
        )
        row.save(update_fields=["key"])


def _write(rows: Sequence[Placement]) -> None:
    Placement.objects.bulk_create(
        rows,
        batch_size=2000,
        update_conflicts=True,
        unique_fields=["key"],
        update_fields=["due_at", "state", "problem", "plan_digest", "rendition"],
    )


def _withdraw(rows: Sequence[Placement]) -> None:
    """Delete what nobody said anything about; drop what somebody did, so that it is not lost."""
    ids = [row.pk for row in rows]
    spoken = set(Approval.objects.filter(placement__in=ids).values_list("placement_id", flat=True))
    Placement.objects.filter(id__in=set(ids) - spoken).delete()
    Placement.objects.filter(id__in=spoken).exclude(state=PlacementState.DROPPED).update(
        state=PlacementState.DROPPED, problem=NO_LONGER_ASKED
    )
