"""A calendar that a person reads in another program."""

from django.db import models

from publisher.models.person import Person


class CalendarFeed(models.Model):
    """What one address gives: whoever has it reads the calendar as that person may."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="calendar_feeds")
    name = models.CharField(max_length=100)  #: what the person calls it
    #: of the token in its address, which is shown once and kept nowhere
    token_sha256 = models.CharField(max_length=64, unique=True)
    #: slugs by what narrows it: organisation, audience, channel, state
    wish = models.JSONField(default=dict)
    made_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)  #: last time, to an hour or so
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-made_at", "-id")
