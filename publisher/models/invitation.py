"""Somebody is asked to come to the desk; the link in the mail is good once, and for a while."""

from __future__ import annotations

from datetime import timedelta

from django.contrib.postgres.fields import ArrayField
from django.db import models

from publisher.models.organisation import Organisation
from publisher.models.person import Person
from publisher.models.role import RoleName

GOOD_FOR = timedelta(days=7)


class Invitation(models.Model):
    """One; it is kept when it was taken up or taken back, to say who let whom in."""

    address = models.EmailField(max_length=254)
    #: null: to be an operator, which only the terminal can say
    organisation = models.ForeignKey(
        Organisation, null=True, on_delete=models.CASCADE, related_name="invitations"
    )
    roles = ArrayField(models.CharField(max_length=13, choices=RoleName), default=list)
    language = models.CharField(max_length=12, default="en")  #: of the mail
    invited_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    invited_at = models.DateTimeField()
    good_until = models.DateTimeField()
    taken_back_at = models.DateTimeField(null=True)
    accepted_at = models.DateTimeField(null=True)
    person = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ("-invited_at", "-id")
