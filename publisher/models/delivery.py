"""The ledger: a row for each hand-over of a rendition to one recipient or one endpoint.

Rows are kept by months, each a partition of the table; see `publisher.flows.months`. Statements
that know a row's month say it, so that the other months are not looked at.
"""

from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models.expressions import Func, OuterRef

from publisher.kit import clock
from publisher.models.placement import Placement
from publisher.models.window import Window

IN_FLIGHT = "in flight"  #: what a delivery is called while a run has it in hand


def this_month() -> date:
    """Give the first day of the month, by the calendar of UTC."""
    return clock.now().date().replace(day=1)


class DeliveryState(models.IntegerChoices):
    """Numbers, because a million rows are compared by them."""

    QUEUED = 0, "queued"
    ACCEPTED = 2, "accepted"
    REFUSED = 3, "refused"
    RETRY = 4, "retry"
    UNCERTAIN = 5, "uncertain"
    EXCLUDED = 6, "excluded"


#: states of what has no outcome yet, in hand or not
OPEN = (DeliveryState.QUEUED, DeliveryState.RETRY)
#: states that somebody is to look at
IN_TROUBLE = (DeliveryState.REFUSED, DeliveryState.UNCERTAIN)


class Deliveries(models.QuerySet["Delivery"]):
    """Rows of the ledger, and whether a run has them in hand."""

    def in_hand(self) -> Deliveries:
        """Narrow to what runs have in hand."""
        return self.filter(pk__in=_windows(), state__in=OPEN)

    def waiting(self) -> Deliveries:
        """Narrow to what has no outcome and is in nobody's hands."""
        return self.filter(state__in=OPEN).exclude(pk__in=_windows())

    def shown(self) -> Deliveries:
        """Let each row know whether it is in hand, as its `label` says."""
        mine = Window.objects.filter(deliveries__contains=[OuterRef("pk")])
        return self.annotate(in_hand=models.Exists(mine))


def _windows() -> models.QuerySet[Window, int]:
    each = Func("deliveries", function="unnest", output_field=models.BigIntegerField())
    return Window.objects.annotate(each=each).values_list("each", flat=True)


class Delivery(models.Model):
    """Unique on (placement, recipient); made, with frozen words, before anything is sent.

    No index is on a column that an accepted row changes, so that its outcome is written beside
    it, in the room its page keeps for that, and no index is touched.
    """

    #: its index is that of the constraint below
    placement = models.ForeignKey(
        Placement, on_delete=models.PROTECT, related_name="deliveries", db_index=False
    )
    #: the first day of the one its placement was addressed in: `Placement.month`
    month = models.DateField(default=this_month)
    #: a reader's id, or 0 for the outlet's one endpoint. No foreign key: a forgotten reader's
    #: rows stay as figures, without the address.
    recipient = models.BigIntegerField(default=0)
    address = models.CharField(max_length=320, blank=True)  #: as it was; blank for an endpoint
    state = models.SmallIntegerField(choices=DeliveryState, default=DeliveryState.QUEUED)
    attempts = models.SmallIntegerField(default=0)
    due_at = models.DateTimeField(null=True)  #: not before this moment, while it has no outcome
    answer = models.CharField(max_length=500, blank=True)  #: the service's, or why it is excluded
    settled_at = models.DateTimeField(null=True)
    in_trouble = models.GeneratedField(
        expression=models.ExpressionWrapper(
            models.Q(state__in=IN_TROUBLE), output_field=models.BooleanField()
        ),
        output_field=models.BooleanField(),
        db_persist=True,
    )

    objects = Deliveries.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=("placement", "recipient", "month"), name="one_delivery_per_recipient"
            )
        ]
        indexes = [
            models.Index(
                fields=("placement", "due_at"),
                condition=models.Q(due_at__isnull=False),
                name="deliveries_to_come_back",
            ),
            models.Index(fields=("recipient",), name="deliveries_of_a_reader"),
            models.Index(
                fields=("id",), condition=models.Q(in_trouble=True), name="deliveries_in_trouble"
            ),
        ]

    @property
    def label(self) -> str:
        """What it is called, of a row that is `shown`."""
        open_one = self.state in OPEN and getattr(self, "in_hand", False)
        return IN_FLIGHT if open_one else DeliveryState(self.state).label
