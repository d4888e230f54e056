"""Take a plan from its files to what went out, as its officers would, in one go."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from asgiref.sync import async_to_sync
from django.db.models import Sum

from publisher.flows.apply import apply
from publisher.flows.approve import approve, yeses_missing
from publisher.flows.enter import OFFICER
from publisher.flows.import_readers import import_readers
from publisher.flows.landscape import gather_items
from publisher.flows.launch import launch
from publisher.flows.prepare import prepare
from publisher.flows.publish import publish_due
from publisher.flows.refresh_sites import refresh_sites
from publisher.flows.status import PlacementRow, due_rows
from publisher.flows.waiting import undecided
from publisher.kit import clock
from publisher.models import Organisation, Placement, PlacementState, Reader, WorkItem

SOURCE = "sample readers of the reference plan"
WORDING = "I agree to receive what I chose from the organisations I chose. (Sample.)"

#: the folders of what was published as files
PLACES = ("site", "feeds", "circulars", "documents")

AT_ONCE = "launch"  #: the occurrence of what goes out with the launch itself

Say = Callable[[str], None]


@dataclass(frozen=True, kw_only=True)
class Demonstration:
    """What went out, and where it can be looked at."""

    placements: list[PlacementRow]  #: those of the launch
    handed_over: int  #: deliveries that were taken in this very run
    data: Path

    @property
    def finished(self) -> bool:
        """Whether there are placements, and each whose form exists ended finished."""
        states = {row.state for row in self.placements} - {PlacementState.UNAVAILABLE}
        return states == {PlacementState.FINISHED}

    def to_json(self) -> dict[str, Any]:
        """Give it as JSON values."""
        capture = self.data / "capture"
        return {
            "placements": [asdict(row) for row in self.placements],
            "handed_over": self.handed_over,
            "capture": {
                "mailbox": str(capture / "mailbox"),
                "timeline": str(capture / "timeline"),
            },
            **{name: str(self.data / name) for name in PLACES},
        }


def demonstrate(
    plan: Path, readers: Path, landscape: Path, data: Path, *, work: Callable[[], None], say: Say
) -> Demonstration:
    """Apply, import, approve, launch, and let the clock publish what is due.

    Args:
        plan: the plan folder.
        readers: a CSV file of readers.
        landscape: a folder of work items, a JSON file named by its organisation each.
        data: the data folder.
        work: works the queue until it is empty.
        say: is told what is being done.

    Raises:
        PlanError: the plan does not hold together.
    """
    before = _accepted()
    say("Applying the plan …")
    apply(plan, now=clock.now())
    _import(readers, say)
    _gather(landscape, say)
    _approve(say)
    launch(now=clock.now())
    say("Publishing what is due …")
    publish_due(now=clock.now())
    work()
    say("Bringing the sites up to date …")
    async_to_sync(refresh_sites)()
    # Not what else is due today: nobody could say yes to it before its time, so it waits, missed.
    edition = [row for row in due_rows(now=clock.now()) if row.occurrence == AT_ONCE]
    return Demonstration(placements=edition, handed_over=_accepted() - before, data=data)


def _import(readers: Path, say: Say) -> None:
    if not Reader.objects.exists():
        say("Importing the sample readers …")
        import_readers(readers, source=SOURCE, wording=WORDING, now=clock.now())


def _gather(landscape: Path, say: Say) -> None:
    """Import the work items of those organisations that the plan has."""
    if WorkItem.objects.exists():
        return
    say("Gathering the sample work items …")
    for organisation in Organisation.objects.filter(retired_at=None).order_by("slug"):
        file = landscape / f"{organisation.slug}.json"
        if file.is_file():
            gather_items(str(file), organisation=organisation.slug, now=clock.now())


def _approve(say: Say) -> None:
    rows = list(undecided().filter(occurrence__key__startswith="launch"))
    prepare(rows, now=clock.now())  # all at once: what their words share is gathered once
    owed = yeses_missing(rows)
    pairs = {
        (row.occurrence.entry.slug, organisation) for row in rows for organisation in owed[row.pk]
    }
    for entry, organisation in sorted(pairs):
        say(f"Approving {entry} for {organisation} …")
        approve(entry=entry, organisation=organisation, person=OFFICER, now=clock.now())


def _accepted() -> int:
    return int(Placement.objects.aggregate(accepted=Sum("accepted", default=0))["accepted"])
