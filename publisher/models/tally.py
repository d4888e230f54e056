"""How often something was done of late, counted for all processes together."""

from django.db import models


class Tally(models.Model):
    """One name's count in one stretch of time."""

    name = models.CharField(max_length=80)  #: what and whose, the latter as a keyed hash
    begins_at = models.DateTimeField(db_index=True)  #: of the stretch
    times = models.IntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=("name", "begins_at"), name="one_tally_per_stretch")
        ]

    def __str__(self) -> str:
        return self.name
