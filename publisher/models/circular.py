"""The numbers of circulars and papers."""

from django.db import models

from publisher.models.organisation import Organisation
from publisher.models.placement import Occurrence


class Circular(models.Model):
    """A number in one series of one organisation's year: no gaps, no repeats, never given back.

    One occurrence has one number per organisation and series, whatever its languages and
    audiences.
    """

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT)
    series = models.CharField(max_length=80, default="circular")  #: the form that is numbered
    year = models.SmallIntegerField()  #: of the day it went out, in the organisation's zone
    number = models.IntegerField()  #: from 1
    occurrence = models.ForeignKey(Occurrence, on_delete=models.PROTECT, related_name="circulars")
    dated = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=("organisation", "series", "year", "number"), name="one_circular_per_number"
            ),
            models.UniqueConstraint(
                fields=("organisation", "series", "occurrence"), name="one_number_per_circular"
            ),
        ]

    @property
    def cited(self) -> str:
        """How people cite it: `ISO 2027/12`."""
        return f"{self.organisation.said.short} {self.year}/{self.number}"
