"""Who did what, when: rows that are only added; the database refuses anything else."""

from django.db import models

from publisher.models.person import Person


class Via(models.TextChoices):
    """Through which door."""

    DESK = "desk"
    API = "api"
    TERMINAL = "terminal"
    CLOCK = "clock"


class AuditRow(models.Model):
    """One act."""

    at = models.DateTimeField(db_index=True)
    #: null: nobody was signed in, as before a sign-in that failed, or it was the product itself
    person = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    via = models.CharField(max_length=8, choices=Via)
    act = models.CharField(max_length=60)  #: a verb and its noun, such as `entry.edit`
    thing = models.CharField(max_length=300, blank=True)  #: `<kind>/<slug>`, or a key
    organisation = models.CharField(max_length=80, blank=True)  #: slug of the one it was done for
    details = models.JSONField(default=dict)  #: without addresses, words of secrets or tokens

    class Meta:
        ordering = ("-at", "-id")
        indexes = [models.Index(fields=("thing", "-at"))]
