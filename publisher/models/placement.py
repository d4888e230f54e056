"""From the calendar to cells: occurrences, and the placements they make."""

from django.db import models

from publisher.models.audience import Audience
from publisher.models.channel import Outlet
from publisher.models.entry import Entry
from publisher.models.rendition import Rendition


class Occurrence(models.Model):
    """One due moment of an entry."""

    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="occurrences")
    #: what makes it this one: its wall time, `launch+2 days`, or an event's id. Not the instant,
    #: which moves with the event; and a wall time that comes twice when clocks go back is one.
    key = models.CharField(max_length=120)
    at_local = models.DateTimeField(null=True)  #: wall time in the entry's zone, kept naive as UTC
    due_at = models.DateTimeField(null=True)  #: aware, UTC; null until the plan is launched

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=("entry", "key"), name="one_occurrence_per_wall_time")
        ]
        #: calendars ask for what lies between two days
        indexes = [models.Index(fields=("due_at",), name="occurrences_due")]
        ordering = ("due_at", "entry_id")


class PlacementState(models.TextChoices):
    """Where a placement stands; `LEGAL_MOVES` says what may follow what."""

    UNAVAILABLE = "unavailable"  #: its form is not there yet
    PLANNED = "planned"  #: waits for its due moment, and for its approval
    MISSED = "missed"  #: was not approved, or no clock ran, when due: a person decides
    SENDING = "sending"
    PAUSED = "paused"
    FINISHED = "finished"  #: candidates = accepted + refused + excluded + uncertain
    CANCELLED = "cancelled"  #: stopped by a person after it started
    DROPPED = "dropped"  #: given up by a person before it started


LEGAL_MOVES: dict[PlacementState, frozenset[PlacementState]] = {
    PlacementState.UNAVAILABLE: frozenset({PlacementState.PLANNED, PlacementState.DROPPED}),
    PlacementState.PLANNED: frozenset(
        {
            PlacementState.UNAVAILABLE,
            PlacementState.MISSED,
            PlacementState.SENDING,
            PlacementState.DROPPED,
        }
    ),
    PlacementState.MISSED: frozenset(
        {PlacementState.PLANNED, PlacementState.SENDING, PlacementState.DROPPED}
    ),
    PlacementState.SENDING: frozenset(
        {PlacementState.PAUSED, PlacementState.FINISHED, PlacementState.CANCELLED}
    ),
    PlacementState.PAUSED: frozenset({PlacementState.SENDING, PlacementState.CANCELLED}),
    #: when a person has an uncertain hand-over repeated
    PlacementState.FINISHED: frozenset({PlacementState.SENDING}),
    PlacementState.CANCELLED: frozenset(),
    #: when the plan asks again for what it had stopped asking for
    PlacementState.DROPPED: frozenset({PlacementState.PLANNED}),
}


class Placement(models.Model):
    """A cell made concrete: this occurrence, this audience, this outlet, this language."""

    #: 20 hexadecimal digits, the same for the same cell for ever: see `kit.ids.placement_key`
    key = models.CharField(max_length=20, unique=True)
    occurrence = models.ForeignKey(Occurrence, on_delete=models.PROTECT, related_name="placements")
    audience = models.ForeignKey(Audience, on_delete=models.PROTECT, related_name="placements")
    outlet = models.ForeignKey(Outlet, on_delete=models.PROTECT, related_name="placements")
    language = models.CharField(max_length=12)
    due_at = models.DateTimeField(null=True)  #: the occurrence's, moved out of quiet hours; UTC
    state = models.CharField(max_length=12, choices=PlacementState, default=PlacementState.PLANNED)
    #: its words as last rendered; null when the plan changed since. Frozen once it is sending.
    rendition = models.ForeignKey(
        Rendition, null=True, on_delete=models.PROTECT, related_name="placements"
    )
    #: what its form asked for beyond the plan when it was last rendered; see `flows/prepare`
    material = models.JSONField(default=dict)
    #: of all that the plan said of it when its words were last out of date
    plan_digest = models.CharField(max_length=20, blank=True)
    #: when its recipients were written into the ledger; null: not yet
    addressed_at = models.DateTimeField(null=True)
    #: the first day of the month with which its rows of the ledger are kept; null: not yet
    month = models.DateField(null=True)
    #: the highest recipient of its ledger that was claimed; what comes back lowers it
    reached = models.BigIntegerField(default=-1)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    problem = models.TextField(blank=True)  #: what holds it up, as a sentence; empty: nothing
    url = models.CharField(max_length=500, blank=True)  #: where it can be read, once published
    #: what became known only at hand-over, such as a circular's number; fills the same holes
    values = models.JSONField(default=dict)
    candidates = models.IntegerField(default=0)
    accepted = models.IntegerField(default=0)
    refused = models.IntegerField(default=0)
    excluded = models.IntegerField(default=0)
    uncertain = models.IntegerField(default=0)

    class Meta:
        indexes = [
            models.Index(
                fields=("due_at",),
                condition=models.Q(state=PlacementState.PLANNED),
                name="placements_next_due",
            ),
            models.Index(
                fields=("id",),
                condition=models.Q(state=PlacementState.SENDING),
                name="placements_sending",
            ),
        ]

    @property
    def open(self) -> int:
        """How many candidates have no outcome yet."""
        return self.candidates - self.accepted - self.refused - self.excluded - self.uncertain
