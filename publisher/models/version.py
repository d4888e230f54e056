"""What an object of the plan said before: a row each time somebody changed it."""

from django.db import models

from publisher.models.person import Person


class Version(models.Model):
    """One object as it was from this moment on."""

    thing = models.CharField(max_length=300)  #: `<kind>/<slug>`, as `entry/plenary`
    spec = models.JSONField(null=True)  #: null: it was taken out of the plan
    at = models.DateTimeField()
    #: null: it came from the files
    person = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ("-at", "-id")
        indexes = [models.Index(fields=("thing", "-at"))]
