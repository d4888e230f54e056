"""What an outlet may hand over now, whichever machine does it."""

from django.db import models

from publisher.models.channel import Outlet


class Allowance(models.Model):
    """One row for each outlet with a pace; see `publisher.dispatch.pace`."""

    outlet = models.OneToOneField(Outlet, primary_key=True, on_delete=models.CASCADE)
    level = models.FloatField()  #: hand-overs; below zero by what was taken ahead of time
    at = models.DateTimeField()  #: when it was so, by the database's clock


class DomainAllowance(models.Model):
    """One row for each outlet and domain of recipients with a pace: `publisher.dispatch.domains`.

    A row that is missing is full.
    """

    outlet = models.ForeignKey(Outlet, on_delete=models.CASCADE, db_index=False)
    domain = models.CharField(max_length=255)  #: in lower case
    level = models.FloatField()  #: hand-overs
    at = models.DateTimeField()  #: when it was so, by the database's clock

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=("outlet", "domain"), name="one_allowance_per_domain")
        ]
