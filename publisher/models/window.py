"""What runs have in hand: the rows of the ledger that were claimed and have no outcome yet."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from publisher.models.placement import Placement


class Window(models.Model):
    """A run's claim to some rows of a placement; gone when the last of them is settled.

    A claim writes one row here and none in the ledger, so that a delivery is written twice in its
    life: when it is addressed, and when it is settled.
    """

    placement = models.ForeignKey(Placement, on_delete=models.PROTECT, related_name="windows")
    #: the name of the accept journal of the process that claimed it
    claimed_by = models.CharField(max_length=80)
    deliveries = ArrayField(models.BigIntegerField())  #: ids of those without an outcome
