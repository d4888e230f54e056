"""What external organisations offer, until somebody has answered them."""

from django.db import models

from publisher.models.organisation import Organisation
from publisher.models.person import Person
from publisher.models.work_item import WorkItem


class IntakeState(models.TextChoices):
    """Where an intake stands."""

    ASKED = "asked"  #: not confirmed by mail yet; nobody sees it
    OPEN = "open"  #: an answer is owed
    ANSWERED = "answered"
    CLOSED = "closed"  #: with a reason, answered or not


class Intake(models.Model):
    """One offer to collaborate, as its form was filled in."""

    state = models.CharField(
        max_length=8, choices=IntakeState, default=IntakeState.ASKED, db_index=True
    )
    reference = models.CharField(max_length=40, blank=True)  #: `INTAKE 2027-3`; as of a proposal
    year = models.IntegerField(null=True)
    number = models.IntegerField(null=True)
    language = models.CharField(max_length=12)
    body = models.CharField(max_length=300)  #: the consortium, forum or other that offers
    website = models.CharField(max_length=500, blank=True)
    about = models.TextField()  #: who they are
    work = models.CharField(max_length=300)  #: on what work item, in their words
    item = models.ForeignKey(WorkItem, on_delete=models.SET_NULL, null=True, related_name="+")
    offer = models.TextField()
    name = models.CharField(max_length=200, blank=True)  #: whom to answer; blank once erased
    address = models.CharField(max_length=320, blank=True)  #: likewise
    asked_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)  #: until when an answer was promised
    organisation = models.ForeignKey(  #: who answers
        Organisation, on_delete=models.PROTECT, null=True, related_name="intakes"
    )
    committee = models.CharField(max_length=200, blank=True)
    answered_at = models.DateTimeField(null=True)  #: the first time
    closed_at = models.DateTimeField(null=True)
    reason = models.TextField(blank=True)  #: why it was closed

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=("year", "number"), name="one_intake_per_number")
        ]

    def __str__(self) -> str:
        return self.reference


class IntakeAnswer(models.Model):
    """One mail to who offered."""

    intake = models.ForeignKey(Intake, on_delete=models.CASCADE, related_name="answers")
    person = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField()
    text = models.TextField()
