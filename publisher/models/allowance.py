"""What an outlet may hand over now, whichever machine does it."""

from django.db import models

from publisher.models.channel import Outlet


class Allowance(models.Model):
    """One row for each outlet with a pace; see `publisher.dispatch.pace`."""

    outlet = models.OneToOneField(Outlet, primary_key=True, on_delete=models.CASCADE)
    level = models.FloatField()  #: hand-overs; below zero by what was taken ahead of time
    at = models.DateTimeField()  #: when it was so, by the database's clock
