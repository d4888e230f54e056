"""Who comes to an occasion, and how often what was sent about it has changed."""

from django.db import models

from publisher.models.entry import Entry
from publisher.models.reader import Reader


class Occasion(models.Model):
    """What an entry's occasion was last known to be, for the SEQUENCE of its invitations."""

    entry = models.OneToOneField(Entry, on_delete=models.CASCADE, related_name="held")
    #: times, place and whether it is cancelled, as JSON: what makes an invitation a new one
    said = models.JSONField()
    sequence = models.IntegerField(default=0)  #: RFC 5545 §3.8.7.4
    changed_at = models.DateTimeField()


class Seat(models.TextChoices):
    """Where a registration stands."""

    ASKED = "asked"  #: not confirmed by mail yet
    REGISTERED = "registered"
    WAITING = "waiting"  #: all seats are taken; moves up when one becomes free
    CANCELLED = "cancelled"
    ATTENDED = "attended"
    ABSENT = "absent"


class Registration(models.Model):
    """One reader's wish to come to one date of an occasion, with the evidence of it."""

    reader = models.ForeignKey(Reader, on_delete=models.CASCADE, related_name="registrations")
    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="registrations")
    sitting = models.CharField(max_length=120)  #: `schedule.occasions.Sitting.key`
    state = models.CharField(max_length=12, choices=Seat, default=Seat.ASKED)
    asked_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True)  #: the place in the waiting list
    changed_at = models.DateTimeField()
    source = models.CharField(max_length=200)  #: the form's address
    wording = models.TextField()  #: the sentence agreed to
    #: since when the reader wants no mails about it; the seat stays
    silent_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=("reader", "entry", "sitting"), name="one_seat_per_reader_and_date"
            )
        ]
        indexes = [models.Index(fields=("entry", "sitting", "state"))]
