"""The ledger: a row for each hand-over of a rendition to one recipient or one endpoint.

Rows are kept by months, each a partition of the table; see `publisher.flows.months`. Statements
that know a row's month say it, so that the other months are not looked at.
"""

from datetime import date

from django.db import models

from publisher.kit import clock
from publisher.models.placement import Placement


def this_month() -> date:
    """Give the first day of the month, by the calendar of UTC."""
    return clock.now().date().replace(day=1)


class DeliveryState(models.IntegerChoices):
    """Numbers, because a million rows are compared by them."""

    QUEUED = 0, "queued"
    IN_FLIGHT = 1, "in flight"
    ACCEPTED = 2, "accepted"
    REFUSED = 3, "refused"
    RETRY = 4, "retry"
    UNCERTAIN = 5, "uncertain"
    EXCLUDED = 6, "excluded"


class Delivery(models.Model):
    """Unique on (placement, recipient); made, with frozen words, before anything is sent."""

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
    due_at = models.DateTimeField(null=True)  #: not before this moment, while in RETRY
    #: whose window it is in: the name of the accept journal of the process that claimed it
    claimed_by = models.CharField(max_length=80, blank=True)
    answer = models.CharField(max_length=500, blank=True)  #: the service's, or why it is excluded
    settled_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=("placement", "recipient", "month"), name="one_delivery_per_recipient"
            )
        ]
        indexes = [
            models.Index(
                fields=("placement", "id"),
                condition=models.Q(state__in=(DeliveryState.QUEUED, DeliveryState.RETRY)),
                name="deliveries_to_do",
            ),
            models.Index(
                fields=("claimed_by",),
                condition=models.Q(state=DeliveryState.IN_FLIGHT),
                name="deliveries_in_flight",
            ),
            models.Index(fields=("recipient",), name="deliveries_of_a_reader"),
            models.Index(
                fields=("id",),
                condition=models.Q(state__in=(DeliveryState.REFUSED, DeliveryState.UNCERTAIN)),
                name="deliveries_in_trouble",
            ),
        ]
