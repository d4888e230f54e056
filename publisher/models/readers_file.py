"""A file of readers that came from the desk: rehearsed, confirmed, imported, and then emptied."""

from django.db import models

from publisher.models.person import Person


class ReadersFileState(models.TextChoices):
    """How far it is."""

    WAITING = "waiting"  #: to be rehearsed
    REHEARSED = "rehearsed"  #: what would happen is known, and somebody is to say yes or no
    CONFIRMED = "confirmed"  #: to be imported
    IMPORTED = "imported"
    FAILED = "failed"  #: it cannot be used, and nothing was imported
    DROPPED = "dropped"  #: somebody said no


class ReadersFile(models.Model):
    """One file; what it held is kept no longer than until it was imported."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=100)  #: as it was called where it came from
    at = models.DateTimeField(db_index=True)
    content = models.BinaryField(blank=True, default=b"")  #: emptied once it is settled
    encoding = models.CharField(max_length=40, blank=True)  #: empty: to be found out
    source = models.CharField(max_length=200, blank=True)
    wording = models.TextField(blank=True)
    organisations = models.JSONField(null=True)  #: slugs whose consents it may give; null: any
    state = models.CharField(
        max_length=9, choices=ReadersFileState, default=ReadersFileState.WAITING
    )
    size = models.BigIntegerField()  #: octets
    read = models.BigIntegerField(default=0)  #: of them, so far
    figures = models.JSONField(default=dict)  #: as `flows.import_readers.Imported`
    rejects = models.BinaryField(blank=True, default=b"")  #: the bad lines as CSV, with reasons
    problem = models.TextField(blank=True)
    settled_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-at", "-id")
