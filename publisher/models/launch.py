"""The moment the plan starts: entries that say “launch + 2 days” count from it."""

from django.db import models


class Launch(models.Model):
    """At most one row; made by `publisher launch`, never by apply."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="one_launch")]
